namespace AiMixer.PortAudio;

/// <summary>Sound cannot be played; the message says why, and what helps.</summary>
public sealed class AudioOutputException : Exception
{
    /// <summary>Creates one without a reason.</summary>
    public AudioOutputException()
    {
    }

    /// <summary>Creates one.</summary>
    /// <param name="message">Why, and what helps.</param>
    public AudioOutputException(string message)
        : base(message)
    {
    }

    /// <summary>Creates one that another exception caused.</summary>
    /// <param name="message">Why, and what helps.</param>
    /// <param name="innerException">The cause.</param>
    public AudioOutputException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
