namespace AiMixer.Tests;

/// <summary>A source that counts how often it is read, and reads in awkward pieces.</summary>
internal sealed class AwkwardSource(float[] interleaved, int rateHz, int channels, bool knowsLength = true) : IAudioSource
{
    private readonly MemoryAudioSource _inner = new(interleaved, rateHz, channels);
    private readonly Random _random = new(9);

    public int Rewinds { get; private set; }

    public int SampleRateHz => rateHz;

    public int Channels => channels;

    public long? TotalFrames => knowsLength ? _inner.TotalFrames : null;

    public int Read(Span<float> interleaved)
    {
        int frames = _random.Next(1, (interleaved.Length / channels) + 1);
        return _inner.Read(interleaved[..(frames * channels)]);
    }

    public void Rewind()
    {
        Rewinds++;
        _inner.Rewind();
    }

    public void Dispose() => _inner.Dispose();
}

/// <summary>A source of any format that says it read whatever it is told to say.</summary>
internal sealed class LyingSource(int answer, int rateHz = 48_000, int channels = 2) : IAudioSource
{
    public int SampleRateHz => rateHz;

    public int Channels => channels;

    public long? TotalFrames => null;

    public int Read(Span<float> interleaved) => answer;

    public void Rewind()
    {
    }

    public void Dispose()
    {
    }
}

/// <summary>Keeps every message, on the thread that sends it.</summary>
internal sealed class ProgressLog : IProgress<MixProgress>
{
    public List<MixProgress> Messages { get; } = [];

    public void Report(MixProgress value) => Messages.Add(value);
}
