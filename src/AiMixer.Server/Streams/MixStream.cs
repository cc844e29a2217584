using System.Collections.Immutable;
using System.Diagnostics;
using AiMixer.Server.Audio;
using AiMixer.Server.Mixing;
using AiMixer.Server.Observability;

namespace AiMixer.Server.Streams;

/// <summary>
/// One stream of audio through one strip, in frames of a fixed size; whatever carries it. Nothing is allocated per frame.
/// One thread at a time.
/// </summary>
internal sealed class MixStream : IDisposable
{
    /// <summary>The path under which streams are counted.</summary>
    public const string Endpoint = "/stream-audio";

    private const int MetersPerSecond = 10;

    private readonly Instruments _instruments;
    private readonly float[] _samples;
    private readonly long _metersEvery;
    private long _metersAt;
    private long _decisions;

    public MixStream(StripSettings settings, AudioFormat format, int frameSize, Instruments instruments)
    {
        Format = format;
        FrameSize = frameSize;
        _instruments = instruments;
        _samples = new float[frameSize * format.Channels];
        _metersEvery = format.SampleRateHz / MetersPerSecond;
        _metersAt = _metersEvery;
        Strip = new ChannelStrip(new ChannelStripOptions
        {
            SampleRateHz = format.SampleRateHz,
            Channels = format.Channels,
            MaxFrames = frameSize,
            Meters = StripMeters.Output,
        });
        settings.ApplyTo(Strip);
        LatencyFrames = Strip.LatencyFrames;
    }

    public string Id { get; } = Guid.NewGuid().ToString("N");

    public AudioFormat Format { get; }

    /// <summary>Samples per channel that are processed at a time.</summary>
    public int FrameSize { get; }

    public ChannelStrip Strip { get; }

    /// <summary>Delay of the output, in samples per channel.</summary>
    public int LatencyFrames { get; }

    /// <summary>Samples per channel that came in.</summary>
    public long Frames { get; private set; }

    /// <summary>What has been measured, up to the last frame.</summary>
    public StripMetrics Metrics { get; private set; }

    /// <summary>Seconds of audio that came in.</summary>
    public double Seconds => (double)Frames / Format.SampleRateHz;

    /// <summary>Processes a frame.</summary>
    /// <param name="bytes">At most <see cref="FrameSize"/> samples of every channel.</param>
    /// <returns>What came out, as long; valid until the next call.</returns>
    public ReadOnlySpan<float> Process(ReadOnlySpan<byte> bytes)
    {
        long start = Stopwatch.GetTimestamp();
        Span<float> samples = _samples.AsSpan(0, bytes.Length / Pcm.SampleBytes(Format.Samples));
        Pcm.Decode(bytes, Format.Samples, samples);
        Strip.Process(samples);
        Frames += samples.Length / Format.Channels;
        Metrics = Strip.Metrics;
        _instruments.NoteProcessing(Endpoint, start, Metrics.Output.CurrentPeakDbfs);
        return samples;
    }

    /// <summary>Lets silence follow, so that the chain gives out what it holds back.</summary>
    /// <param name="frames">Samples per channel, at most <see cref="FrameSize"/>.</param>
    /// <returns>What came out; valid until the next call.</returns>
    public ReadOnlySpan<float> Flush(int frames)
    {
        Span<float> samples = _samples.AsSpan(0, frames * Format.Channels);
        samples.Clear();
        Strip.Process(samples);
        Metrics = Strip.Metrics;
        return samples;
    }

    /// <summary>Whether the time for the next reading of the meters has come; it comes ten times per second of audio.</summary>
    public bool TakeMeters()
    {
        if (Frames < _metersAt)
        {
            return false;
        }

        _metersAt = Frames - Frames % _metersEvery + _metersEvery;
        return true;
    }

    /// <summary>What the strip has decided about the genre since the last time; nothing, nearly always.</summary>
    public ImmutableArray<GenreEvent> TakeDecisions()
    {
        GenreReading reading = Strip.GenreReading;
        if (reading.Decisions == _decisions)
        {
            return [];
        }

        // Switched to auto again, the strip counts from the beginning.
        ImmutableArray<GenreEvent> decisions = Strip.GenreEvents(reading.Decisions < _decisions ? 0 : _decisions);
        _decisions = reading.Decisions;
        foreach (GenreEvent decision in decisions)
        {
            _instruments.CountGenre(decision.To.ProfileName());
        }

        return decisions;
    }

    public void Dispose() => Strip.Dispose();
}
