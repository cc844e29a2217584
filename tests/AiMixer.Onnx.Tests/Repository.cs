namespace AiMixer.Onnx.Tests;

/// <summary>The source tree that the tests were built from.</summary>
internal static class Repository
{
    internal static string Root { get; } = Find();

    private static string Find()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "AiMixer.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new DirectoryNotFoundException("no AiMixer.sln above the tests");
    }
}
