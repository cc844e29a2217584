namespace AiMixer.Cli.Files;

/// <summary>Names that are no ordinary files: they cannot be replaced by a rename, only read or written through.</summary>
internal static class Device
{
    /// <summary>Standard input or standard output.</summary>
    public const string Standard = "-";

    /// <summary>True for /dev/null, /dev/stdout, /dev/fd/63, NUL; not for files on the memory disk /dev/shm.</summary>
    public static bool Is(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return path.StartsWith(@"\\.\", StringComparison.Ordinal) ||
                string.Equals(path, "NUL", StringComparison.OrdinalIgnoreCase);
        }

        string full = Path.GetFullPath(path);
        return (full.StartsWith("/dev/", StringComparison.Ordinal) && !full.StartsWith("/dev/shm/", StringComparison.Ordinal)) ||
            (full.StartsWith("/proc/", StringComparison.Ordinal) && full.Contains("/fd/", StringComparison.Ordinal));
    }
}
