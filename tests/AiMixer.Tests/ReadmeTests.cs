namespace AiMixer.Tests;

/// <summary>The README's library example is this code, and this code runs.</summary>
public sealed class ReadmeTests
{
    [Fact]
    public void The_library_example_is_what_runs_here()
    {
        string[] readme = [.. Repository.Lines("README.md", "```csharp", "```")
            .Where(line => line != "using AiMixer;")];
        string[] here = Repository.Lines("tests/AiMixer.Tests/ReadmeTests.cs", "// README begins", "// README ends");
        Assert.NotEmpty(here);
        Assert.Equal(here, readme);
    }

    [Fact]
    public void The_library_example_runs()
    {
        // README begins
        // Live: any block size, in place, no allocation per call.
        using var strip = new ChannelStrip(new ChannelStripOptions { SampleRateHz = 48000, Channels = 2 });
        strip.SetGenre(Genre.Auto);                            // follows what it recognises; Genre.Speech pins
        strip.Set(ParameterId.CompressorThresholdDb, -24);     // stands above the profile
        float[] block = new float[2 * 960];
        strip.Process(block);
        Console.WriteLine($"{strip.Metrics.Output.MomentaryLufs} LUFS, {strip.Metrics.Compressor.NowDb} dB, latency {strip.LatencyFrames}");
        Console.WriteLine($"{strip.GenreReading.State}, {strip.GenreReading.Confidence:P0} sure, {strip.GenreEvents(0).Length} decisions");

        // Whole programmes: latency removed, loudness exactly on target.
        var source = new MemoryAudioSource(new float[2 * 48000], sampleRateHz: 48000, channels: 2);
        var sink = new MemoryAudioSink();
        MixReport report = new OfflineMixer(new OfflineMixOptions { Genre = Genre.Auto, TargetLufs = -16 }).Mix(source, sink);
        Console.WriteLine(report.ToJson());
        // README ends
        Assert.Equal(2 * 48000, sink.ToArray().Length);
    }
}
