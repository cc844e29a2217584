namespace AiMixer.Cli.Files;

/// <summary>How samples are stored in an output.</summary>
internal enum SampleFormat
{
    Pcm16,
    Pcm24,
    Float32,
}

/// <summary>Container and sample format of an output.</summary>
/// <param name="Container">One of libsndfile's major formats.</param>
/// <param name="Samples">Sample format; without meaning for Ogg Vorbis.</param>
internal readonly record struct OutputFormat(int Container, SampleFormat Samples)
{
    /// <summary>What <c>--bits</c> accepts.</summary>
    public static readonly string[] BitsChoices = ["16", "24", "32f"];

    public bool IsVorbis => Container == SoundLibrary.TypeOgg;

    /// <summary>The format that a file name and <c>--bits</c> ask for.</summary>
    public static OutputFormat For(string path, string? bits)
    {
        SampleFormat samples = bits switch
        {
            null or "24" => SampleFormat.Pcm24,
            "16" => SampleFormat.Pcm16,
            "32f" => SampleFormat.Float32,
            _ => throw Failure.Usage($"--bits {bits} is not known (16, 24 or 32f)"),
        };
        int container = ContainerOf(path) ?? throw Failure.Usage(
            $"{path}: the ending does not name a format that can be written (.wav, .flac, .ogg)");
        if (container == SoundLibrary.TypeFlac && samples == SampleFormat.Float32)
        {
            throw Failure.Usage($"{path}: FLAC cannot hold --bits 32f (16 or 24)");
        }

        if (container == SoundLibrary.TypeOgg && bits is not null)
        {
            throw Failure.Usage($"{path}: Ogg Vorbis has no bit depth (leave --bits out)");
        }

        return new OutputFormat(container, samples);
    }

    /// <summary>The ending for the output of an input inside a folder: the same format where it can be written.</summary>
    public static string EndingFor(string inputPath) =>
        ContainerOf(inputPath) is { } container && inputPath != Device.Standard ? EndingOf(container) : ".wav";

    private static string EndingOf(int container) => container switch
    {
        SoundLibrary.TypeFlac => ".flac",
        SoundLibrary.TypeOgg => ".ogg",
        _ => ".wav",
    };

    private static int? ContainerOf(string path)
    {
        if (path == Device.Standard)
        {
            return SoundLibrary.TypeWav;
        }

        return Path.GetExtension(path).ToUpperInvariant() switch
        {
            ".WAV" or ".WAVE" => SoundLibrary.TypeWav,
            ".FLAC" => SoundLibrary.TypeFlac,
            ".OGG" or ".OGA" => SoundLibrary.TypeOgg,
            "" when Device.Is(path) => SoundLibrary.TypeWav,
            _ => null,
        };
    }
}
