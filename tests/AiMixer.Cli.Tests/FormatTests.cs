namespace AiMixer.Cli.Tests;

/// <summary>Every format in and out, aligned and of the same length.</summary>
public sealed class FormatTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(16, false, false)]
    [InlineData(24, false, false)]
    [InlineData(32, true, false)]
    [InlineData(16, false, true)]
    [InlineData(24, false, true)]
    public void Bypass_to_float_gives_the_very_samples_of_a_wav(int bits, bool isFloat, bool extensible)
    {
        Sound sound = Sound.Programme(0.7).On16BitGrid();
        string input = _folder.Write("in.wav", WaveFile.Encode(sound, bits, isFloat, extensible));
        Outcome outcome = Aimixer.Run("mix", input, "-o", _folder["out.wav"], "--bypass", "--bits", "32f");
        Assert.Equal((0, ""), (outcome.ExitCode, WithoutNotes(outcome)));
        (Sound output, int outputBits, bool outputIsFloat) = WaveFile.Decode(File.ReadAllBytes(_folder["out.wav"]));
        Assert.Equal((32, true), (outputBits, outputIsFloat));
        AssertSame(sound, output);
    }

    [Theory]
    [InlineData("16", 16, false)]
    [InlineData("24", 24, false)]
    [InlineData("32f", 32, true)]
    [InlineData(null, 24, false)]
    public void Every_wav_depth_keeps_samples_that_it_can_hold(string? bits, int expectedBits, bool expectedFloat)
    {
        Sound sound = Sound.Programme(0.5, channels: 1).On16BitGrid();
        string input = _folder.Write("in.wav", WaveFile.Encode(sound, 16));
        string[] option = bits is null ? [] : ["--bits", bits];
        Outcome outcome = Aimixer.Run(["mix", input, "-o", _folder["out.wav"], "--bypass", .. option]);
        Assert.Equal(0, outcome.ExitCode);
        (Sound output, int outputBits, bool outputIsFloat) = WaveFile.Decode(File.ReadAllBytes(_folder["out.wav"]));
        Assert.Equal((expectedBits, expectedFloat), (outputBits, outputIsFloat));
        AssertSame(sound, output);
    }

    [Theory]
    [InlineData("16")]
    [InlineData("24")]
    public void Flac_out_and_in_again_is_lossless(string bits)
    {
        Sound sound = Sound.Programme(0.9, 44100).On16BitGrid();
        string input = _folder.Write("in.wav", WaveFile.Encode(sound, 16));
        Assert.Equal(0, Aimixer.Run("mix", input, "-o", _folder["x.flac"], "--bypass", "--bits", bits).ExitCode);
        Assert.Equal("fLaC"u8.ToArray(), File.ReadAllBytes(_folder["x.flac"])[..4]);
        Assert.Equal(0, Aimixer.Run("mix", _folder["x.flac"], "-o", _folder["out.wav"], "--bypass", "--bits", "16").ExitCode);
        AssertSame(sound, WaveFile.Decode(File.ReadAllBytes(_folder["out.wav"])).Sound);
    }

    [Fact]
    public void Flac_is_what_ffmpeg_decodes()
    {
        Ffmpeg.SkipWithout();
        Sound sound = Sound.Programme(0.9).On16BitGrid();
        string input = _folder.Write("in.wav", WaveFile.Encode(sound, 16));
        Assert.Equal(0, Aimixer.Run("mix", input, "-o", _folder["x.flac"], "--bypass").ExitCode);
        Ffmpeg.Convert(_folder["x.flac"], _folder["out.wav"], "-c:a", "pcm_s24le");
        AssertSame(sound, WaveFile.Decode(File.ReadAllBytes(_folder["out.wav"])).Sound);
    }

    [Fact]
    public void Aiff_is_read()
    {
        Sound sound = Sound.Programme(0.4, 44100).On16BitGrid();
        string input = _folder.Write("in.aiff", WaveFile.EncodeAiff(sound));
        Assert.Equal(0, Aimixer.Run("mix", input, "-o", _folder["out.wav"], "--bypass", "--bits", "16").ExitCode);
        AssertSame(sound, WaveFile.Decode(File.ReadAllBytes(_folder["out.wav"])).Sound);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Ogg_out_and_in_again_is_near_and_of_the_same_length(int channels)
    {
        Sound sound = Sound.Programme(1.3, 44100, channels);
        string input = _folder.Write("in.wav", WaveFile.Encode(sound, 16));
        Assert.Equal(0, Aimixer.Run("mix", input, "-o", _folder["x.ogg"], "--bypass").ExitCode);
        Assert.Equal("OggS"u8.ToArray(), File.ReadAllBytes(_folder["x.ogg"])[..4]);
        Assert.Equal(0, Aimixer.Run("mix", _folder["x.ogg"], "-o", _folder["out.wav"], "--bypass", "--bits", "32f").ExitCode);
        Sound output = WaveFile.Decode(File.ReadAllBytes(_folder["out.wav"])).Sound;
        Assert.Equal((sound.Frames, sound.Channels, sound.SampleRateHz), (output.Frames, output.Channels, output.SampleRateHz));

        // Vorbis at this quality keeps the waveform; a shift by a single sample would show as an error far larger.
        Assert.InRange(RmsDifference(sound, output), 0, 0.02);
    }

    [Fact]
    public void Mp3_is_read_to_its_end()
    {
        Ffmpeg.SkipWithout();
        Sound sound = Sound.Programme(2.5, 44100);
        _folder.Write("in.wav", WaveFile.Encode(sound, 16));
        Ffmpeg.Convert(_folder["in.wav"], _folder["in.mp3"], "-c:a", "libmp3lame", "-b:a", "192k");
        Assert.Equal(0, Aimixer.Run("mix", _folder["in.mp3"], "-o", _folder["out.wav"], "--bypass").ExitCode);
        Sound output = WaveFile.Decode(File.ReadAllBytes(_folder["out.wav"])).Sound;

        // The encoder pads to whole frames of 1152 samples and adds its delay.
        Assert.InRange(output.Frames, sound.Frames, sound.Frames + (4 * 1152));
        Assert.Equal((44100, 2), (output.SampleRateHz, output.Channels));
    }

    [Fact]
    public void Rf64_is_read()
    {
        Ffmpeg.SkipWithout();
        Sound sound = Sound.Programme(0.3).On16BitGrid();
        _folder.Write("in.wav", WaveFile.Encode(sound, 16));
        Ffmpeg.Convert(_folder["in.wav"], _folder["rf64.wav"], "-rf64", "always");
        Assert.Equal("RF64"u8.ToArray(), File.ReadAllBytes(_folder["rf64.wav"])[..4]);
        Assert.Equal(0, Aimixer.Run("mix", _folder["rf64.wav"], "-o", _folder["out.wav"], "--bypass").ExitCode);
        AssertSame(sound, WaveFile.Decode(File.ReadAllBytes(_folder["out.wav"])).Sound);
    }

    [Fact]
    public void A_wrong_extension_does_not_matter_to_the_input()
    {
        Sound sound = Sound.Programme(0.3).On16BitGrid();
        string input = _folder.Write("in.mp3", WaveFile.Encode(sound, 16));
        Assert.Equal(0, Aimixer.Run("mix", input, "-o", _folder["out.wav"], "--bypass").ExitCode);
        AssertSame(sound, WaveFile.Decode(File.ReadAllBytes(_folder["out.wav"])).Sound);
    }

    [Theory]
    [InlineData(8000)]
    [InlineData(11025)]
    [InlineData(22050)]
    [InlineData(44100)]
    [InlineData(96000)]
    [InlineData(192000)]
    public void Sample_rate_and_length_are_kept(int sampleRateHz)
    {
        Sound sound = Sound.Programme(0.31, sampleRateHz);
        string input = _folder.Write("in.wav", WaveFile.Encode(sound, 24));
        Assert.Equal(0, Aimixer.Run("mix", input, "-o", _folder["out.wav"]).ExitCode);
        Sound output = WaveFile.Decode(File.ReadAllBytes(_folder["out.wav"])).Sound;
        Assert.Equal((sound.Frames, sampleRateHz, 2), (output.Frames, output.SampleRateHz, output.Channels));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(239)]
    [InlineData(960)]
    [InlineData(12345)]
    public void Any_length_comes_out_as_it_went_in_and_aligned(int frames)
    {
        float[] samples = new float[frames];
        samples[frames / 2] = 0.5f;
        string input = _folder.Write("in.wav", WaveFile.Encode(new Sound(samples, 48000, 1), 32, isFloat: true));
        string[] transparent = ["--set", "gate.enabled=off", "--set", "compressor.enabled=off", "--set", "eq.enabled=off"];
        Outcome outcome = Aimixer.Run(["mix", input, "-o", _folder["out.wav"], "--bits", "32f", .. transparent]);
        Assert.Equal(0, outcome.ExitCode);
        float[] output = WaveFile.Decode(File.ReadAllBytes(_folder["out.wav"])).Sound.Samples;
        Assert.Equal(frames, output.Length);
        Assert.Equal(frames / 2, Array.IndexOf(output, output.Max()));
    }

    [Fact]
    public void The_same_input_gives_the_same_file()
    {
        string input = _folder.Write("in.wav", WaveFile.Encode(Sound.Programme(1), 16));
        foreach (string ending in new[] { "16.wav", "32f.wav", "24.flac" })
        {
            string bits = ending.Split('.')[0];
            Assert.Equal(0, Aimixer.Run("mix", input, "-o", _folder[$"a{ending}"], "--bits", bits).ExitCode);
            Thread.Sleep(1100);
            Assert.Equal(0, Aimixer.Run("mix", input, "-o", _folder[$"b{ending}"], "--bits", bits).ExitCode);
            Assert.Equal(File.ReadAllBytes(_folder[$"a{ending}"]), File.ReadAllBytes(_folder[$"b{ending}"]));
        }
    }

    [Fact]
    public void Tags_are_carried_over()
    {
        Ffmpeg.SkipWithout();
        _folder.Write("in.wav", WaveFile.Encode(Sound.Programme(0.3), 16));
        Ffmpeg.Convert(_folder["in.wav"], _folder["in.flac"], "-metadata", "title=Ein Lied", "-metadata", "artist=Jemand");
        Assert.Equal(0, Aimixer.Run("mix", _folder["in.flac"], "-o", _folder["out.flac"]).ExitCode);
        string header = System.Text.Encoding.UTF8.GetString(File.ReadAllBytes(_folder["out.flac"])[..2000]);
        Assert.Contains("Ein Lied", header, StringComparison.Ordinal);
        Assert.Contains("Jemand", header, StringComparison.Ordinal);
    }

    private static string WithoutNotes(Outcome outcome) =>
        string.Join('\n', outcome.ErrorLines.Where(line => !line.StartsWith("aimixer: note:", StringComparison.Ordinal)));

    private static double RmsDifference(Sound expected, Sound actual) => Math.Sqrt(
        expected.Samples.Zip(actual.Samples, (a, b) => ((double)a - b) * ((double)a - b)).Average());

    private static void AssertSame(Sound expected, Sound actual)
    {
        Assert.Equal((expected.SampleRateHz, expected.Channels), (actual.SampleRateHz, actual.Channels));
        Assert.Equal(expected.Samples, actual.Samples);
    }
}
