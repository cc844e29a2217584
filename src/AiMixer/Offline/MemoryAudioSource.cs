namespace AiMixer;

/// <summary>A programme held in memory.</summary>
public sealed class MemoryAudioSource : IAudioSource
{
    private readonly float[] _interleaved;
    private int _position;

    /// <summary>Reads from an array, which is not copied.</summary>
    /// <param name="interleaved">Samples, interleaved; the length is a multiple of <paramref name="channels"/>.</param>
    /// <param name="sampleRateHz">Sample rate in Hz, 8000 to 192000.</param>
    /// <param name="channels">1 (mono) or 2 (stereo).</param>
    /// <exception cref="ArgumentNullException">There is no array.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The sample rate or the channels lie outside their range.</exception>
    /// <exception cref="ArgumentException">The length is no multiple of the channels.</exception>
    public MemoryAudioSource(float[] interleaved, int sampleRateHz, int channels)
    {
        ArgumentNullException.ThrowIfNull(interleaved);
        Ensure.SampleRate(sampleRateHz);
        Ensure.Channels(channels);
        Ensure.WholeFrames(interleaved.Length, channels, nameof(interleaved));
        _interleaved = interleaved;
        SampleRateHz = sampleRateHz;
        Channels = channels;
    }

    /// <inheritdoc/>
    public int SampleRateHz { get; }

    /// <inheritdoc/>
    public int Channels { get; }

    /// <inheritdoc/>
    public long? TotalFrames => _interleaved.Length / Channels;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The length is no multiple of the channels.</exception>
    public int Read(Span<float> interleaved)
    {
        Ensure.WholeFrames(interleaved.Length, Channels, nameof(interleaved));
        int samples = Math.Min(interleaved.Length, _interleaved.Length - _position);
        _interleaved.AsSpan(_position, samples).CopyTo(interleaved);
        _position += samples;
        return samples / Channels;
    }

    /// <inheritdoc/>
    public void Rewind() => _position = 0;

    /// <summary>Does nothing: memory needs no closing.</summary>
    public void Dispose()
    {
    }
}
