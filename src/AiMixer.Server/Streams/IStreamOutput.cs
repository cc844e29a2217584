namespace AiMixer.Server.Streams;

/// <summary>What the answer to an upload is made of. Everything is written at once and flushed by the caller.</summary>
internal interface IStreamOutput
{
    /// <summary>The stream has begun.</summary>
    void Started();

    /// <summary>A frame was processed.</summary>
    /// <param name="frames">Samples per channel that came in.</param>
    /// <param name="audio">What came out; less than went in until the latency is over.</param>
    void Processed(int frames, ReadOnlySpan<float> audio);

    /// <summary>The time for a reading of the meters has come.</summary>
    void Meters();

    /// <summary>The strip takes its input for another genre than before.</summary>
    void Decided(in GenreEvent decision);

    /// <summary>The stream is about to end.</summary>
    void Closing(StreamEnding ending, double secondsLeft);

    /// <summary>The input is over; this is what the chain held back.</summary>
    void Flushed(ReadOnlySpan<float> audio);

    /// <summary>Everything is over.</summary>
    void Summary(int ignoredBytes);
}
