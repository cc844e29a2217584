namespace AiMixer.Server.Streams;

/// <summary>Why the server wants a stream to end.</summary>
internal enum StreamEnding
{
    /// <summary>It does not.</summary>
    None,

    /// <summary>The instance was asked to end: the stream may go on for a while.</summary>
    Draining,

    /// <summary>The instance ends now.</summary>
    Deadline,

    /// <summary>Nothing has moved on the wire for too long.</summary>
    Idle,
}
