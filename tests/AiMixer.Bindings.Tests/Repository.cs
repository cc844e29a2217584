using Xunit;

// Several tests set environment variables of the process for the time of a call.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace AiMixer.Bindings.Tests;

/// <summary>The files of the source tree that the tests read.</summary>
internal static class Repository
{
    private static readonly string Root = FindRoot();

    public static string Header { get; } = Path.Combine(Root, "native", "include", "ai_mixer_core.h");

    public static string Generated { get; } = Path.Combine(Root, "bindings", "AiMixer.Bindings", "Generated");

    private static string FindRoot()
    {
        // The build may write outside the tree, so the tests' own place is only the first guess.
        string[] starts = [AppContext.BaseDirectory, Path.GetDirectoryName(SourceFile())!];
        return starts.SelectMany(Ancestors).First(folder =>
            File.Exists(Path.Combine(folder, "native", "include", "ai_mixer_core.h")));
    }

    private static IEnumerable<string> Ancestors(string folder)
    {
        for (DirectoryInfo? current = new(folder); current is not null; current = current.Parent)
        {
            yield return current.FullName;
        }
    }

    private static string SourceFile([System.Runtime.CompilerServices.CallerFilePath] string path = "") => path;
}
