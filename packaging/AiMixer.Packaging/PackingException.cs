namespace AiMixer.Packaging;

/// <summary>Why nothing may be packed, in one line.</summary>
internal sealed class PackingException(string message) : Exception(message);
