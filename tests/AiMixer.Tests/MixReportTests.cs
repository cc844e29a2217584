using System.Text.Json;

namespace AiMixer.Tests;

public sealed class MixReportTests
{
    private static readonly string[] s_loudnessNames =
        ["integratedLufs", "shortTermMaxLufs", "momentaryMaxLufs", "lraLu", "truePeakDbtp", "samplePeakDbfs", "rmsDbfs"];

    [Fact]
    public void Report_has_the_agreed_shape()
    {
        (_, MixReport report) = OfflineMixerTests.Mix(
            new OfflineMixer(new OfflineMixOptions { RequestedGenre = "auto" }), Signals.Programme(48_000, 4), 48_000, 2);
        report = report with { Input = report.Input with { Path = "in.wav" }, Output = report.Output with { Path = "out.wav" } };

        using JsonDocument document = JsonDocument.Parse(report.ToJson());

        JsonElement root = document.RootElement;
        AssertNames(
            root, "version", "input", "output", "genre", "targetLufs", "parameters", "gainReductionDb", "levelerGainDb", "features",
            "latencyFrames", "realTimeFactor", "nonFiniteSamples", "limiterClampedSamples");
        foreach ((string name, string path) in new[] { ("input", "in.wav"), ("output", "out.wav") })
        {
            JsonElement programme = root.GetProperty(name);
            AssertNames(programme, "path", "sampleRate", "channels", "seconds", "loudness");
            Assert.Equal(path, programme.GetProperty("path").GetString());
            Assert.Equal(48_000, programme.GetProperty("sampleRate").GetInt32());
            Assert.Equal(2, programme.GetProperty("channels").GetInt32());
            Assert.Equal(4, programme.GetProperty("seconds").GetDouble());
            AssertNames(programme.GetProperty("loudness"), s_loudnessNames);
            Assert.All(
                programme.GetProperty("loudness").EnumerateObject(),
                level => Assert.Equal(JsonValueKind.Number, level.Value.ValueKind));
        }

        JsonElement genre = root.GetProperty("genre");
        AssertNames(genre, "requested", "applied", "reason", "confidence", "probabilities", "timeline", "changes");
        Assert.Equal("auto", genre.GetProperty("requested").GetString());
        Assert.Equal("neutral", genre.GetProperty("applied").GetString());
        Assert.Equal(JsonValueKind.Null, genre.GetProperty("confidence").ValueKind);
        Assert.Equal(0, genre.GetProperty("timeline").GetArrayLength());

        Assert.Equal(Parameter.All.Length, root.GetProperty("parameters").GetArrayLength());
        Assert.All(root.GetProperty("parameters").EnumerateArray(), row =>
        {
            AssertNames(row, "id", "value", "unit", "reason");
            Assert.Equal(
                Parameter.Find(row.GetProperty("id").GetString()!).UnitLabel, row.GetProperty("unit").GetString());
        });

        AssertNames(root.GetProperty("gainReductionDb"), "gate", "deEsser", "compressor", "limiter");
        Assert.Equal(JsonValueKind.Null, root.GetProperty("levelerGainDb").ValueKind);
        Assert.All(
            root.GetProperty("gainReductionDb").EnumerateObject(), stage => AssertNames(stage.Value, "average", "maximum"));
        AssertNames(root.GetProperty("features"), "mfccMean", "spectralCentroidHz", "zeroCrossingRate");
        Assert.Equal(13, root.GetProperty("features").GetProperty("mfccMean").GetArrayLength());
        Assert.Equal(AiMixerInfo.Version, root.GetProperty("version").GetString());
    }

    [Fact]
    public void Silence_is_null()
    {
        using var source = new MemoryAudioSource(new float[96_000], 48_000, 2);

        using JsonDocument document = JsonDocument.Parse(OfflineMixer.Analyze(source).ToJson());

        JsonElement loudness = document.RootElement.GetProperty("input").GetProperty("loudness");
        Assert.All(s_loudnessNames.Where(name => name != "lraLu"), name =>
            Assert.Equal(JsonValueKind.Null, loudness.GetProperty(name).ValueKind));
        Assert.Equal(0, loudness.GetProperty("lraLu").GetSingle());
    }

    [Fact]
    public void Analysis_has_the_parts_that_apply()
    {
        using var source = new MemoryAudioSource(Signals.Programme(48_000, 1), 48_000, 2);

        using JsonDocument document = JsonDocument.Parse(OfflineMixer.Analyze(source).ToJson());

        AssertNames(document.RootElement, "version", "input", "genre", "features", "nonFiniteSamples");
    }

    [Fact]
    public void An_empty_programme_still_gives_a_report()
    {
        (float[] output, MixReport report) = OfflineMixerTests.Mix(new OfflineMixer(), [], 48_000, 2);

        using JsonDocument document = JsonDocument.Parse(report.ToJson());

        Assert.Empty(output);
        Assert.Equal(JsonValueKind.Null, document.RootElement.GetProperty("features").ValueKind);
        Assert.Equal(0, document.RootElement.GetProperty("realTimeFactor").GetDouble());
    }

    private static void AssertNames(JsonElement element, params string[] names) =>
        Assert.Equal(names, element.EnumerateObject().Select(member => member.Name));
}
