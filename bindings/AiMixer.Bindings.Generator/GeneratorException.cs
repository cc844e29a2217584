namespace AiMixer.Bindings.Generator;

/// <summary>The bindings cannot be written; the message says which declaration or tool is the reason.</summary>
internal sealed class GeneratorException(string message) : Exception(message);
