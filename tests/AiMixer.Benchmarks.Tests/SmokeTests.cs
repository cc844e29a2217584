using System.Diagnostics;
using AiMixer.Benchmarks.Peers;

namespace AiMixer.Benchmarks.Tests;

/// <summary>The benchmarks still run, and the peers that they compare with still do the same work.</summary>
public sealed class SmokeTests
{
    [Fact]
    public async Task Every_benchmark_runs_once()
    {
        string host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        ProcessStartInfo start = new(host, [Path.Combine(AppContext.BaseDirectory, "AiMixer.Benchmarks.dll"), "--smoke"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string text = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.True(process.ExitCode == 0, text + await errors);
        string[] rows = [.. text.Split('\n').Where(line => line.StartsWith('|') && !line.Contains("---", StringComparison.Ordinal))];
        string[] peer = Ebur128.IsInstalled ? ["libebur128, with true peak"] : [];
        foreach (string expected in (string[])["compressor", "electronic", "textbook in C#", "process 1 frame", "System.Text.Json", .. peer])
        {
            Assert.Contains(rows, row => row.Contains(expected, StringComparison.Ordinal));
        }

        Assert.DoesNotContain(rows, row => row.Contains(" NA ", StringComparison.Ordinal));
        Assert.Contains("x real time", text, StringComparison.Ordinal);
        Assert.Contains("Allocated", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_textbook_chain_mixes_as_the_core_does()
    {
        // Not sample by sample: filters are designed differently, and the core's compressor holds peaks for a millisecond, which the
        // textbook's does not. Between the waves of this chord that one lets go by 0.3 dB; with the hold it would be 0.03 dB.
        float[] music = Material.Music(4 * Material.SampleRateHz, 2);
        using ChannelStrip strip = new();
        strip.Set("limiter.true_peak", 0);
        strip.Set("eq.low_gain_db", TextbookChain.LowGainDb);
        strip.Set("eq.mid_gain_db", TextbookChain.MidGainDb);
        strip.Set("eq.high_gain_db", TextbookChain.HighGainDb);
        strip.Set("limiter.input_gain_db", TextbookChain.LimiterGainDb);
        float[] ours = new float[music.Length], textbook = new float[music.Length];
        strip.Process(music, ours);
        new TextbookChain(Material.SampleRateHz, 2).Process(music, textbook);

        Assert.Equal(Lufs(ours), Lufs(textbook), 0.4);
        Assert.True(Lufs(music) + TextbookChain.LimiterGainDb - Lufs(textbook) > 2, "nothing was compressed");
    }

    [Fact]
    public void The_textbook_meter_reads_what_the_core_reads()
    {
        float[] music = Material.Music(2 * Material.SampleRateHz, 2);
        using LoudnessMeter meter = new(Material.SampleRateHz, 2);
        TextbookLoudness textbook = new(2);
        meter.Add(music);
        textbook.Add(music);

        Assert.Equal(meter.Read().MomentaryLufs, textbook.MomentaryLufs, 0.05);
    }

    [Fact]
    public void The_textbook_features_are_those_of_the_core()
    {
        float[] window = Material.Music(Material.BlockFrames, 1);
        using MfccExtractor extractor = new();
        float[] ours = new float[13], textbook = new float[13];
        extractor.Process(window, ours);
        new TextbookMfcc(Material.SampleRateHz).Process(window, textbook);

        for (int i = 0; i < ours.Length; i++)
        {
            Assert.Equal(textbook[i], ours[i], 0.01);
        }
    }

    private static double Lufs(float[] samples)
    {
        using LoudnessMeter meter = new(Material.SampleRateHz, 2);
        meter.Add(samples);
        return meter.Read().IntegratedLufs;
    }
}
