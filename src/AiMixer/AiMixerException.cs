namespace AiMixer;

/// <summary>
/// The core refused a call for a reason other than a bad argument: the state of the object, a damaged snapshot, or lack
/// of memory.
/// </summary>
public sealed class AiMixerException : Exception
{
    /// <summary>Creates the exception for a status of the core.</summary>
    /// <param name="status">The pinned status code of the core, a negative number.</param>
    /// <param name="message">What happened and what to do.</param>
    public AiMixerException(int status, string message)
        : base(message) => Status = status;

    /// <summary>The pinned status code of the core, a negative number.</summary>
    public int Status { get; }
}
