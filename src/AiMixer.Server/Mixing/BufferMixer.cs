using System.Buffers;
using System.Diagnostics;
using AiMixer.Server.Analysis;
using AiMixer.Server.Errors;

namespace AiMixer.Server.Mixing;

/// <summary>
/// Mixes a buffer as a programme of its own: from a fresh chain, the latency removed, as long as it came. With a loudness
/// target it is brought to exactly that loudness, as a file would be.
/// </summary>
internal sealed class BufferMixer(StripPool pool)
{
    /// <summary>Longest buffer, in seconds.</summary>
    public const int LongestSeconds = 10;

    /// <summary>Most samples of any sample rate and channels.</summary>
    public const int LongestBuffer = LongestSeconds * 192_000 * 2;

    // BS.1770 measures in blocks of 400 ms, every 100 ms; the meter advances every 5 ms.
    private const double BlockSeconds = 0.4;
    private const double MeterStepSeconds = 0.005;

    /// <summary>Mixes a buffer.</summary>
    /// <param name="input">Interleaved frames.</param>
    /// <param name="settings">What to do.</param>
    /// <returns>The mix, as long as the input, in rented memory.</returns>
    public MixedBuffer Mix(ReadOnlySpan<float> input, StripSettings settings)
    {
        long start = Stopwatch.GetTimestamp();
        bool isRecognised = settings.Genre == Genre.Auto;
        GenreGuess genre = isRecognised ? GenreGuess.Of(input, settings) : new GenreGuess(settings.Genre, 1);
        settings = settings with { Genre = genre.Genre };
        MixedBuffer mixed = settings.TargetLufs is null ? MixOnce(input, settings) : MixToTarget(input, settings);
        MixMetrics metrics = mixed.Metrics with { Genre = genre.Genre.ProfileName(), Confidence = genre.Confidence };
        return mixed with { StartTimestamp = start, IsRecognised = isRecognised, Metrics = metrics };
    }

    /// <summary>Checks the length of a buffer.</summary>
    /// <param name="what">What it is called in a complaint.</param>
    /// <param name="samples">Samples of all channels together.</param>
    /// <param name="sampleRateHz">Sample rate in Hz.</param>
    /// <param name="channels">1 or 2.</param>
    /// <exception cref="ProblemException">It is empty, too long, or holds half a frame.</exception>
    public static void CheckLength(string what, int samples, int sampleRateHz, int channels)
    {
        int longest = LongestSeconds * sampleRateHz * channels;
        if (samples > longest)
        {
            throw Problems.TooLarge(
                $"{what} holds {samples} samples; at most {longest} are allowed, which is {LongestSeconds} s.");
        }

        if (samples == 0)
        {
            throw Problems.Invalid(what, "empty", "at least one sample per channel");
        }

        if (samples % channels != 0)
        {
            throw Problems.Invalid(what, $"{samples} samples long", $"a multiple of the {channels} channels");
        }
    }

    private MixedBuffer MixOnce(ReadOnlySpan<float> input, StripSettings settings)
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
        StripMetrics metrics = unit.Strip.Metrics;
        return new MixedBuffer(
            samples,
            latency,
            input.Length,
            Measure(unit.Meter, chain[latency..], settings, MixMetrics.Reductions(metrics), metrics.NonFiniteSamples));
    }

    private MixedBuffer MixToTarget(ReadOnlySpan<float> input, StripSettings settings)
    {
        using StripPool.Unit unit = pool.Rent(settings.SampleRateHz, settings.Channels);
        using var source = new MemoryAudioSource(input.ToArray(), settings.SampleRateHz, settings.Channels);
        var sink = new RentedSink(input.Length);
        MixReport report = new OfflineMixer(settings.ForProgramme()).Mix(source, sink);
        return new MixedBuffer(
            sink.Samples,
            0,
            input.Length,
            Measure(
                unit.Meter,
                sink.Samples.AsSpan(0, input.Length),
                settings,
                report.GainReductionDb,
                report.NonFiniteSamples));
    }

    private static MixMetrics Measure(
        LoudnessMeter meter, ReadOnlySpan<float> output, StripSettings settings, GainReductionReport reductions, long damagedSamples)
    {
        meter.Add(output);
        LoudnessReading levels = meter.Read();
        return new MixMetrics(
            levels.SamplePeakDbfs,
            levels.RmsDbfs,
            Loudness(meter, levels, output.Length / settings.Channels, settings),
            settings.Genre.ProfileName(),
            1,
            levels.TruePeakDbtp,
            reductions,
            damagedSamples);
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

/// <summary>Takes a mix whose length is known.</summary>
internal sealed class RentedSink(int length) : IAudioSink
{
    private int _written;

    public float[] Samples { get; } = ArrayPool<float>.Shared.Rent(length);

    public void Write(ReadOnlySpan<float> interleaved)
    {
        interleaved.CopyTo(Samples.AsSpan(_written));
        _written += interleaved.Length;
    }
}

/// <summary>A mix in rented memory, which disposing gives back.</summary>
/// <param name="Rented">The memory.</param>
/// <param name="Offset">Where in it the mix begins.</param>
/// <param name="Length">Samples of the mix.</param>
/// <param name="Metrics">What it sounds like.</param>
internal readonly record struct MixedBuffer(float[] Rented, int Offset, int Length, MixMetrics Metrics) : IDisposable
{
    /// <summary>When the work on it began, by <see cref="Stopwatch"/>.</summary>
    public long StartTimestamp { get; init; }

    /// <summary>Whether the genre was recognised rather than asked for.</summary>
    public bool IsRecognised { get; init; }

    public ReadOnlySpan<float> Samples => Rented.AsSpan(Offset, Length);

    public void Dispose() => ArrayPool<float>.Shared.Return(Rented);
}
