using System.Text.Json;

namespace AiMixer.Cli.Tests;

/// <summary>"-" is standard input and standard output, and nothing but data comes out of the latter.</summary>
public sealed class PipeTests : IDisposable
{
    private readonly ScratchFolder _folder = new();
    private readonly Sound _sound = Sound.Programme(0.5).On16BitGrid();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Wav_in_wav_out()
    {
        Outcome outcome = Aimixer.RunWith(WaveFile.Encode(_sound, 16), "mix", "-", "-o", "-", "--bypass", "--bits", "16");
        Assert.Equal(0, outcome.ExitCode);
        Assert.Equal(_sound.Samples, WaveFile.Decode(outcome.Data).Sound.Samples);
        Assert.Contains("Integrated loudness", outcome.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Aiff_from_a_pipe_is_recognised() => Assert.Equal(
        _sound.Samples,
        WaveFile.Decode(Aimixer.RunWith(WaveFile.EncodeAiff(_sound), "mix", "-", "-o", "-", "--bypass").Data).Sound.Samples);

    [Fact]
    public void A_pipe_is_read_as_often_as_a_target_needs()
    {
        string report = _folder["r.json"];
        byte[] input = WaveFile.Encode(Sound.Programme(4), 16);
        Outcome outcome = Aimixer.RunWith(input, "mix", "-", "-o", "-", "--target", "-20", "--report", report);
        Assert.Equal(0, outcome.ExitCode);
        Assert.Equal(192000, WaveFile.Decode(outcome.Data).Sound.Frames);
        using JsonDocument json = JsonDocument.Parse(File.ReadAllText(report));
        Assert.Equal(-20, json.RootElement.GetProperty("output").GetProperty("loudness").GetProperty("integratedLufs").GetDouble(), 0.05);
    }

    [Fact]
    public void Report_and_json_are_all_that_is_on_standard_output()
    {
        string input = _folder.Write("in.wav", WaveFile.Encode(_sound, 16));
        using JsonDocument report = JsonDocument.Parse(Aimixer.Run("mix", input, "-o", _folder["out.wav"], "--report", "-").Text);
        using JsonDocument analysis = JsonDocument.Parse(Aimixer.Run("analyze", input, "--json").Text);
        Assert.Equal(input, report.RootElement.GetProperty("input").GetProperty("path").GetString());
        Assert.Equal(input, analysis.RootElement.GetProperty("input").GetProperty("path").GetString());
    }

    [Fact]
    public void No_progress_bar_where_there_is_no_terminal()
    {
        string input = _folder.Write("in.wav", WaveFile.Encode(_sound, 16));
        Outcome outcome = Aimixer.Run("mix", input, "-o", _folder["out.wav"]);
        Assert.DoesNotContain('\r', outcome.Errors);
        Assert.DoesNotContain('\u001b', outcome.Errors);
    }

    [Fact]
    public void An_empty_pipe_is_unreadable()
    {
        Outcome outcome = Aimixer.RunWith([], "mix", "-", "-o", "-", "-q");
        Assert.Equal((3, 0), (outcome.ExitCode, outcome.Data.Length));
        Assert.StartsWith("aimixer: standard input: is empty", Assert.Single(outcome.ErrorLines), StringComparison.Ordinal);
    }

    [Fact]
    public void A_reader_that_goes_away_is_a_failed_write()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "a Unix shell");
        string input = _folder.Write("in.wav", WaveFile.Encode(Sound.Programme(20), 16));
        Outcome outcome = Aimixer.Shell($"$AIMIXER mix '{input}' -o - -q | head -c 100 > /dev/null; exit ${{PIPESTATUS[0]}}");
        Assert.Equal(4, outcome.ExitCode);
        Assert.StartsWith("aimixer: standard output: ", Assert.Single(outcome.ErrorLines), StringComparison.Ordinal);
    }

    [Fact]
    public void Process_substitution_is_an_input()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "a Unix shell");
        string input = _folder.Write("in.wav", WaveFile.Encode(_sound, 16));
        Outcome outcome = Aimixer.Shell($"$AIMIXER mix <(cat '{input}') -o '{_folder["out.wav"]}' --bypass");
        Assert.Equal(0, outcome.ExitCode);
        Assert.Equal(_sound.Samples, WaveFile.Decode(File.ReadAllBytes(_folder["out.wav"])).Sound.Samples);
    }
}
