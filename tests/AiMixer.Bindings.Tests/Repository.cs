using Xunit;

// Several tests set environment variables of the process for the time of a call.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace AiMixer.Bindings.Tests;

/// <summary>The files of the source tree that the tests read.</summary>
internal static class Repository
{
    public static string Header { get; } = Path.Combine(AiMixer.Repository.Root, "native", "include", "ai_mixer_core.h");

    public static string Generated { get; } = Path.Combine(AiMixer.Repository.Root, "bindings", "AiMixer.Bindings", "Generated");
}
