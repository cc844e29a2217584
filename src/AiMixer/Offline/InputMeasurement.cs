using System.Numerics;
using AiMixer.Bindings;

namespace AiMixer;

/// <summary>Measures a programme while it is read: loudness, levels, features, damaged samples.</summary>
internal sealed class InputMeasurement : IDisposable
{
    private readonly int _channels;
    private readonly LoudnessMeter _meter;
    private readonly MfccExtractor _mfcc;
    private readonly float[] _mono;
    private readonly float[] _coefficients;
    private readonly float[] _centroidHz;
    private readonly float[] _zeroCrossingRate;
    private readonly double[] _mfccSum;
    private double _centroidSum;
    private double _zeroCrossingSum;
    private long _featureFrames;

    internal InputMeasurement(int sampleRateHz, int channels, int blockFrames)
    {
        SampleRateHz = sampleRateHz;
        _channels = channels;
        _meter = new LoudnessMeter(sampleRateHz, channels);
        MfccOptions options = FeatureOptions(sampleRateHz);
        _mfcc = new MfccExtractor(options);
        _mono = new float[blockFrames];
        int frames = (blockFrames / options.Hop) + 1;
        _coefficients = new float[frames * options.Coefficients];
        _centroidHz = new float[frames];
        _zeroCrossingRate = new float[frames];
        _mfccSum = new double[options.Coefficients];
    }

    internal int SampleRateHz { get; }

    internal int Channels => _channels;

    internal long Frames { get; private set; }

    internal long NonFiniteSamples { get; private set; }

    internal LoudnessReading Loudness => _meter.Read();

    /// <summary>Means over all windows; <see langword="null"/> when the programme is shorter than one.</summary>
    internal FeatureReport? Features => _featureFrames == 0
        ? null
        : new FeatureReport
        {
            MfccMean = [.. _mfccSum.Select(sum => (float)(sum / _featureFrames))],
            SpectralCentroidHz = (float)(_centroidSum / _featureFrames),
            ZeroCrossingRate = (float)(_zeroCrossingSum / _featureFrames),
        };

    internal void Add(ReadOnlySpan<float> interleaved)
    {
        _meter.Add(interleaved);
        NonFiniteSamples += CountDamaged(interleaved);
        int frames = interleaved.Length / _channels;
        Frames += frames;
        AddFeatures(ToMono(interleaved, frames));
    }

    public void Dispose()
    {
        _meter.Dispose();
        _mfcc.Dispose();
    }

    /// <summary>Windows of 20 ms every 10 ms at any rate: the core's defaults at 48 kHz.</summary>
    private static MfccOptions FeatureOptions(int sampleRateHz)
    {
        int window = sampleRateHz / 50;
        return new MfccOptions
        {
            SampleRateHz = sampleRateHz,
            Window = window,
            Hop = sampleRateHz / 100,
            FftSize = (int)BitOperations.RoundUpToPowerOf2((uint)window),
            HighHz = Math.Min(new MfccOptions().HighHz, 0.5f * sampleRateHz),
        };
    }

    private static long CountDamaged(ReadOnlySpan<float> samples)
    {
        long damaged = 0;
        foreach (float sample in samples)
        {
            damaged += Math.Abs(sample) <= NativeMethods.AIM_SAMPLE_LIMIT ? 0 : 1;
        }

        return damaged;
    }

    private ReadOnlySpan<float> ToMono(ReadOnlySpan<float> interleaved, int frames)
    {
        if (_channels == 1)
        {
            return interleaved;
        }

        Span<float> mono = _mono.AsSpan(0, frames);
        for (int i = 0; i < mono.Length; i++)
        {
            mono[i] = 0.5f * (interleaved[2 * i] + interleaved[(2 * i) + 1]);
        }

        return mono;
    }

    private void AddFeatures(ReadOnlySpan<float> mono)
    {
        int frames = _mfcc.Process(mono, _coefficients, _centroidHz, _zeroCrossingRate);
        for (int frame = 0; frame < frames; frame++)
        {
            for (int k = 0; k < _mfccSum.Length; k++)
            {
                _mfccSum[k] += _coefficients[(frame * _mfccSum.Length) + k];
            }

            _centroidSum += _centroidHz[frame];
            _zeroCrossingSum += _zeroCrossingRate[frame];
        }

        _featureFrames += frames;
    }
}
