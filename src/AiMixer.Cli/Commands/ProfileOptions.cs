using System.CommandLine;
using System.Globalization;

namespace AiMixer.Cli.Commands;

/// <summary>
/// The options that say how to mix: <c>--genre</c>, <c>--live</c>, <c>--genre-weight</c>, <c>--profile</c>, <c>--intensity</c>
/// and <c>--set</c>.
/// </summary>
internal sealed class ProfileOptions
{
    private const string Auto = "auto";

    private readonly Option<string?> _genre = new("--genre")
    {
        Description = $"Mix profile by genre: {Auto} (the default: what it is recognised as), neutral, speech, rock, jazz, electronic or classical.",
        HelpName = "GENRE",
    };

    private readonly Option<bool> _live = new("--live")
    {
        Description = "With auto: decide as it plays, and change while it plays, instead of once for the whole file.",
    };

    private readonly GenreWeightOption _weights = new();

    private readonly Option<string?> _intensity = new("--intensity")
    {
        Description = "How much of what the profile does is done, in per cent (default 100). Loudness target and ceiling stay.",
        HelpName = "0..100",
    };

    private readonly Option<string?> _profile = new("--profile")
    {
        Description = "Mix profile from a file, as 'aimixer profile show' writes it.",
        HelpName = "FILE.json",
    };

    private readonly Option<string[]> _set = new("--set")
    {
        Description = "Set one parameter, such as compressor.ratio=2; may be repeated.",
        HelpName = "KEY=VALUE",
        AllowMultipleArgumentsPerToken = false,
    };

    /// <param name="command">The command that is to understand them.</param>
    /// <param name="offerLive">Whether <c>--live</c> is a choice; what plays is always live.</param>
    public void AddTo(Command command, bool offerLive)
    {
        command.Options.Add(_genre);
        if (offerLive)
        {
            command.Options.Add(_live);
        }

        _weights.AddTo(command);
        command.Options.Add(_profile);
        command.Options.Add(_intensity);
        command.Options.Add(_set);
    }

    public OfflineMixOptions Read(ParseResult parsed)
    {
        string? genre = parsed.GetValue(_genre);
        string? file = parsed.GetValue(_profile);
        if (genre is not null && file is not null)
        {
            throw Failure.Usage("--genre and --profile exclude each other");
        }

        bool recognises = file is null && genre is null or Auto;
        bool live = parsed.GetValue(_live);
        if (!recognises && (live || _weights.IsGiven(parsed)))
        {
            throw Failure.Usage(
                $"{(live ? "--live" : GenreWeightOption.Name)} needs --genre {Auto}: nothing is recognised with a {(file is null ? "genre" : "profile")} that is given");
        }

        float intensity = Intensity(parsed.GetValue(_intensity));
        Dictionary<string, float> overrides = Overrides(parsed.GetValue(_set) ?? []);
        OfflineMixOptions options = new() { IntensityPercent = intensity, Overrides = overrides };
        if (recognises)
        {
            return options with { Genre = Genre.Auto, Live = live, GenreWeights = _weights.Read(parsed) };
        }

        return file is not null
            ? options with { Profile = Load(file) }
            : options with { Profile = BuiltIn("--genre ", genre!, Auto), RequestedGenre = genre! };
    }

    /// <summary>A built-in profile by name, or a complaint that lists what there is.</summary>
    public static MixProfile BuiltIn(string option, string name, params string[] alsoAllowed) =>
        MixProfile.BuiltIn.FirstOrDefault(profile => profile.Name == name) ?? throw Failure.Usage(
            $"{option}{name} is not available ({string.Join(", ", alsoAllowed.Concat(MixProfile.BuiltIn.Select(p => p.Name)))})");

    /// <summary>Reads a whole text file, or says why that cannot be.</summary>
    public static string ReadText(string file)
    {
        if (Directory.Exists(file))
        {
            throw Failure.Unreadable(file, "is a folder (a profile is needed)");
        }

        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception exception) when (Failure.IsFileSystem(exception))
        {
            throw Failure.Unreadable(file, exception);
        }
    }

    private static MixProfile Load(string file)
    {
        string text = ReadText(file);
        try
        {
            return MixProfile.Parse(text);
        }
        catch (FormatException exception)
        {
            throw Failure.Unreadable(file, exception.Message);
        }
    }

    private static float Intensity(string? text)
    {
        if (text is null)
        {
            return ChannelStrip.IntensityMaximum;
        }

        return float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out float percent) &&
            percent is >= 0 and <= ChannelStrip.IntensityMaximum
            ? percent
            : throw Failure.Usage(string.Create(
                CultureInfo.InvariantCulture, $"--intensity {text} is not possible (0 to {ChannelStrip.IntensityMaximum} %)"));
    }

    private static Dictionary<string, float> Overrides(string[] settings)
    {
        Dictionary<string, float> overrides = [];
        foreach (string setting in settings)
        {
            string[] parts = setting.Split('=', 2);
            if (parts.Length != 2)
            {
                throw Failure.Usage($"--set {setting} has no value (KEY=VALUE, such as compressor.ratio=2)");
            }

            if (!Parameter.TryFind(parts[0], out Parameter? parameter))
            {
                throw Failure.Usage(
                    $"--set {setting}: there is no parameter {parts[0]} ({string.Join(", ", Near(parts[0]))})");
            }

            overrides[parameter.Key] = Value(setting, parts[1], parameter);
        }

        return overrides;
    }

    private static float Value(string setting, string text, Parameter parameter)
    {
        float? value = text switch
        {
            "on" or "true" when parameter.Unit == ParameterUnit.Boolean => 1,
            "off" or "false" when parameter.Unit == ParameterUnit.Boolean => 0,
            _ => float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out float number) ? number : null,
        };
        if (value is { } inRange && inRange >= parameter.Minimum && inRange <= parameter.Maximum)
        {
            return inRange;
        }

        string allowed = parameter.Unit == ParameterUnit.Boolean
            ? "on or off"
            : string.Create(
                CultureInfo.InvariantCulture, $"{parameter.Minimum} to {parameter.Maximum} {parameter.UnitLabel}").TrimEnd();
        throw Failure.Usage($"--set {setting} is not possible ({allowed})");
    }

    /// <summary>The parameters of the same stage; without a known stage, the stages themselves.</summary>
    private static IEnumerable<string> Near(string key)
    {
        string stage = key.Split('.')[0] + ".";
        string[] ofStage = [.. Parameter.All.Select(parameter => parameter.Key).Where(k => k.StartsWith(stage, StringComparison.Ordinal))];
        return ofStage.Length > 0 ? ofStage : Parameter.All.Select(parameter => parameter.Key.Split('.')[0] + ".*").Distinct();
    }
}
