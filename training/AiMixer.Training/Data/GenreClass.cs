namespace AiMixer.Training.Data;

/// <summary>The five classes, in the order of the model's outputs: that of the core's genres from 1 on.</summary>
internal static class GenreClass
{
    public const int Count = 5;
    public const int Speech = 0;

    public static readonly string[] Names = ["speech", "rock", "jazz", "electronic", "classical"];

    /// <summary>Index of a name.</summary>
    /// <returns>The index, or -1 when it is none of the five.</returns>
    public static int IndexOf(string name) => Array.IndexOf(Names, name);
}
