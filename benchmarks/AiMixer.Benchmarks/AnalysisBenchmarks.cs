using AiMixer.Benchmarks.Peers;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;

namespace AiMixer.Benchmarks;

/// <summary>Features, loudness and genres, against the same written down from the textbook in C# and against libebur128.</summary>
[GroupBenchmarksBy(BenchmarkLogicalGroupRule.ByCategory)]
[CategoriesColumn]
public class AnalysisBenchmarks
{
    private const string Mfcc = "MFCC, one window";
    private const string Loudness = "loudness, stereo, 20 ms";
    private const string Genres = "genre, 3 s of features";

    private readonly float[] _window = Material.Music(Material.BlockFrames, 1);
    private readonly float[] _stereo = Material.Music(Material.BlockFrames, 2);
    private readonly float[] _coefficients = new float[GenreClassifier.Coefficients];
    private readonly MfccExtractor _extractor = new();
    private readonly TextbookMfcc _textbookMfcc = new(Material.SampleRateHz);
    private readonly LoudnessMeter _meter = new(Material.SampleRateHz, 2);
    private readonly TextbookLoudness _textbookMeter = new(2);
    private readonly GenreClassifier _classifier = new();
    private readonly Ebur128? _ebur128 = Ebur128.IsInstalled ? new Ebur128(Material.SampleRateHz, 2) : null;
    private float[] _features = [];

    [GlobalSetup]
    public void Prepare()
    {
        float[] heard = Material.Music(3 * Material.SampleRateHz, 1);
        _features = new float[_extractor.FramesFor(heard.Length) * GenreClassifier.Coefficients];
        _extractor.Process(heard, _features);
    }

    [GlobalCleanup]
    public void Free()
    {
        _extractor.Dispose();
        _meter.Dispose();
        _ebur128?.Dispose();
    }

    [Benchmark(Baseline = true, Description = "AI Mixer"), BenchmarkCategory(Mfcc)]
    public void OurMfcc()
    {
        _extractor.Reset();
        _extractor.Process(_window, _coefficients);
    }

    [Benchmark(Description = "textbook in C#"), BenchmarkCategory(Mfcc)]
    public void ManagedMfcc() => _textbookMfcc.Process(_window, _coefficients);

    [Benchmark(Baseline = true, Description = "AI Mixer, with true peak"), BenchmarkCategory(Loudness), AudioSeconds(Material.BlockSeconds)]
    public void OurLoudness() => _meter.Add(_stereo);

    [Benchmark(Description = "textbook in C#, no true peak"), BenchmarkCategory(Loudness), AudioSeconds(Material.BlockSeconds)]
    public void ManagedLoudness() => _textbookMeter.Add(_stereo);

    // Not run where it is not installed.
    [Benchmark(Description = "libebur128, with true peak"), BenchmarkCategory(Loudness), AudioSeconds(Material.BlockSeconds)]
    public void PeerLoudness() => _ebur128!.Add(_stereo);

    [Benchmark(Description = "AI Mixer"), BenchmarkCategory(Genres), AudioSeconds(3)]
    public GenreProbabilities OurGenres() => _classifier.Classify(_features);
}
