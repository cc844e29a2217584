namespace AiMixer;

/// <summary>A programme that can be read from its beginning as often as needed.</summary>
public interface IAudioSource : IDisposable
{
    /// <summary>Sample rate in Hz, 8000 to 192000.</summary>
    int SampleRateHz { get; }

    /// <summary>1 (mono) or 2 (stereo).</summary>
    int Channels { get; }

    /// <summary>Length in frames, or <see langword="null"/> when it is not known. Used for progress only.</summary>
    long? TotalFrames { get; }

    /// <summary>Reads the next frames, interleaved.</summary>
    /// <param name="interleaved">Room for whole frames.</param>
    /// <returns>The number of frames read, at least 1; 0 at the end.</returns>
    int Read(Span<float> interleaved);

    /// <summary>Goes back to the first frame.</summary>
    void Rewind();
}
