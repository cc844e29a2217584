using AiMixer.Cli.Files;
using AiMixer.Training.Augmentation;

namespace AiMixer.Training.Data;

/// <summary>Decoding, and the round trip through lossy codecs, by libsndfile.</summary>
internal static unsafe class SoundFile
{
    public const int SampleRateHz = 48_000;

    private const int SubtypeOpus = 0x0064;
    private const int SubtypeLayer3 = 0x0082;
    private const int CommandSetCompressionLevel = 0x1301;
    private const int CommandSetBitrateMode = 0x1305;

    /// <summary>The codecs of the round trip.</summary>
    public enum Codec
    {
        /// <summary>MPEG layer 3 with a constant bit rate.</summary>
        Mp3,

        /// <summary>Opus.</summary>
        Opus,
    }

    /// <summary>Decodes a file to mono at 48 kHz: the mean of its channels.</summary>
    /// <exception cref="DataException">The file cannot be read or holds no sound.</exception>
    public static float[] Decode(string path)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            return Decode(file) ?? Ffmpeg.Decode(path);
        }
        catch (IOException exception)
        {
            throw new DataException($"{path}: {exception.Message}");
        }
    }

    /// <summary>Encodes mono at 48 kHz and decodes what came out.</summary>
    /// <param name="samples">The signal.</param>
    /// <param name="codec">The codec.</param>
    /// <param name="kilobitsPerSecond">Bit rate: 32 to 320 for MP3, 6 to 256 for Opus.</param>
    /// <returns>The signal, perhaps a little shifted and longer.</returns>
    public static float[] RoundTrip(ReadOnlySpan<float> samples, Codec codec, int kilobitsPerSecond)
    {
        using MemoryStream encoded = new();
        Encode(samples, codec, kilobitsPerSecond, encoded);
        encoded.Position = 0;
        return Decode(encoded) ?? throw new DataException($"{codec} at {kilobitsPerSecond} kbit/s: {SoundLibrary.ErrorOfOpen()}");
    }

    private static void Encode(ReadOnlySpan<float> samples, Codec codec, int kilobitsPerSecond, Stream to)
    {
        SoundFileInfo info = new()
        {
            SampleRateHz = SampleRateHz,
            Channels = 1,
            Format = codec == Codec.Mp3 ? SoundLibrary.TypeMpeg | SubtypeLayer3 : SoundLibrary.TypeOgg | SubtypeOpus,
        };
        using StreamBridge bridge = new(to);
        using SoundFileHandle handle = bridge.Open(SoundLibrary.ModeWrite, ref info);
        if (handle.IsInvalid)
        {
            throw new DataException($"libsndfile cannot write {codec}: {SoundLibrary.ErrorOfOpen()}");
        }

        // libsndfile's scale from 0 (most bits) to 1 (fewest).
        double level = codec == Codec.Mp3
            ? (320.0 - kilobitsPerSecond) / (320 - 32)
            : 1 - ((kilobitsPerSecond - 6) / 250.0);
        int constant = 0;
        SoundLibrary.sf_command(handle, CommandSetBitrateMode, &constant, sizeof(int));
        SoundLibrary.sf_command(handle, CommandSetCompressionLevel, &level, sizeof(double));
        fixed (float* from = samples)
        {
            SoundLibrary.sf_writef_float(handle, from, samples.Length);
        }
    }

    // Nothing when libsndfile does not take it or finds no sound.
    private static float[]? Decode(Stream stream)
    {
        SoundFileInfo info = default;
        using StreamBridge bridge = new(stream);
        using SoundFileHandle handle = bridge.Open(SoundLibrary.ModeRead, ref info);
        if (handle.IsInvalid)
        {
            return null;
        }

        const int BlockFrames = 1 << 16;
        List<float> mono = [];
        float[] block = new float[BlockFrames * info.Channels];
        long frames;
        do
        {
            fixed (float* to = block)
            {
                frames = SoundLibrary.sf_readf_float(handle, to, BlockFrames);
            }

            for (int i = 0; i < frames; ++i)
            {
                float sum = 0;
                for (int c = 0; c < info.Channels; ++c)
                {
                    sum += block[(i * info.Channels) + c];
                }

                mono.Add(sum / info.Channels);
            }
        }
        while (frames > 0);
        if (mono.Count == 0)
        {
            return null;
        }

        float[] samples = [.. mono];
        return info.SampleRateHz == SampleRateHz
            ? samples
            : Resampler.Run(samples, (double)SampleRateHz / info.SampleRateHz);
    }
}
