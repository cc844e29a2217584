namespace AiMixer.Benchmarks.Peers;

/// <summary>
/// Gate, compressor, three-band equaliser and look-ahead limiter as one writes them down first: a loop over the samples,
/// levels by Math.Log10, gains by Math.Pow. The settings are those of the neutral profile with the equaliser and the limiter at work.
/// </summary>
internal sealed class TextbookChain
{
    public const float LowGainDb = 3;
    public const float MidGainDb = -2;
    public const float HighGainDb = 2;
    public const float LimiterGainDb = 6;

    private const double GateThresholdDb = -40;
    private const double GateHysteresisDb = 3;
    private const double CompressorThresholdDb = -20;
    private const double CompressorRatio = 4;
    private const double CompressorKneeDb = 2;
    private const double CeilingDb = -0.1;

    private readonly int _channels;
    private readonly Biquad[] _equalizer;
    private readonly double _gateAttack;
    private readonly double _gateRelease;
    private readonly double _compressorAttack;
    private readonly double _compressorRelease;
    private readonly double _limiterRelease;
    private readonly double[] _delay;
    private readonly double[] _peaks;
    private readonly double _limiterInput = Math.Pow(10, LimiterGainDb / 20);
    private readonly double _ceiling = Math.Pow(10, CeilingDb / 20);
    private bool _gateOpen;
    private double _gateGain;
    private double _releasedDb;
    private double _reductionDb;
    private double _limiterGain = 1;
    private double _highestPeak;
    private int _at;

    public TextbookChain(int sampleRateHz, int channels)
    {
        _channels = channels;
        _equalizer =
        [
            .. Enumerable.Repeat(Biquad.LowShelf(100, LowGainDb, sampleRateHz), channels),
            .. Enumerable.Repeat(Biquad.Bell(1000, MidGainDb, 0.7, sampleRateHz), channels),
            .. Enumerable.Repeat(Biquad.HighShelf(10_000, HighGainDb, sampleRateHz), channels),
        ];
        _gateAttack = Pole(0.5, sampleRateHz);
        _gateRelease = Pole(100, sampleRateHz);
        _compressorAttack = Pole(5, sampleRateHz);
        _compressorRelease = Pole(50, sampleRateHz);
        _limiterRelease = Pole(50, sampleRateHz);
        int lookAhead = sampleRateHz / 200;
        _delay = new double[lookAhead * channels];
        _peaks = new double[lookAhead];
    }

    public void Process(ReadOnlySpan<float> input, Span<float> output)
    {
        Span<double> frame = stackalloc double[2];
        for (int i = 0; i < input.Length; i += _channels)
        {
            double peak = 0;
            for (int c = 0; c < _channels; c++)
            {
                frame[c] = input[i + c];
                peak = Math.Max(peak, Math.Abs(frame[c]));
            }

            double gain = GainOfGate(peak);
            gain *= GainOfCompressor(peak * gain);
            peak = 0;
            for (int c = 0; c < _channels; c++)
            {
                double x = frame[c] * gain;
                for (int band = 0; band < 3; band++)
                {
                    x = _equalizer[(band * _channels) + c].Process(x);
                }

                frame[c] = x * _limiterInput;
                peak = Math.Max(peak, Math.Abs(frame[c]));
            }

            double limit = GainOfLimiter(peak);
            for (int c = 0; c < _channels; c++)
            {
                ref double delayed = ref _delay[(_at * _channels) + c];
                output[i + c] = (float)Math.Clamp(delayed * limit, -_ceiling, _ceiling);
                delayed = frame[c];
            }

            _at = (_at + 1) % _peaks.Length;
        }
    }

    private static double Pole(double ms, int sampleRateHz) => Math.Exp(-1000 / (ms * sampleRateHz));

    private static double Db(double level) => 20 * Math.Log10(Math.Max(level, 1e-10));

    private double GainOfGate(double peak)
    {
        double level = Db(peak);
        _gateOpen = level > (_gateOpen ? GateThresholdDb - GateHysteresisDb : GateThresholdDb);
        double wanted = _gateOpen ? 1 : 0;
        double pole = wanted > _gateGain ? _gateAttack : _gateRelease;
        _gateGain = wanted + (pole * (_gateGain - wanted));
        return _gateGain;
    }

    private double GainOfCompressor(double peak)
    {
        double over = Db(peak) - CompressorThresholdDb;
        double slope = 1 - (1 / CompressorRatio);
        double wanted = 0;
        if (over > CompressorKneeDb / 2)
        {
            wanted = slope * over;
        }
        else if (over > -CompressorKneeDb / 2)
        {
            double into = over + (CompressorKneeDb / 2);
            wanted = slope * into * into / (2 * CompressorKneeDb);
        }

        // The smooth decoupled detector of Giannoulis, Massberg, Reiss, JAES 60 (2012), eq. 17, which the core has as well.
        _releasedDb = Math.Max(wanted, wanted + (_compressorRelease * (_releasedDb - wanted)));
        _reductionDb = _releasedDb + (_compressorAttack * (_reductionDb - _releasedDb));
        return Math.Pow(10, -_reductionDb / 20);
    }

    // The highest peak of the look-ahead, searched anew when the highest leaves it.
    private double GainOfLimiter(double peak)
    {
        double leaves = _peaks[_at];
        _peaks[_at] = peak;
        _highestPeak = leaves < _highestPeak || peak >= _highestPeak ? Math.Max(peak, _highestPeak) : _peaks.Max();
        double wanted = _ceiling / Math.Max(_ceiling, _highestPeak);
        _limiterGain = wanted < _limiterGain ? wanted : wanted + (_limiterRelease * (_limiterGain - wanted));
        return _limiterGain;
    }
}
