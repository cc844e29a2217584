namespace AiMixer.Cli.Files;

/// <summary>
/// The bytes of an input, always seekable: what comes through a pipe, or has to be decoded by another program, is first spooled to
/// a nameless temporary file, because mixing reads its input more than once.
/// </summary>
internal sealed class InputFile : IDisposable
{
    private InputFile(string name, Stream stream)
    {
        Name = name;
        Stream = stream;
    }

    /// <summary>Name for messages.</summary>
    public string Name { get; }

    public Stream Stream { get; }

    /// <summary>Opens a path, or standard input for "-".</summary>
    public static InputFile Open(string path, CancellationToken cancellation)
    {
        string name = path == Device.Standard ? "standard input" : path;
        FileStream? stream = null;
        try
        {
            stream = OpenStream(path, cancellation);
            if (stream.Length == 0)
            {
                throw Failure.Unreadable(name, "is empty, 0 bytes (a sound file is needed)");
            }

            if (ForeignSound.In(stream) is { } foreign)
            {
                if (OggEnding.Of(stream) is { IsThere: false })
                {
                    throw Failure.Unreadable(name, OggEnding.Missing);
                }

                using FileStream encoded = stream;
                stream = null;
                // What came through a pipe has no name any more.
                using FileStream? named =
                    encoded.Name == Path.GetFullPath(path) ? null : SpoolFile.HoldingNamed(encoded, cancellation);
                stream = foreign.Decode((named ?? encoded).Name, name, cancellation);
            }

            return new InputFile(name, stream);
        }
        catch (Exception exception)
        {
            stream?.Dispose();
            if (exception is not Failure && Failure.IsFileSystem(exception))
            {
                throw Failure.Unreadable(name, exception);
            }

            throw;
        }
    }

    public void Dispose() => Stream.Dispose();

    private static FileStream OpenStream(string path, CancellationToken cancellation)
    {
        if (path == Device.Standard)
        {
            using Stream input = Console.OpenStandardInput();
            return SpoolFile.Holding(input, cancellation);
        }

        if (Directory.Exists(path))
        {
            throw Failure.Unreadable(path, "is a folder (a sound file is needed)");
        }

        FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        if (file.CanSeek && !Device.Is(path))
        {
            return file;
        }

        using (file)
        {
            return SpoolFile.Holding(file, cancellation);
        }
    }
}
