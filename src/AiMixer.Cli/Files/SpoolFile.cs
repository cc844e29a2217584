namespace AiMixer.Cli.Files;

/// <summary>Temporary files that cannot be left behind: on Unix they lose their name at once, on Windows on closing.</summary>
internal static class SpoolFile
{
    private const int CopyBytes = 1 << 16;

    public static FileStream Create()
    {
        string path = Path.Combine(Path.GetTempPath(), $"aimixer-{Path.GetRandomFileName()}");
        bool windows = OperatingSystem.IsWindows();
        FileStream stream = new(
            path,
            FileMode.CreateNew,
            FileAccess.ReadWrite,
            FileShare.None,
            CopyBytes,
            windows ? FileOptions.DeleteOnClose : FileOptions.None);
        if (!windows)
        {
            File.Delete(path);
        }

        return stream;
    }

    /// <summary>A spool file with everything that a stream has to give.</summary>
    public static FileStream Holding(Stream input, CancellationToken cancellation)
    {
        FileStream spool = Create();
        try
        {
            byte[] buffer = new byte[CopyBytes];
            int count;
            while ((count = input.Read(buffer)) > 0)
            {
                cancellation.ThrowIfCancellationRequested();
                spool.Write(buffer, 0, count);
            }

            return spool;
        }
        catch
        {
            spool.Dispose();
            throw;
        }
    }
}
