using System.Numerics;

namespace AiMixer.Cli.Plots;

/// <summary>Level of a band of a sixth of an octave.</summary>
internal readonly record struct SpectrumPoint(double Hertz, double LevelDb);

/// <summary>
/// Long-term average spectrum of a stream: Welch's method (IEEE Trans. Audio and Electroacoustics, 1967) with Hann
/// windows that overlap by half, then the power within a sixth of an octave around each point. A full-scale sine reads
/// -3 dBFS, its root mean square, and pink noise is a flat line.
/// </summary>
internal sealed class SpectrumRecorder : IDisposable
{
    private const double LowestHz = 20;
    private const double HighestHz = 20000;
    private const double HalfBand = 1.0 / 12;
    private const int PointsPerOctave = 24;

    // Half a second resolves 20 Hz; the transform's own limit is 65536.
    private const double WindowSeconds = 0.5;
    private const int SizeMax = 65536;

    private readonly int _sampleRateHz;
    private readonly int _channels;
    private readonly int _size;
    private readonly RealFft _fft;
    private readonly float[][] _held;
    private readonly float[] _windowed;
    private readonly float[] _spectrum;
    private readonly double[] _power;
    private int _fill;
    private long _windows;

    public SpectrumRecorder(int sampleRateHz, int channels)
    {
        _sampleRateHz = sampleRateHz;
        _channels = channels;
        _size = Math.Min((int)BitOperations.RoundUpToPowerOf2((uint)(sampleRateHz * WindowSeconds)), SizeMax);
        _fft = new RealFft(_size);
        _held = [.. Enumerable.Range(0, channels).Select(_ => new float[_size])];
        _windowed = new float[_size];
        _spectrum = new float[_size + 2];
        _power = new double[(_size / 2) + 1];
    }

    public void Add(ReadOnlySpan<float> interleaved)
    {
        while (!interleaved.IsEmpty)
        {
            int frames = Math.Min(_size - _fill, interleaved.Length / _channels);
            for (int frame = 0; frame < frames; frame++)
            {
                for (int channel = 0; channel < _channels; channel++)
                {
                    float sample = interleaved[(frame * _channels) + channel];
                    _held[channel][_fill + frame] = float.IsFinite(sample) ? sample : 0;
                }
            }

            interleaved = interleaved[(frames * _channels)..];
            _fill += frames;
            if (_fill == _size)
            {
                Transform(_size);
                Array.ForEach(_held, held => held.AsSpan(_size / 2).CopyTo(held));
                _fill = _size / 2;
            }
        }
    }

    public void Reset()
    {
        _fill = 0;
        _windows = 0;
        Array.Clear(_power);
    }

    /// <summary>The average so far; empty for a signal of a few samples.</summary>
    public SpectrumPoint[] Finish()
    {
        if (_windows == 0 && _fill > 2)
        {
            // A clip shorter than the window is one short window, padded with silence.
            Transform(_fill);
        }

        return _windows == 0 ? [] : Bands();
    }

    public void Dispose() => _fft.Dispose();

    private void Transform(int length)
    {
        double energy = 0;
        double[] window = new double[length];
        for (int i = 0; i < length; i++)
        {
            window[i] = 0.5 - (0.5 * Math.Cos(2 * Math.PI * (i + 0.5) / length));
            energy += window[i] * window[i];
        }

        // Both halves of the spectrum in one, per channel, so that the bins add up to the mean square (Parseval).
        double scale = 2 / (energy * _size * _channels);
        foreach (float[] held in _held)
        {
            Array.Clear(_windowed);
            for (int i = 0; i < length; i++)
            {
                _windowed[i] = (float)(held[i] * window[i]);
            }

            _fft.Forward(_windowed, _spectrum);
            for (int bin = 0; bin < _power.Length; bin++)
            {
                double re = _spectrum[2 * bin];
                double im = _spectrum[(2 * bin) + 1];
                _power[bin] += scale * ((re * re) + (im * im));
            }
        }

        _windows++;
    }

    private SpectrumPoint[] Bands()
    {
        double[] sumBelow = new double[_power.Length + 1];
        for (int bin = 0; bin < _power.Length; bin++)
        {
            sumBelow[bin + 1] = sumBelow[bin] + (_power[bin] / _windows);
        }

        List<SpectrumPoint> points = [];
        double end = Math.Min(HighestHz, 0.5 * _sampleRateHz * Math.Pow(2, -HalfBand));
        for (int i = 0; ; i++)
        {
            double hertz = LowestHz * Math.Pow(2, (double)i / PointsPerOctave);
            if (hertz > end)
            {
                return [.. points];
            }

            double power = PowerBelow(sumBelow, hertz * Math.Pow(2, HalfBand)) -
                PowerBelow(sumBelow, hertz * Math.Pow(2, -HalfBand));
            points.Add(new SpectrumPoint(hertz, power > 0 ? Math.Max(10 * Math.Log10(power), LoudnessReading.Silence)
                : LoudnessReading.Silence));
        }
    }

    /// <summary>Each bin's power lies evenly over its width, so that bands narrower than a bin get their share.</summary>
    private double PowerBelow(double[] sumBelow, double hertz)
    {
        double position = Math.Clamp((hertz * _size / _sampleRateHz) + 0.5, 0, _power.Length);
        int bin = Math.Min((int)position, _power.Length - 1);
        return sumBelow[bin] + ((position - bin) * (sumBelow[bin + 1] - sumBelow[bin]));
    }
}
