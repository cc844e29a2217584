namespace AiMixer.Training.Data;

/// <summary>The recordings cannot be used; the message says which, where and what would be right.</summary>
internal sealed class DataException(string message) : Exception(message);
