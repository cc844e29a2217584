using System.Text.Json;

namespace AiMixer.Cli.Tests;

/// <summary>The JSON that scripts rely on, and the table that people read.</summary>
public sealed class ReportTests : IDisposable
{
    private static readonly string[] Loudness =
    [
        "integratedLufs", "shortTermMaxLufs", "momentaryMaxLufs", "lraLu", "truePeakDbtp", "samplePeakDbfs", "rmsDbfs",
    ];

    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_mix_report_has_every_field()
    {
        JsonElement report = Mix(Sound.Programme(4), "--target", "-18", "--genre", "neutral");
        Assert.Equal(
            [
                "version", "input", "output", "genre", "targetLufs", "parameters", "gainReductionDb", "levelerGainDb", "features",
                "latencyFrames", "realTimeFactor", "nonFiniteSamples", "limiterClampedSamples",
            ],
            Names(report));
        foreach (string side in new[] { "input", "output" })
        {
            JsonElement programme = report.GetProperty(side);
            Assert.Equal(["path", "sampleRate", "channels", "seconds", "loudness"], Names(programme));
            Assert.Equal(_folder[side == "input" ? "in.wav" : "out.wav"], programme.GetProperty("path").GetString());
            Assert.Equal((48000, 2, 4.0), (programme.GetProperty("sampleRate").GetInt32(), programme.GetProperty("channels").GetInt32(), programme.GetProperty("seconds").GetDouble()));
            Assert.Equal(Loudness, Names(programme.GetProperty("loudness")));
        }

        Assert.Equal(["requested", "applied", "reason", "confidence", "probabilities", "timeline", "changes"], Names(report.GetProperty("genre")));
        Assert.All(report.GetProperty("parameters").EnumerateArray(), row => Assert.Equal(["id", "value", "unit", "reason"], Names(row)));
        Assert.Equal(["gate", "deEsser", "compressor", "limiter"], Names(report.GetProperty("gainReductionDb")));
        Assert.Equal(["average", "maximum"], Names(report.GetProperty("gainReductionDb").GetProperty("limiter")));
        Assert.Equal(["mfccMean", "spectralCentroidHz", "zeroCrossingRate"], Names(report.GetProperty("features")));
        Assert.Equal(13, report.GetProperty("features").GetProperty("mfccMean").GetArrayLength());
        Assert.Equal(-18, report.GetProperty("output").GetProperty("loudness").GetProperty("integratedLufs").GetDouble(), 0.05);
        Assert.True(report.GetProperty("output").GetProperty("loudness").GetProperty("truePeakDbtp").GetDouble() <= -0.1 + 0.01);
        Assert.Equal(0, report.GetProperty("limiterClampedSamples").GetInt64());
    }

    [Fact]
    public void Analysis_has_the_parts_that_apply()
    {
        string input = _folder.Write("in.wav", WaveFile.Encode(Sound.Programme(4), 16));
        using JsonDocument json = JsonDocument.Parse(Aimixer.Run("analyze", input, "--json").Text);
        Assert.Equal(["version", "input", "genre", "features", "nonFiniteSamples"], Names(json.RootElement));
        Assert.Equal(
            ["genre", "reason", "confidence", "probabilities", "timeline", "changes"],
            Names(json.RootElement.GetProperty("genre")));
        Assert.Equal(Loudness, Names(json.RootElement.GetProperty("input").GetProperty("loudness")));
    }

    [Fact]
    public void Silence_is_null_in_json_and_minus_infinity_in_the_table()
    {
        JsonElement loudness = Mix(Sound.Silence(1)).GetProperty("output").GetProperty("loudness");
        foreach (string name in Loudness.Where(name => name != "lraLu"))
        {
            Assert.Equal(JsonValueKind.Null, loudness.GetProperty(name).ValueKind);
        }

        Assert.Contains("-inf", Aimixer.Run("analyze", _folder["in.wav"]).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_target_that_silence_cannot_reach_is_a_warning()
    {
        string input = _folder.Write("in.wav", WaveFile.Encode(Sound.Silence(1), 16));
        Outcome outcome = Aimixer.Run("mix", input, "-o", _folder["out.wav"], "--target", "-16", "-q");
        Assert.Equal(0, outcome.ExitCode);
        string line = Assert.Single(outcome.ErrorLines);
        Assert.Contains("warning", line, StringComparison.Ordinal);
        Assert.Contains("-16", line, StringComparison.Ordinal);
    }

    [Fact]
    public void The_table_shows_before_and_after()
    {
        string input = _folder.Write("in.wav", WaveFile.Encode(Sound.Programme(4), 16));
        Outcome outcome = Aimixer.Run("mix", input, "-o", _folder["out.wav"], "--target", "-18");
        foreach (string part in new[]
        {
            "before", "after", "Integrated loudness", "-18.0  LUFS", "True peak", "Loudness range", "Sample peak", "RMS",
            "gate", "compressor", "limiter", "Latency", "x real time", "48000 Hz stereo, 4 s",
        })
        {
            Assert.Contains(part, outcome.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Quiet_says_nothing()
    {
        string input = _folder.Write("in.wav", WaveFile.Encode(Sound.Programme(0.5), 16));
        Outcome outcome = Aimixer.Run("mix", input, "-o", _folder["out.wav"], "-q");
        Assert.Equal((0, "", ""), (outcome.ExitCode, outcome.Text, outcome.Errors));
    }

    private JsonElement Mix(Sound sound, params string[] options)
    {
        string input = _folder.Write("in.wav", WaveFile.Encode(sound, 16));
        Outcome outcome = Aimixer.Run(["mix", input, "-o", _folder["out.wav"], "--report", _folder["r.json"], .. options]);
        Assert.Equal(0, outcome.ExitCode);
        return JsonSerializer.Deserialize<JsonElement>(File.ReadAllText(_folder["r.json"]));
    }

    private static string[] Names(JsonElement element) => [.. element.EnumerateObject().Select(property => property.Name)];
}
