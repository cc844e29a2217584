using System.CommandLine;
using System.Globalization;

namespace AiMixer.Cli.Commands;

/// <summary>The option <c>--genre-weight</c>: what the recognition may choose.</summary>
internal sealed class GenreWeightOption
{
    public const string Name = "--genre-weight";

    private readonly Option<string[]> _weights = new(Name)
    {
        Description = "Make a genre more or less likely to be recognised, 0 to 100: rock=0 forbids it, jazz=2 doubles it; may be repeated.",
        HelpName = "GENRE=WEIGHT",
        AllowMultipleArgumentsPerToken = false,
    };

    public void AddTo(Command command) => command.Options.Add(_weights);

    public bool IsGiven(ParseResult parsed) => parsed.GetValue(_weights) is { Length: > 0 };

    public GenreWeights Read(ParseResult parsed)
    {
        GenreWeights weights = GenreWeights.Equal;
        foreach (string text in parsed.GetValue(_weights) ?? [])
        {
            string[] parts = text.Split('=', 2);
            float weight = parts.Length == 2 &&
                float.TryParse(parts[1], NumberStyles.Float, CultureInfo.InvariantCulture, out float number) &&
                number is >= 0 and <= GenreWeights.Maximum
                ? number
                : throw Failure.Usage($"{Name} {text} is not possible (GENRE=0 to {GenreWeights.Maximum}, such as rock=0)");
            weights = parts[0] switch
            {
                "speech" => weights with { Speech = weight },
                "rock" => weights with { Rock = weight },
                "jazz" => weights with { Jazz = weight },
                "electronic" => weights with { Electronic = weight },
                "classical" => weights with { Classical = weight },
                _ => throw Failure.Usage($"{Name} {text}: there is no genre {parts[0]} (speech, rock, jazz, electronic, classical)"),
            };
        }

        return weights is { Speech: 0, Rock: 0, Jazz: 0, Electronic: 0, Classical: 0 }
            ? throw Failure.Usage($"{Name} forbids every genre (one at least must be above 0; --genre neutral recognises nothing)")
            : weights;
    }
}
