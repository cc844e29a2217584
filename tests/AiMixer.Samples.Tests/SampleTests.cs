using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;
using AiMixer.Cli.Tests;
using AiMixer.Server.Tests;

namespace AiMixer.Samples.Tests;

/// <summary>What the samples say is true.</summary>
public sealed partial class SampleTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Live_control_gives_the_bits_that_the_same_changes_give_here()
    {
        Ffmpeg.SkipWithout();
        Outcome outcome = Sample.Run("LiveControl", Repository.DemoClip);
        Assert.True(outcome.ExitCode == 0, outcome.Errors);

        // The demo clip is stereo at 48 kHz; the changes are those that the sample prints.
        float[] samples = Ffmpeg.Decode(Repository.DemoClip);
        using ChannelStrip strip = new();
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (int frame = 0; 2 * frame < samples.Length; frame += 960)
        {
            switch (frame / 48000.0)
            {
                case 1: strip.SetGenre(Genre.Speech); break;
                case 3: strip.Set("compressor.threshold_db", -35); break;
                case 4: strip.Intensity = 50; break;
                case 5: strip.Release(ParameterId.CompressorThresholdDb); break;
                case 6: strip.Bypass = true; break;
                case 7: strip.Bypass = false; strip.Intensity = 100; strip.SetGenre(Genre.Rock); break;
                case 9: strip.SetGenre(Genre.Auto); break;
            }

            Span<float> block = samples.AsSpan(2 * frame, Math.Min(2 * 960, samples.Length - (2 * frame)));
            strip.Process(block);
            hash.AppendData(MemoryMarshal.AsBytes(block));
        }

        Assert.EndsWith(Convert.ToHexStringLower(hash.GetHashAndReset()), outcome.Text.TrimEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public void Live_control_without_a_file_gives_the_same_twice()
    {
        Outcome first = Sample.Run("LiveControl");
        Outcome second = Sample.Run("LiveControl");

        Assert.Equal(0, first.ExitCode);
        Assert.Equal(first.Text, second.Text);
        Assert.Matches("SHA-256 of 576000 frames: [0-9a-f]{64}", first.Text);
    }

    [Fact]
    public void Offline_batch_mixes_every_file_to_the_target_and_tells_the_bad_one()
    {
        Ffmpeg.SkipWithout();
        Ffmpeg.Cut(Repository.DemoClip, 4, _folder["one.flac"]);
        Ffmpeg.Cut(Repository.DemoClip, 6, _folder["two [x].mp3"]);
        _folder.Write("bad.ogg", [1, 2, 3]);
        _folder.Write("notes.txt", [1]);

        Outcome outcome = Sample.Run("OfflineBatch", _folder.Path, _folder["mixed"], "-18");

        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains("2 mixed, 1 failed", outcome.Text, StringComparison.Ordinal);
        Assert.Contains("bad.ogg", outcome.Errors, StringComparison.Ordinal);
        Assert.Equal(["one.flac.wav", "two [x].mp3.wav"], Directory.GetFiles(_folder["mixed"]).Select(Path.GetFileName).Order());
        foreach (string file in Directory.GetFiles(_folder["mixed"]))
        {
            using LoudnessMeter meter = new(48000, 2);
            meter.Add(Ffmpeg.Decode(file));
            Assert.Equal(-18, meter.Read().IntegratedLufs, 0.1);
        }
    }

    [Fact]
    public async Task Rest_client_gets_every_sample_back()
    {
        Ffmpeg.SkipWithout();

        // Long enough that an answer which nobody reads would hold the upload up.
        string file = _folder["long.flac"];
        Ffmpeg.Repeat(Repository.DemoClip, 120, file);
        string address = FreeAddress.Next();
        await using ServerProcess server = await ServerProcess.StartAsync($"H2C_PORT={new Uri(address).Port}");
        Outcome outcome = Sample.Run("RestClient", address, file);
        Assert.True(outcome.ExitCode == 0, outcome.Errors);

        int samples = Ffmpeg.Decode(file).Length;
        Assert.Contains("JSON: 96000 samples", outcome.Text, StringComparison.Ordinal);
        Assert.Contains("raw audio: 96000 samples", outcome.Text, StringComparison.Ordinal);
        Assert.Contains($"mixed stream: {samples} samples of {samples}", outcome.Text, StringComparison.Ordinal);
        JsonElement summary = JsonDocument.Parse(Summary().Match(outcome.Text).Groups[1].Value).RootElement;
        Assert.Equal(samples / 2, summary.GetProperty("frames").GetInt32());
        string frames = string.Create(CultureInfo.InvariantCulture, $"{(samples / 2 + 959) / 960} frame");
        Assert.Matches($"events: .*{frames}", outcome.Text);
    }

    [Fact]
    public void Rest_client_tells_when_nobody_serves()
    {
        Ffmpeg.SkipWithout();
        Outcome outcome = Sample.Run("RestClient", "http://localhost:1", Repository.DemoClip);

        Assert.Equal(1, outcome.ExitCode);
        Assert.StartsWith("RestClient: ", outcome.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ConsolePlayer", "no-such-file.wav")]
    [InlineData("LiveControl", "no-such-file.wav")]
    [InlineData("OfflineBatch", "no-such-folder", "mixed")]
    [InlineData("RestClient", "http://localhost:1", "no-such-file.wav")]
    public void A_file_that_is_not_there_is_told_in_one_line(params string[] words)
    {
        Ffmpeg.SkipWithout();
        Outcome outcome = Sample.RunIn(_folder.Path, new Dictionary<string, string>(), words[0], words[1..]);

        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains("no-such", Assert.Single(outcome.Errors.Trim().Split('\n')), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ConsolePlayer")]
    [InlineData("LiveControl", "a", "b")]
    [InlineData("OfflineBatch", "music", "mixed", "loud")]
    [InlineData("RestClient", "nowhere", "file.wav")]
    public void Wrong_usage_is_told(params string[] words)
    {
        Outcome outcome = Sample.Run(words[0], words[1..]);

        Assert.Equal(2, outcome.ExitCode);
        Assert.StartsWith($"usage: {words[0]}", outcome.Errors, StringComparison.Ordinal);
    }

    [GeneratedRegex("^event summary: (.*)$", RegexOptions.Multiline)]
    private static partial Regex Summary();
}
