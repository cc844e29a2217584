using System.Text.Json;

namespace AiMixer.Cli.Tests;

/// <summary>Mixing by genre, and the profiles behind it.</summary>
public sealed class GenreTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("speech", -16)]
    [InlineData("rock", -14)]
    [InlineData("jazz", -16)]
    [InlineData("electronic", -14)]
    [InlineData("classical", -20)]
    public void A_genre_is_applied_and_has_its_loudness(string genre, double target)
    {
        JsonElement report = Mix(12, out Outcome outcome, "--genre", genre);

        Assert.Equal("", outcome.Errors);
        Assert.Equal(genre, report.GetProperty("genre").GetProperty("requested").GetString());
        Assert.Equal(genre, report.GetProperty("genre").GetProperty("applied").GetString());
        JsonElement loudness = report.GetProperty("output").GetProperty("loudness");
        Assert.Equal(target, loudness.GetProperty("integratedLufs").GetDouble(), 0.1);
        Assert.True(loudness.GetProperty("truePeakDbtp").GetDouble() <= -1 + 0.01);
        Assert.Contains("Input gain", outcome.Text, StringComparison.Ordinal);
        Assert.Equal(genre is "speech" or "electronic", outcome.Text.Contains("de-esser", StringComparison.Ordinal));
        JsonElement leveler = report.GetProperty("levelerGainDb");
        bool oneGain = genre is "jazz" or "classical";
        Assert.Equal(!oneGain, outcome.Text.Contains("Leveler gain", StringComparison.Ordinal));
        Assert.Equal(oneGain ? JsonValueKind.Null : JsonValueKind.Object, leveler.ValueKind);
        Assert.All(
            oneGain ? [] : leveler.EnumerateObject(), gain => Assert.Contains(gain.Name, (string[])["final", "minimum", "maximum"]));
    }

    [Fact]
    public void Stages_that_are_off_have_no_line()
    {
        Mix(1, out Outcome outcome, "--genre", "neutral");

        Assert.DoesNotContain("Leveler", outcome.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Input gain", outcome.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("de-esser", outcome.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_of_the_leveler_bring_it_back()
    {
        JsonElement report = Mix(10, out Outcome outcome, "--genre", "classical", "--set", "leveler.max_cut_db=3");

        Assert.Contains("Leveler gain", outcome.Text, StringComparison.Ordinal);
        JsonElement[] parameters = [.. report.GetProperty("parameters").EnumerateArray()];
        JsonElement cut = parameters.Single(row => row.GetProperty("id").GetString() == "leveler.max_cut_db");
        Assert.Equal((3, "override"), (cut.GetProperty("value").GetDouble(), cut.GetProperty("reason").GetString()));
    }

    [Fact]
    public void A_target_of_ones_own_counts_more_and_intensity_is_told()
    {
        JsonElement report = Mix(10, out _, "--genre", "rock", "--target", "-20", "--intensity", "50");

        Assert.Equal(-20, report.GetProperty("output").GetProperty("loudness").GetProperty("integratedLufs").GetDouble(), 0.1);
        JsonElement[] parameters = [.. report.GetProperty("parameters").EnumerateArray()];
        Assert.Contains(parameters, row => row.GetProperty("reason").GetString() == "profile rock at 50 %");
        Assert.Contains(parameters, row => row.GetProperty("reason").GetString() == "loudness target -20 LUFS");
    }

    [Fact]
    public void A_genre_that_silence_cannot_follow_is_a_warning()
    {
        string input = _folder.Write("in.wav", WaveFile.Encode(Sound.Silence(1), 16));

        Outcome outcome = Aimixer.Run("mix", input, "-o", _folder["out.wav"], "--genre", "jazz", "-q");

        Assert.Equal(0, outcome.ExitCode);
        Assert.Contains("loudness target -16 LUFS not met", Assert.Single(outcome.ErrorLines), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_genre_the_file_is_mixed_as_what_it_is()
    {
        JsonElement report = Mix(6, out Outcome outcome, "--genre-weight", "speech=0", "--genre-weight", "jazz=0", "--genre-weight", "electronic=0", "--genre-weight", "classical=0");

        JsonElement genre = report.GetProperty("genre");
        Assert.Equal("", outcome.Errors);
        Assert.Equal("auto", genre.GetProperty("requested").GetString());
        Assert.Equal("rock", genre.GetProperty("applied").GetString());
        Assert.Contains("genre rock (100 % sure)", outcome.Text, StringComparison.Ordinal);
        Assert.Contains("Recognised: rock has 1.00 over the whole programme", outcome.Text, StringComparison.Ordinal);
        Assert.Equal(-14, report.GetProperty("targetLufs").GetDouble());
        byte[] recognised = File.ReadAllBytes(_folder["out.wav"]);
        Mix(6, out _, "--genre", "rock");
        Assert.Equal(File.ReadAllBytes(_folder["out.wav"]), recognised);
    }

    [Fact]
    public void A_live_mix_reports_every_change_and_why()
    {
        JsonElement genre = Mix(6, out Outcome outcome, "--live", "--genre-weight", "speech=0", "--genre-weight", "jazz=0", "--genre-weight", "electronic=0", "--genre-weight", "rock=0")
            .GetProperty("genre");

        Assert.Equal("", outcome.Errors);
        Assert.Contains("live", genre.GetProperty("reason").GetString(), StringComparison.Ordinal);
        JsonElement change = Assert.Single(genre.GetProperty("changes").EnumerateArray());
        Assert.Equal("neutral", change.GetProperty("from").GetString());
        Assert.Equal("classical", change.GetProperty("to").GetString());
        Assert.Equal("leads", change.GetProperty("rule").GetString());
        Assert.Equal(1.5, change.GetProperty("seconds").GetDouble(), 0.02);
        Assert.Equal(1, change.GetProperty("probabilities").GetProperty("classical").GetDouble());
    }

    [Fact]
    public void Files_are_classified_as_a_table_and_as_lines_of_json()
    {
        string song = _folder.Write("song.wav", WaveFile.Encode(Sound.Programme(4), 16));
        string silence = _folder.Write("silence.wav", WaveFile.Encode(Sound.Silence(2), 16));

        Outcome table = Aimixer.Run("classify", song, silence);
        Outcome json = Aimixer.Run("classify", song, silence, "--json");

        Assert.Equal((0, "", 0, ""), (table.ExitCode, table.Errors, json.ExitCode, json.Errors));
        string[] lines = table.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(3, lines.Length);
        Assert.Equal(["genre", "speech", "rock", "jazz", "electronic", "classical"], Words(lines[0]));
        Assert.Equal(100, Words(lines[1])[^5..].Sum(double.Parse), 3.0);
        Assert.Equal(["unknown", "-", "-", "-", "-", "-"], Words(lines[2])[^6..]);
        JsonElement[] rows = [.. json.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonSerializer.Deserialize<JsonElement>(line))];
        Assert.Equal([song, silence], rows.Select(row => row.GetProperty("path").GetString()));
        Assert.Equal(1, rows[0].GetProperty("probabilities").EnumerateObject().Sum(one => one.Value.GetDouble()), 1e-4);
        Assert.Equal(JsonValueKind.Null, rows[1].GetProperty("confidence").ValueKind);
        Assert.Equal("unknown", rows[1].GetProperty("genre").GetString());
    }

    [Fact]
    public void A_long_name_does_not_push_the_columns_aside()
    {
        string song = _folder.Write($"{new string('a', 60)}-end.wav", WaveFile.Encode(Sound.Silence(1), 16));

        string[] lines = Aimixer.Run("classify", song).Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.StartsWith("…", lines[1], StringComparison.Ordinal);
        Assert.Equal(lines[0].IndexOf("genre", StringComparison.Ordinal), lines[1].IndexOf("unknown", StringComparison.Ordinal));
        Assert.Contains("-end.wav", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_cannot_be_read_does_not_keep_the_others_from_being_classified()
    {
        string song = _folder.Write("song.wav", WaveFile.Encode(Sound.Programme(2), 16));

        Outcome outcome = Aimixer.Run("classify", _folder["absent.wav"], song);

        Assert.Equal(3, outcome.ExitCode);
        Assert.Contains("absent.wav: no such file", Assert.Single(outcome.ErrorLines), StringComparison.Ordinal);
        Assert.Equal(2, outcome.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public void Standard_input_can_be_classified()
    {
        Outcome outcome = Aimixer.RunWith(WaveFile.Encode(Sound.Programme(2), 16), "classify", "-", "--json");

        Assert.Equal(0, outcome.ExitCode);
        Assert.StartsWith("{\"path\":\"-\"", outcome.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void An_analysis_tells_and_draws_the_genre_over_time()
    {
        string input = _folder.Write("in.wav", WaveFile.Encode(Sound.Programme(5), 16));

        Outcome outcome = Aimixer.Run("analyze", input, "--json", "--plot", _folder["p.svg"]);

        JsonElement genre = JsonSerializer.Deserialize<JsonElement>(outcome.Text).GetProperty("genre");
        JsonElement[] moments = [.. genre.GetProperty("timeline").EnumerateArray()];
        Assert.Equal(0, moments[0].GetProperty("seconds").GetDouble());
        Assert.Equal("unknown", moments[0].GetProperty("genre").GetString());
        string svg = File.ReadAllText(_folder["p.svg"]);
        Assert.Contains(">Genre<", svg, StringComparison.Ordinal);
        Assert.Contains("class=\"genre-unknown\"", svg, StringComparison.Ordinal);
        Assert.Contains("Genre", Aimixer.Run("analyze", input).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Profiles_are_listed_with_version_and_purpose()
    {
        string[] lines = Aimixer.Run("profile", "list").Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(
            ["neutral", "speech", "rock", "jazz", "electronic", "classical"], lines.Select(line => line.Split(' ')[0]));
        Assert.All(lines, line => Assert.Matches(@"^[a-z]+ +\d+  \S.*\.", line));
    }

    [Fact]
    public void A_shown_profile_is_a_good_one_and_mixes_as_its_genre()
    {
        string file = _folder["mine.json"];
        File.WriteAllText(file, Aimixer.Run("profile", "show", "rock").Text);

        Outcome check = Aimixer.Run("profile", "check", file);
        Mix(2, out _, "--genre", "rock");
        byte[] expected = File.ReadAllBytes(_folder["out.wav"]);
        Mix(2, out _, "--profile", file);

        Assert.Equal((0, "ok\n", ""), (check.ExitCode, check.Text, check.Errors));
        Assert.Equal(expected, File.ReadAllBytes(_folder["out.wav"]));
    }

    [Fact]
    public void Everything_wrong_with_a_profile_is_named()
    {
        string file = _folder["mine.json"];
        File.WriteAllText(
            file,
            """{"version":1,"name":"x","parameters":{"compressor.ratio":0.1,"nonsense":1,"eq.mid_gain_db":"loud"}}""");

        Outcome check = Aimixer.Run("profile", "check", file);

        Assert.Equal((3, ""), (check.ExitCode, check.Text));
        Assert.Equal(3, check.ErrorLines.Length);
        Assert.All(check.ErrorLines, line => Assert.StartsWith($"aimixer: {file}: ", line, StringComparison.Ordinal));
        Assert.Contains("compressor.ratio cannot be 0.1; 1 to 100 :1 is allowed", check.ErrorLines[0], StringComparison.Ordinal);
        Assert.Contains("nonsense", check.ErrorLines[1], StringComparison.Ordinal);
        Assert.Contains("eq.mid_gain_db cannot be \"loud\"", check.ErrorLines[2], StringComparison.Ordinal);
        Outcome folder = Aimixer.Run("profile", "check", _folder.Path);
        Assert.Equal(3, folder.ExitCode);
        Assert.EndsWith(": is a folder (a profile is needed)", Assert.Single(folder.ErrorLines), StringComparison.Ordinal);
        Outcome absent = Aimixer.Run("profile", "check", _folder["absent.json"]);
        Assert.Equal(3, absent.ExitCode);
        Assert.Contains("no such file", Assert.Single(absent.ErrorLines), StringComparison.Ordinal);
    }

    private JsonElement Mix(double seconds, out Outcome outcome, params string[] options)
    {
        string input = _folder.Write("in.wav", WaveFile.Encode(Sound.Programme(seconds), 16));
        outcome = Aimixer.Run(["mix", input, "-o", _folder["out.wav"], "--report", _folder["r.json"], .. options]);
        Assert.Equal(0, outcome.ExitCode);
        return JsonSerializer.Deserialize<JsonElement>(File.ReadAllText(_folder["r.json"]));
    }

    private static string[] Words(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
