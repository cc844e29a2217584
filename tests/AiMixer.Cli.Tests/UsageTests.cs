using System.Text.Json;

namespace AiMixer.Cli.Tests;

/// <summary>What the command line understands, what it teaches, and how it refuses.</summary>
public sealed class UsageTests : IDisposable
{
    private const int Usage = 2;

    private readonly ScratchFolder _folder = new();
    private readonly string _input;

    public UsageTests() => _input = _folder.Write("in.wav", WaveFile.Encode(Sound.Programme(0.5), 16));

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("--genre", "Rock", "(auto, neutral, speech, rock, jazz, electronic, classical)")]
    [InlineData("--genre", "polka", "(auto, neutral, speech, rock, jazz, electronic, classical)")]
    [InlineData("--intensity", "101", "0 to 100 %")]
    [InlineData("--intensity", "-1", "0 to 100 %")]
    [InlineData("--intensity", "NaN", "0 to 100 %")]
    [InlineData("--intensity", "half", "0 to 100 %")]
    [InlineData("--target", "loud", "-70 to 0 LUFS")]
    [InlineData("--target", "3", "-70 to 0 LUFS")]
    [InlineData("--target", "NaN", "-70 to 0 LUFS")]
    [InlineData("--bits", "12", "16, 24 or 32f")]
    [InlineData("--genre-weight", "polka=1", "(speech, rock, jazz, electronic, classical)")]
    [InlineData("--genre-weight", "rock", "GENRE=0 to 100")]
    [InlineData("--genre-weight", "rock=-1", "GENRE=0 to 100")]
    [InlineData("--genre-weight", "rock=nan", "GENRE=0 to 100")]
    [InlineData("--set", "compressor.ratio", "KEY=VALUE")]
    [InlineData("--set", "compressor.ratioo=2", "compressor.ratio,")]
    [InlineData("--set", "reverb.size=2", "compressor.*")]
    [InlineData("--set", "compressor.ratio=0.1", "1 to ")]
    [InlineData("--set", "compressor.ratio=much", "1 to ")]
    [InlineData("--set", "gate.enabled=maybe", "on or off")]
    public void A_value_that_is_not_possible_is_refused_with_what_is(string option, string value, string allowed)
    {
        Outcome outcome = Aimixer.Run("mix", _input, "-o", _folder["out.wav"], option, value, "-q");
        Assert.Equal(Usage, outcome.ExitCode);
        string line = Assert.Single(outcome.ErrorLines);
        Assert.Contains(option, line, StringComparison.Ordinal);
        Assert.Contains(value, line, StringComparison.Ordinal);
        Assert.Contains(allowed, line, StringComparison.Ordinal);
        Assert.Equal(["in.wav"], _folder.Content);
    }

    [Theory]
    [InlineData("out.mp3", null, ".wav, .flac, .ogg")]
    [InlineData("out", null, ".wav, .flac, .ogg")]
    [InlineData("out.flac", "32f", "16 or 24")]
    [InlineData("out.ogg", "16", "leave --bits out")]
    public void An_output_format_that_does_not_exist_is_refused(string output, string? bits, string allowed)
    {
        string[] option = bits is null ? [] : ["--bits", bits];
        Outcome outcome = Aimixer.Run(["mix", _input, "-o", _folder[output], "-q", .. option]);
        Assert.Equal(Usage, outcome.ExitCode);
        Assert.Contains(allowed, Assert.Single(outcome.ErrorLines), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mix")]
    [InlineData("mix in.wav")]
    [InlineData("mix -o out.wav")]
    [InlineData("mix in.wav --bogus -o out.wav")]
    [InlineData("mix - - -o out")]
    [InlineData("mix in.wav in.wav -o -")]
    [InlineData("mix in.wav -o - --report -")]
    [InlineData("mix in.wav -o out.wav --bypass --target -16")]
    [InlineData("mix in.wav -o out.wav --genre neutral --profile p.json")]
    [InlineData("mix in.wav -o out.wav --genre rock --live")]
    [InlineData("mix in.wav -o out.wav --profile p.json --live")]
    [InlineData("mix in.wav -o out.wav --genre jazz --genre-weight jazz=2")]
    [InlineData("classify")]
    [InlineData("classify - -")]
    [InlineData("classify --jsn")]
    [InlineData("classify in.wav --genre-weight speech=0 --genre-weight rock=0 --genre-weight jazz=0 --genre-weight electronic=0 --genre-weight classical=0")]
    [InlineData("analyze")]
    [InlineData("analyze --jsn")]
    [InlineData("analyze in.wav other.wav")]
    [InlineData("profile")]
    [InlineData("profile show")]
    [InlineData("profile show polka")]
    [InlineData("profile check")]
    [InlineData("profile check --all")]
    [InlineData("dance")]
    [InlineData("--bogus")]
    public void A_command_line_that_makes_no_sense_gives_one_line(string arguments)
    {
        Outcome outcome = Aimixer.Run(arguments.Split(' '));
        Assert.Equal((Usage, ""), (outcome.ExitCode, outcome.Text));
        Assert.StartsWith("aimixer: ", Assert.Single(outcome.ErrorLines), StringComparison.Ordinal);
    }

    [Fact]
    public void No_arguments_at_all_show_the_help()
    {
        Outcome outcome = Aimixer.Run();
        Assert.Equal((Usage, ""), (outcome.ExitCode, outcome.Text));
        Assert.Contains("Examples:", outcome.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--help", "Exit codes:")]
    [InlineData("mix --help", "Examples:")]
    [InlineData("analyze --help", "Examples:")]
    [InlineData("mix --help", "--intensity")]
    [InlineData("mix --help", "--live")]
    [InlineData("classify --help", "--genre-weight")]
    [InlineData("profile --help", "profile check mine.json")]
    [InlineData("--version", "aimixer 1.")]
    public void Help_and_version_are_asked_for(string arguments, string expected)
    {
        Outcome outcome = Aimixer.Run(arguments.Split(' '));
        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Errors));
        Assert.Contains(expected, outcome.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_shown_profile_can_be_changed_and_given_back()
    {
        Assert.Contains("neutral", Aimixer.Run("profile", "list").Text, StringComparison.Ordinal);
        string json = Aimixer.Run("profile", "show", "neutral").Text;
        using (JsonDocument shown = JsonDocument.Parse(json))
        {
            Assert.Equal(1, shown.RootElement.GetProperty("version").GetInt32());
        }

        File.WriteAllText(
            _folder["mine.json"],
            """{"version":1,"name":"mine","description":"","parameters":{"compressor.ratio":2}}""");
        Outcome outcome = Aimixer.Run(
            "mix", _input, "-o", _folder["out.wav"], "--profile", _folder["mine.json"], "--set", "gate.enabled=off", "--report", "-");
        Assert.Equal((0, "mine"), (outcome.ExitCode, Parameter(outcome, "genre")));
        Assert.Equal("2|profile mine", Parameter(outcome, "compressor.ratio"));
        Assert.Equal("0|override", Parameter(outcome, "gate.enabled"));
    }

    [Theory]
    [InlineData("""{"version":1,"name":"x","description":"","parameters":{"compressor.ratio":0.1}}""", "compressor.ratio")]
    [InlineData("""{"version":1,"name":"x","description":"","parameters":{"nonsense":1}}""", "nonsense")]
    [InlineData("{", "mine.json")]
    public void A_profile_that_cannot_be_used_is_named(string profile, string mentioned)
    {
        File.WriteAllText(_folder["mine.json"], profile);
        Outcome outcome = Aimixer.Run("mix", _input, "-o", _folder["out.wav"], "--profile", _folder["mine.json"], "-q");
        Assert.Equal(3, outcome.ExitCode);
        string line = Assert.Single(outcome.ErrorLines);
        Assert.StartsWith($"aimixer: {_folder["mine.json"]}: ", line, StringComparison.Ordinal);
        Assert.Contains(mentioned, line, StringComparison.Ordinal);
    }

    private static string Parameter(Outcome outcome, string id)
    {
        using JsonDocument report = JsonDocument.Parse(outcome.Text);
        if (id == "genre")
        {
            return report.RootElement.GetProperty("genre").GetProperty("applied").GetString()!;
        }

        JsonElement parameter = report.RootElement.GetProperty("parameters").EnumerateArray()
            .Single(element => element.GetProperty("id").GetString() == id);
        return $"{parameter.GetProperty("value").GetDouble()}|{parameter.GetProperty("reason").GetString()}";
    }
}
