using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using AiMixer;
using SoundFiles;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (args.Length > 1)
{
    Console.Error.WriteLine("usage: LiveControl [FILE]");
    return 2;
}

try
{
    using IAudioSource source = args.Length == 1 ? new FfmpegSource(args[0]) : Tone();
    Run(source);
    return 0;
}
catch (IOException exception)
{
    Console.Error.WriteLine($"LiveControl: {exception.Message}");
    return 1;
}

static void Run(IAudioSource source)
{
    using ChannelStrip strip = new(new ChannelStripOptions
    {
        SampleRateHz = source.SampleRateHz,
        Channels = source.Channels,
        Meters = StripMeters.Input | StripMeters.Output,
    });

    // What a user would do with a mouse, in seconds of the stream. Every one of these may be called from any thread while
    // another one processes; here they come between two blocks, so that each run gives the same bits.
    Queue<(double Second, string Says, Action Does)> script = new(
    [
        (1, "genre: speech, over half a second", () => strip.SetGenre(Genre.Speech)),
        (3, "compressor.threshold_db = -35, which now stands above the profile", () => strip.Set(ParameterId.CompressorThresholdDb, -35)),
        (4, "intensity: 50 % of what the profile does", () => strip.Intensity = 50),
        (5, "compressor.threshold_db released: the profile's again", () => strip.Release(ParameterId.CompressorThresholdDb)),
        (6, "bypass, crossfaded", () => strip.Bypass = true),
        (7, "mixed again, genre: rock, over a second", () =>
        {
            strip.Bypass = false;
            strip.Intensity = 100;
            strip.SetGenre(Genre.Rock);
        }),
        (9, "genre: auto, as it is recognised from here on", () => strip.SetGenre(Genre.Auto)),
    ]);

    using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    float[] block = new float[source.SampleRateHz / 50 * source.Channels];
    long frames = 0, decisions = 0;
    double nextLine = 0.5;
    Console.WriteLine($"{source.SampleRateHz} Hz, {source.Channels} channels, late by {strip.LatencyFrames} frames");
    for (int count; (count = source.Read(block)) > 0; frames += count)
    {
        double second = (double)frames / source.SampleRateHz;
        while (script.Count > 0 && second >= script.Peek().Second)
        {
            (_, string says, Action does) = script.Dequeue();
            does();
            Console.WriteLine($"{second,6:0.00} s  -> {says}");
        }

        Span<float> heard = block.AsSpan(0, count * source.Channels);
        strip.Process(heard);
        hash.AppendData(MemoryMarshal.AsBytes(heard));
        foreach (GenreEvent decision in strip.GenreEvents(decisions))
        {
            decisions = decision.Sequence;
            Console.WriteLine($"{second,6:0.00} s  -- recognised: {decision.To.ProfileName()}, {decision.Confidence:P0} sure, because it {decision.Rule}");
        }

        if (second >= nextLine)
        {
            nextLine += 0.5;
            Console.WriteLine($"{second,6:0.00} s  {Line(strip)}");
        }
    }

    // The same input and the same changes at the same frames: the same hash on every machine.
    Console.WriteLine($"SHA-256 of {frames} frames: {Convert.ToHexStringLower(hash.GetHashAndReset())}");
}

static string Line(ChannelStrip strip)
{
    StripMetrics now = strip.Metrics;
    return $"in {now.Input.MomentaryLufs,6:0.0} LUFS, out {now.Output.MomentaryLufs,6:0.0} LUFS, compressor {now.Compressor.NowDb,4:0.0} dB, leveler {now.LevelerGainDb,5:+0.0;-0.0} dB";
}

// Twelve seconds of a triangle wave that swells and fades, in whole numbers: no two machines could disagree about it.
static MemoryAudioSource Tone()
{
    const int Rate = 48000, Period = 218, Swell = 96000;
    float[] samples = new float[12 * Rate];
    for (int i = 0; i < samples.Length; i++)
    {
        int wave = Math.Abs(i % Period * 4 - 2 * Period) - Period;
        int loud = 10 + 90 * Math.Abs(i % Swell - Swell / 2) / (Swell / 2);
        samples[i] = wave * loud / (float)(Period * 128);
    }

    return new MemoryAudioSource(samples, Rate, channels: 1);
}
