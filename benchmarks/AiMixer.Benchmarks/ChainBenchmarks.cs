using AiMixer.Benchmarks.Peers;
using BenchmarkDotNet.Attributes;

namespace AiMixer.Benchmarks;

/// <summary>Gate, compressor, equaliser and limiter: the core's, against the same written down from the textbook in C#.</summary>
[AudioSeconds(Material.BlockSeconds)]
public class ChainBenchmarks
{
    private readonly float[] _output = new float[2 * Material.BlockFrames];
    private float[] _music = [];
    private ChannelStrip _strip = new();
    private TextbookChain _textbook = new(Material.SampleRateHz, 2);
    private int _block;

    [Params(1, 2)]
    public int Channels { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        _music = Material.Music(Material.SampleRateHz, Channels);
        _strip.Dispose();

        // Sample peaks only, and no meters: the textbook has none.
        _strip = new ChannelStrip(new ChannelStripOptions { Channels = Channels, Meters = StripMeters.None });
        _strip.Set("limiter.true_peak", 0);
        _strip.Set("eq.low_gain_db", TextbookChain.LowGainDb);
        _strip.Set("eq.mid_gain_db", TextbookChain.MidGainDb);
        _strip.Set("eq.high_gain_db", TextbookChain.HighGainDb);
        _strip.Set("limiter.input_gain_db", TextbookChain.LimiterGainDb);
        _textbook = new TextbookChain(Material.SampleRateHz, Channels);
    }

    [GlobalCleanup]
    public void Free() => _strip.Dispose();

    [Benchmark(Baseline = true, Description = "AI Mixer")]
    public void Ours() => _strip.Process(Next(), _output.AsSpan(0, Channels * Material.BlockFrames));

    [Benchmark(Description = "textbook in C#")]
    public void Textbook() => _textbook.Process(Next(), _output.AsSpan(0, Channels * Material.BlockFrames));

    private ReadOnlySpan<float> Next()
    {
        int length = Channels * Material.BlockFrames;
        _block = (_block + 1) % (_music.Length / length);
        return _music.AsSpan(_block * length, length);
    }
}
