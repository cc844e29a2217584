using System.Buffers;

namespace AiMixer.Server.Mixing;

/// <summary>
/// Mixes a buffer as a programme of its own: from a fresh chain, the latency removed, as long as it came. With a loudness
/// target it is brought to exactly that loudness, as a file would be.
/// </summary>
internal sealed class BufferMixer(StripPool pool)
{
    /// <summary>Longest buffer, in seconds.</summary>
    public const int LongestSeconds = 10;

    // BS.1770 measures in blocks of 400 ms, every 100 ms; the meter advances every 5 ms.
    private const double BlockSeconds = 0.4;
    private const double MeterStepSeconds = 0.005;

    /// <summary>Mixes a buffer.</summary>
    /// <param name="input">Interleaved frames.</param>
    /// <param name="settings">What to do.</param>
    /// <returns>The mix, as long as the input, in rented memory.</returns>
    public MixedBuffer Mix(ReadOnlySpan<float> input, StripSettings settings)
    {
        using StripPool.Unit unit = pool.Rent(settings.SampleRateHz, settings.Channels);
        settings.ApplyTo(unit.Strip);

        // What the chain holds back at the end comes out when as much silence follows.
        int latency = unit.Strip.LatencyFrames * settings.Channels;
        float[] samples = ArrayPool<float>.Shared.Rent(input.Length + latency);
        Span<float> chain = samples.AsSpan(0, input.Length + latency);
        input.CopyTo(chain);
        chain[input.Length..].Clear();
        unit.Strip.Process(chain);
        Span<float> output = chain[latency..];
        return new MixedBuffer(samples, latency, input.Length, Measure(unit, output, settings));
    }

    private static MixMetrics Measure(StripPool.Unit unit, ReadOnlySpan<float> output, StripSettings settings)
    {
        unit.Meter.Add(output);
        LoudnessReading levels = unit.Meter.Read();
        StripMetrics strip = unit.Strip.Metrics;
        return new MixMetrics(
            levels.SamplePeakDbfs,
            levels.RmsDbfs,
            Loudness(unit.Meter, levels, output.Length / settings.Channels, settings),
            StripSettings.NameOf(settings.Genre ?? Genre.Neutral),
            settings.Genre is null ? 0 : 1,
            levels.TruePeakDbtp,
            StageReductions.From(strip),
            strip.NonFiniteSamples);
    }

    /// <summary>The energy of a short buffer, spread over a block of 400 ms by the meter, counts for the buffer's own time.</summary>
    private static float Loudness(LoudnessMeter meter, in LoudnessReading levels, int frames, StripSettings settings)
    {
        double seconds = (double)frames / settings.SampleRateHz;
        if (seconds >= BlockSeconds)
        {
            return levels.IntegratedLufs;
        }

        int rest = (int)(settings.SampleRateHz * MeterStepSeconds) + 1;
        Span<float> silence = stackalloc float[rest * settings.Channels];
        silence.Clear();
        meter.Add(silence);
        float momentary = meter.Read().MomentaryLufs;
        return momentary <= LoudnessReading.Silence ? momentary : (float)(momentary + 10 * Math.Log10(BlockSeconds / seconds));
    }
}

/// <summary>A mix in rented memory, which disposing gives back.</summary>
internal readonly struct MixedBuffer(float[] rented, int offset, int length, MixMetrics metrics) : IDisposable
{
    public ReadOnlySpan<float> Samples => rented.AsSpan(offset, length);

    public MixMetrics Metrics => metrics;

    public void Dispose() => ArrayPool<float>.Shared.Return(rented);
}
