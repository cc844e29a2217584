namespace AiMixer;

/// <summary>Takes a mixed programme, piece by piece.</summary>
public interface IAudioSink
{
    /// <summary>Appends frames.</summary>
    /// <param name="interleaved">Whole frames, with the channels of the source; valid during the call only.</param>
    void Write(ReadOnlySpan<float> interleaved);
}
