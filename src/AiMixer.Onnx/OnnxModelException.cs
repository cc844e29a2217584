namespace AiMixer;

/// <summary>A model cannot be used: it cannot be read, is no genre model, or answers nonsense. The message says what was found.</summary>
public sealed class OnnxModelException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What was found and what is expected.</param>
    public OnnxModelException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What was found and what is expected.</param>
    /// <param name="innerException">What ONNX Runtime said.</param>
    public OnnxModelException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
