namespace AiMixer.Cli.Tests;

/// <summary>What cannot be read gives exit code 3, one clear line, and leaves nothing behind.</summary>
public sealed class HostileFileTests : IDisposable
{
    private const int Unreadable = 3;

    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_missing_file() => AssertRefused(_folder["nowhere.wav"], "no such file");

    [Fact]
    public void A_folder() => AssertRefused(_folder.Path, "is a folder");

    [Fact]
    public void An_empty_file() => AssertRefused(_folder.Write("in.wav", []), "is empty, 0 bytes");

    [Fact]
    public void A_file_with_no_frames() =>
        AssertRefused(_folder.Write("in.wav", WaveFile.Encode(new Sound([], 48000, 2), 16)), "holds no audio");

    [Fact]
    public void Bytes_that_are_no_sound()
    {
        byte[] noise = new byte[5000];
        new Random(1).NextBytes(noise);
        AssertRefused(_folder.Write("in.wav", noise), "not a readable sound file");
    }

    [Theory]
    [InlineData("in.vox")]
    [InlineData("in.raw")]
    [InlineData("in.gsm")]
    public void Headerless_bytes_are_never_taken_for_sound(string name)
    {
        byte[] text = [.. Enumerable.Range(0, 4000).Select(i => (byte)('a' + (i % 26)))];
        AssertRefused(_folder.Write(name, text), _folder[name]);
    }

    [Fact]
    public void A_header_that_is_cut() =>
        AssertRefused(_folder.Write("in.wav", WaveFile.Encode(Sound.Programme(0.1), 16)[..30]), "not a readable sound file");

    [Fact]
    public void A_damaged_header()
    {
        byte[] file = WaveFile.Encode(Sound.Programme(0.1), 16);
        file.AsSpan(12, 20).Fill(0xFF);
        AssertRefused(_folder.Write("in.wav", file), "in.wav");
    }

    [Fact]
    public void A_truncated_wav()
    {
        byte[] file = WaveFile.Encode(Sound.Programme(1), 16);
        AssertRefused(_folder.Write("in.wav", file[..(file.Length / 2)]), "truncated");
    }

    [Fact]
    public void A_wav_of_unknown_length_as_pipes_make_it_is_no_truncated_one()
    {
        Sound sound = Sound.Programme(0.5).On16BitGrid();
        byte[] file = WaveFile.Encode(sound, 16);
        BitConverter.TryWriteBytes(file.AsSpan(4), uint.MaxValue);
        BitConverter.TryWriteBytes(file.AsSpan(40), uint.MaxValue);
        string input = _folder.Write("in.wav", file);
        Assert.Equal(0, Aimixer.Run("mix", input, "-o", _folder["out.wav"], "--bypass").ExitCode);
        Assert.Equal(sound.Samples, WaveFile.Decode(File.ReadAllBytes(_folder["out.wav"])).Sound.Samples);
    }

    [Fact]
    public void A_truncated_aiff()
    {
        byte[] file = WaveFile.EncodeAiff(Sound.Programme(1));
        AssertRefused(_folder.Write("in.aiff", file[..(file.Length / 2)]), "truncated");
    }

    [Fact]
    public void A_truncated_flac()
    {
        byte[] file = Flac();
        AssertRefused(_folder.Write("cut.flac", file[..(file.Length / 2)]), "cut.flac");
    }

    [Fact]
    public void A_damaged_flac()
    {
        byte[] file = Flac();
        new Random(2).NextBytes(file.AsSpan(file.Length / 2, 20000));
        AssertRefused(_folder.Write("bad.flac", file), "bad.flac");
    }

    [Fact]
    public void A_truncated_ogg()
    {
        string input = _folder.Write("in.wav", WaveFile.Encode(Sound.Programme(5), 16));
        Assert.Equal(0, Aimixer.Run("mix", input, "-o", _folder["in.ogg"]).ExitCode);
        byte[] file = File.ReadAllBytes(_folder["in.ogg"]);
        AssertRefused(_folder.Write("cut.ogg", file[..(file.Length / 2)]), "truncated");
    }

    [Fact]
    public void An_ogg_that_says_more_than_once_that_it_ends_ends_where_it_first_does()
    {
        string input = _folder.Write("in.wav", WaveFile.Encode(Sound.Programme(5), 16));
        Assert.Equal(0, Aimixer.Run("mix", input, "-o", _folder["in.ogg"]).ExitCode);
        byte[] file = File.ReadAllBytes(_folder["in.ogg"]);
        OggPage[] pages = [.. OggPage.Of(file)];
        Assert.True(pages.Length > 6);
        pages[^3].MarkAsLast();
        pages[^2].MarkAsLast();
        string marked = _folder.Write("marked.ogg", file);

        Assert.Equal(0, Aimixer.Run("mix", marked, "-o", _folder["out.wav"], "--bypass").ExitCode);

        int frames = WaveFile.Decode(File.ReadAllBytes(_folder["out.wav"])).Sound.Samples.Length / 2;
        Assert.Equal(pages[^3].Granule, frames);
        Assert.InRange(frames, 1, pages[^1].Granule - 1);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(8)]
    public void More_than_two_channels(int channels) => AssertRefused(
        _folder.Write("in.wav", WaveFile.Encode(Sound.Programme(0.1, 48000, channels), 16)),
        $"has {channels} channels (1 or 2 can be mixed)");

    [Theory]
    [InlineData(4000)]
    [InlineData(384000)]
    public void A_rate_beyond_the_range(int sampleRateHz) => AssertRefused(
        _folder.Write("in.wav", WaveFile.Encode(Sound.Programme(0.1, sampleRateHz, 1), 16)),
        $"{sampleRateHz} Hz (8000 to 192000 Hz can be mixed)");

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(1e30f)]
    public void Damaged_samples_become_silence_and_are_counted(float damage)
    {
        Sound sound = Sound.Programme(0.5);
        Array.Fill(sound.Samples, damage, 4800, 100);
        string input = _folder.Write("in.wav", WaveFile.Encode(sound, 32, isFloat: true));
        foreach (string[] options in new string[][] { [], ["--bypass"] })
        {
            Outcome outcome = Aimixer.Run(["mix", input, "-o", _folder["out.wav"], "--bits", "32f", "--plot", _folder["out.svg"], .. options]);
            Assert.Equal(0, outcome.ExitCode);
            Assert.Contains(outcome.ErrorLines, line => line.Contains("warning: ", StringComparison.Ordinal) && line.Contains("100 samples", StringComparison.Ordinal));
            Assert.All(WaveFile.Decode(File.ReadAllBytes(_folder["out.wav"])).Sound.Samples, sample => Assert.InRange(sample, -1f, 1f));
            Assert.DoesNotContain("NaN", File.ReadAllText(_folder["out.svg"]), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Nothing_but_nan_becomes_silence()
    {
        Sound sound = new([.. Enumerable.Repeat(float.NaN, 48000)], 48000, 1);
        string input = _folder.Write("in.wav", WaveFile.Encode(sound, 32, isFloat: true));
        Outcome outcome = Aimixer.Run("mix", input, "-o", _folder["out.wav"], "--target", "-16", "--plot", _folder["out.svg"], "--report", _folder["out.json"]);
        Assert.Equal(0, outcome.ExitCode);
        Assert.Contains("48000 samples", outcome.Errors, StringComparison.Ordinal);
        Assert.All(WaveFile.Decode(File.ReadAllBytes(_folder["out.wav"])).Sound.Samples, sample => Assert.Equal(0, sample));
    }

    [Fact]
    public void Control_characters_in_a_name_do_not_reach_the_terminal()
    {
        Outcome outcome = Aimixer.Run("mix", _folder["a\u001b[31m\nb.wav"], "-o", _folder["out.wav"], "-q");
        Assert.Equal(Unreadable, outcome.ExitCode);
        Assert.Single(outcome.ErrorLines);
        Assert.DoesNotContain('\u001b', outcome.Errors);
    }

    [Fact]
    public void A_bad_file_among_others_does_not_stop_them()
    {
        byte[] good = WaveFile.Encode(Sound.Programme(0.2), 16);
        string[] inputs = [_folder.Write("a.wav", good), _folder.Write("b.wav", []), _folder.Write("c.wav", good)];
        Outcome outcome = Aimixer.Run(["mix", .. inputs, "-o", _folder["mixed"], "-q"]);
        Assert.Equal(Unreadable, outcome.ExitCode);
        Assert.Single(outcome.ErrorLines);
        Assert.Equal(["a.wav", "c.wav"], Directory.GetFiles(_folder["mixed"]).Select(file => Path.GetFileName(file)).Order());
    }

    private byte[] Flac()
    {
        string input = _folder.Write("whole.wav", WaveFile.Encode(Sound.Programme(2), 16));
        Assert.Equal(0, Aimixer.Run("mix", input, "-o", _folder["whole.flac"], "--bypass").ExitCode);
        return File.ReadAllBytes(_folder["whole.flac"]);
    }

    private void AssertRefused(string input, string reason)
    {
        string[] before = _folder.Content;
        Outcome mix = Aimixer.Run(
            "mix", input, "-o", _folder["out.wav"], "--report", _folder["out.json"], "--plot", _folder["out.svg"], "-q");
        Outcome analyze = Aimixer.Run("analyze", input, "--json", "--plot", _folder["out.svg"]);
        foreach (Outcome outcome in new[] { mix, analyze })
        {
            Assert.Equal(Unreadable, outcome.ExitCode);
            string line = Assert.Single(outcome.ErrorLines);
            Assert.StartsWith($"aimixer: {input}: ", line, StringComparison.Ordinal);
            Assert.Contains(reason, line, StringComparison.Ordinal);
            Assert.Empty(outcome.Data);
        }

        Assert.Equal(before, _folder.Content);
    }
}
