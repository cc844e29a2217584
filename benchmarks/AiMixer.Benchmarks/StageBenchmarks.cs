using BenchmarkDotNet.Attributes;

namespace AiMixer.Benchmarks;

/// <summary>What a strip costs with one stage alone, with all of the neutral profile, and with the genres' profiles.</summary>
[AudioSeconds(Material.BlockSeconds)]
public class StageBenchmarks
{
    private static readonly string[] Switches =
        [.. Parameter.All.Select(parameter => parameter.Key).Where(key => key.EndsWith(".enabled", StringComparison.Ordinal))];

    private readonly float[] _music = Material.Music(Material.SampleRateHz, 2);
    private readonly float[] _output = new float[2 * Material.BlockFrames];
    private ChannelStrip _strip = new();
    private int _block;

    public static IEnumerable<string> Works =>
        ["nothing", .. Switches.Select(key => key.Split('.')[0]), "chain", "chain and meters", "speech", "rock", "jazz", "electronic", "classical"];

    [ParamsSource(nameof(Works))]
    public string Work { get; set; } = "nothing";

    [GlobalSetup]
    public void Prepare()
    {
        _strip.Dispose();
        _strip = new ChannelStrip(new ChannelStripOptions
        {
            Meters = Work is "nothing" or "chain" || IsStage ? StripMeters.None : StripMeters.Output,
        });
        if (Enum.TryParse(Work, ignoreCase: true, out Genre genre))
        {
            _strip.SetGenre(genre);
        }

        foreach (string key in Switches.Where(_ => Work == "nothing" || IsStage))
        {
            _strip.Set(key, key.Split('.')[0] == Work ? 1 : 0);
        }

        if (IsStage || Work.StartsWith("chain", StringComparison.Ordinal))
        {
            // Neutral, most of them would have nothing to do.
            foreach ((string key, float value) in new[]
            {
                ("eq.low_gain_db", 3f), ("eq.mid_gain_db", -2f), ("eq.high_gain_db", 2f), ("saturator.drive_db", 6f),
                ("saturator.wet_percent", 50f), ("stereo.width", 1.25f), ("limiter.input_gain_db", 6f),
            })
            {
                _strip.Set(key, value);
            }
        }
    }

    [GlobalCleanup]
    public void Free() => _strip.Dispose();

    [Benchmark(Description = "stereo, 960 frames")]
    public void Process()
    {
        _strip.Process(_music.AsSpan(2 * Material.BlockFrames * _block, 2 * Material.BlockFrames), _output);
        _block = (_block + 1) % (Material.SampleRateHz / Material.BlockFrames);
    }

    private bool IsStage => Switches.Contains($"{Work}.enabled", StringComparer.Ordinal);
}
