using BenchmarkDotNet.Attributes;

namespace AiMixer.Benchmarks;

/// <summary>What the way into the core and back costs, whatever is done there.</summary>
public class InteropBenchmarks
{
    private readonly float[] _block = new float[2 * Material.BlockFrames];
    private readonly ChannelStrip _strip = new(new ChannelStripOptions { Meters = StripMeters.None });

    public InteropBenchmarks() => _strip.Bypass = true;

    [GlobalCleanup]
    public void Free() => _strip.Dispose();

    [Benchmark(Description = "one number (LatencyFrames)")]
    public int Number() => _strip.LatencyFrames;

    [Benchmark(Description = "all metrics (Metrics)")]
    public StripMetrics Metrics() => _strip.Metrics;

    [Benchmark(Description = "set a parameter (Set)")]
    public void Set() => _strip.Set(ParameterId.CompressorRatio, 4);

    [Benchmark(Description = "process 1 frame")]
    public void OneFrame() => _strip.Process(_block.AsSpan(0, 2));

    [Benchmark(Description = "process 960 frames, bypassed")]
    [AudioSeconds(Material.BlockSeconds)]
    public void Block() => _strip.Process(_block);
}
