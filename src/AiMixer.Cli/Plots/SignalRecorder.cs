namespace AiMixer.Cli.Plots;

/// <summary>What a plot shows of a signal.</summary>
/// <param name="Seconds">Length.</param>
/// <param name="Envelope">Outline of the waveform.</param>
/// <param name="Loudness">Loudness over time.</param>
/// <param name="Spectrum">Average spectrum.</param>
/// <param name="Total">Loudness and levels of the whole.</param>
internal sealed record SignalPicture(
    double Seconds,
    Envelope Envelope,
    LoudnessPoint[] Loudness,
    SpectrumPoint[] Spectrum,
    LoudnessReading Total);

/// <summary>Collects what a plot needs while the samples pass by; nothing is kept whole.</summary>
internal sealed class SignalRecorder(int sampleRateHz, int channels) : IDisposable
{
    private readonly EnvelopeRecorder _envelope = new(sampleRateHz, channels);
    private readonly LoudnessRecorder _loudness = new(sampleRateHz, channels);
    private readonly SpectrumRecorder _spectrum = new(sampleRateHz, channels);

    public void Add(ReadOnlySpan<float> interleaved)
    {
        _envelope.Add(interleaved);
        _loudness.Add(interleaved);
        _spectrum.Add(interleaved);
    }

    public void Reset()
    {
        _envelope.Reset();
        _loudness.Reset();
        _spectrum.Reset();
    }

    public SignalPicture Finish() =>
        new(_loudness.Seconds, _envelope.Finish(), _loudness.Finish(), _spectrum.Finish(), _loudness.Total);

    public void Dispose()
    {
        _loudness.Dispose();
        _spectrum.Dispose();
    }
}

/// <summary>A source whose last full reading is recorded.</summary>
internal sealed class RecordedSource(IAudioSource source, SignalRecorder recorder) : IAudioSource
{
    /// <inheritdoc/>
    public int SampleRateHz => source.SampleRateHz;

    /// <inheritdoc/>
    public int Channels => source.Channels;

    /// <inheritdoc/>
    public long? TotalFrames => source.TotalFrames;

    /// <inheritdoc/>
    public int Read(Span<float> interleaved)
    {
        int frames = source.Read(interleaved);
        recorder.Add(interleaved[..(frames * Channels)]);
        return frames;
    }

    /// <inheritdoc/>
    public void Rewind()
    {
        source.Rewind();
        recorder.Reset();
    }

    /// <summary>The source belongs to the caller.</summary>
    public void Dispose()
    {
    }
}

/// <summary>A sink whose samples are recorded.</summary>
internal sealed class RecordedSink(IAudioSink sink, SignalRecorder recorder) : IAudioSink
{
    /// <inheritdoc/>
    public void Write(ReadOnlySpan<float> interleaved)
    {
        recorder.Add(interleaved);
        sink.Write(interleaved);
    }
}
