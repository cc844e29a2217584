namespace AiMixer.Cli.Files;

/// <summary>Tells whether two names mean the same file.</summary>
internal static class RealPath
{
    // What Linux allows before it speaks of a loop.
    private const int LinksMax = 40;

    /// <summary>The full path with every link on the way resolved, whether the file exists or not.</summary>
    public static string Of(string path) => Of(Path.GetFullPath(path), LinksMax);

    private static string Of(string path, int linksLeft)
    {
        string? folder = Path.GetDirectoryName(path);
        if (folder is null || linksLeft == 0)
        {
            return path;
        }

        string real = Path.Combine(Of(folder, linksLeft), Path.GetFileName(path));
        try
        {
            return File.ResolveLinkTarget(real, returnFinalTarget: false) is { } target
                ? Of(Path.GetFullPath(target.FullName), linksLeft - 1)
                : real;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return real;
        }
    }
}
