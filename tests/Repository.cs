using System.Runtime.CompilerServices;

namespace AiMixer;

/// <summary>The source tree that the tests were built from.</summary>
internal static class Repository
{
    internal static string Root { get; } = Find();

    /// <summary>The clip that ships with it.</summary>
    internal static string DemoClip { get; } = Path.Combine(Root, "samples", "media", "demo.ogg");

    /// <summary>What stands in a file of the tree between two lines, without indents and empty lines.</summary>
    internal static string[] Lines(string path, string begin, string end) =>
        [.. File.ReadLines(Path.Combine(Root, path))
            .SkipWhile(line => line.Trim() != begin).Skip(1)
            .TakeWhile(line => line.Trim() != end)
            .Select(line => line.Trim())
            .Where(line => line.Length > 0)];

    // The build may write outside the tree, so the tests' own place is only the first guess.
    private static string Find() =>
        new[] { AppContext.BaseDirectory, Path.GetDirectoryName(SourceFile())! }.SelectMany(Ancestors)
            .FirstOrDefault(folder => File.Exists(Path.Combine(folder, "AiMixer.sln")))
        ?? throw new DirectoryNotFoundException("no AiMixer.sln above the tests");

    private static IEnumerable<string> Ancestors(string folder)
    {
        for (DirectoryInfo? current = new(folder); current is not null; current = current.Parent)
        {
            yield return current.FullName;
        }
    }

    private static string SourceFile([CallerFilePath] string path = "") => path;
}
