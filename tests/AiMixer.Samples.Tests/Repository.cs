namespace AiMixer.Samples.Tests;

/// <summary>The repository that the tests were built in.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    /// <summary>The clip that ships with it.</summary>
    public static string DemoClip { get; } = Path.Combine(Root, "samples", "media", "demo.ogg");

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
