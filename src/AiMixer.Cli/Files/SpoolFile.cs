namespace AiMixer.Cli.Files;

/// <summary>Temporary files that cannot be left behind: on Unix they lose their name at once, on Windows on closing.</summary>
internal static class SpoolFile
{
    private const int CopyBytes = 1 << 16;

    public static FileStream Create()
    {
        bool windows = OperatingSystem.IsWindows();
        FileStream stream = Create(FileShare.None, windows ? FileOptions.DeleteOnClose : FileOptions.None);
        if (!windows)
        {
            File.Delete(stream.Name);
        }

        return stream;
    }

    /// <summary>A spool file with everything that a stream has to give.</summary>
    public static FileStream Holding(Stream input, CancellationToken cancellation) => Fill(Create(), input, cancellation);

    /// <summary>The same with a name until it is closed, for another program to open it.</summary>
    public static FileStream HoldingNamed(Stream input, CancellationToken cancellation) =>
        Fill(Create(FileShare.Read, FileOptions.DeleteOnClose), input, cancellation);

    private static FileStream Create(FileShare share, FileOptions options) => new(
        Path.Combine(Path.GetTempPath(), $"aimixer-{Path.GetRandomFileName()}"),
        FileMode.CreateNew,
        FileAccess.ReadWrite,
        share,
        CopyBytes,
        options);

    private static FileStream Fill(FileStream spool, Stream input, CancellationToken cancellation)
    {
        try
        {
            byte[] buffer = new byte[CopyBytes];
            int count;
            while ((count = input.Read(buffer)) > 0)
            {
                cancellation.ThrowIfCancellationRequested();
                spool.Write(buffer, 0, count);
            }

            spool.Flush();
            return spool;
        }
        catch
        {
            spool.Dispose();
            throw;
        }
    }
}
