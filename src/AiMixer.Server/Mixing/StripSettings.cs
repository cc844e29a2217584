using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using AiMixer.Server.Errors;
using AiMixer.Server.Hosting;

namespace AiMixer.Server.Mixing;

/// <summary>How audio is mixed: a <see cref="MixConfig"/> that was checked.</summary>
internal sealed record StripSettings
{
    private static readonly ImmutableDictionary<string, Genre> Genres =
        Enum.GetValues<Genre>().ToImmutableDictionary(GenreNames.ProfileName, StringComparer.Ordinal);

    private static readonly ImmutableDictionary<Genre, JsonEncodedText> EncodedNames =
        Enum.GetValues<Genre>().ToImmutableDictionary(genre => genre, genre => JsonEncodedText.Encode(genre.ProfileName()));

    public required int SampleRateHz { get; init; }

    public required int Channels { get; init; }

    public Genre Genre { get; init; }

    public bool Bypass { get; init; }

    public float? TargetLufs { get; init; }

    public float IntensityPercent { get; init; } = ChannelStrip.IntensityMaximum;

    public ImmutableArray<KeyValuePair<Parameter, float>> Parameters { get; init; } = [];

    /// <summary>Checks what a client said.</summary>
    /// <param name="config">What it said.</param>
    /// <param name="options">The server's own settings.</param>
    /// <param name="prefix">Stands in front of a field's name in a complaint.</param>
    /// <exception cref="ProblemException">A value is not allowed.</exception>
    public static StripSettings From(MixConfig config, ServerOptions options, string prefix)
    {
        return new StripSettings
        {
            SampleRateHz = SampleRateFrom($"{prefix}sampleRate", config.SampleRate ?? options.SampleRateHz),
            Channels = ChannelsFrom($"{prefix}channels", config.Channels ?? 1),
            Genre = GenreFrom($"{prefix}genre", config.Genre),
            Bypass = config.Bypass ?? false,
            TargetLufs = config.Target is float target
                ? InRange($"{prefix}target", target, OfflineMixOptions.TargetMinimumLufs, OfflineMixOptions.TargetMaximumLufs, "LUFS")
                : null,
            IntensityPercent = InRange(
                $"{prefix}intensity", config.Intensity ?? ChannelStrip.IntensityMaximum, 0, ChannelStrip.IntensityMaximum, "%"),
            Parameters = config.Parameters is null
                ? []
                : [.. config.Parameters.Select(pair => ParameterFrom($"{prefix}parameters.{pair.Key}", pair.Key, pair.Value))],
        };
    }

    /// <summary>A sample rate that the core takes.</summary>
    /// <exception cref="ProblemException">It lies outside the range.</exception>
    public static int SampleRateFrom(string field, int hz) => InRange(field, hz, 8_000, 192_000, "Hz");

    /// <summary>A number of channels that the core takes.</summary>
    /// <exception cref="ProblemException">It lies outside the range.</exception>
    public static int ChannelsFrom(string field, int channels) => InRange(field, channels, 1, 2, "channels");

    /// <summary>The name of a genre, ready to be written.</summary>
    public static JsonEncodedText EncodedNameOf(Genre genre) => EncodedNames[genre];

    /// <summary>A genre by its name; without one, what is recognised.</summary>
    /// <exception cref="ProblemException">There is no such genre.</exception>
    public static Genre GenreFrom(string field, string? name)
    {
        if (name is null)
        {
            return Genre.Auto;
        }

        return Genres.TryGetValue(name, out Genre genre)
            ? genre
            : throw Problems.Invalid(field, name, string.Join(", ", Enum.GetValues<Genre>().OrderBy(each => (int)each).Select(GenreNames.ProfileName)));
    }

    /// <summary>A parameter by its key.</summary>
    /// <exception cref="ProblemException">There is no such parameter.</exception>
    public static Parameter ParameterFrom(string field, string key) => Parameter.TryFind(key, out Parameter? parameter)
        ? parameter
        : throw Problems.Invalid(field, key, "a parameter, such as compressor.ratio; GET /parameters lists them");

    /// <summary>A parameter and a value that it may have.</summary>
    /// <exception cref="ProblemException">There is no such parameter, or the value lies outside its range.</exception>
    public static KeyValuePair<Parameter, float> ParameterFrom(string field, string key, float value)
    {
        Parameter parameter = ParameterFrom(field, key);
        if (!parameter.Allows(value))
        {
            string allowed = parameter.Unit == ParameterUnit.Boolean
                ? "0 or 1"
                : string.Create(CultureInfo.InvariantCulture, $"{parameter.Minimum} to {parameter.Maximum} {parameter.UnitLabel}").TrimEnd();
            throw Problems.Invalid(field, value.ToString(CultureInfo.InvariantCulture), allowed);
        }

        return new(parameter, value);
    }

    /// <summary>A number inside a range.</summary>
    /// <exception cref="ProblemException">It lies outside.</exception>
    public static T InRange<T>(string field, T value, T minimum, T maximum, string unit)
        where T : System.Numerics.INumber<T> =>
        value >= minimum && value <= maximum
            ? value
            : throw Problems.Invalid(
                field,
                value.ToString(null, CultureInfo.InvariantCulture),
                string.Create(CultureInfo.InvariantCulture, $"{minimum} to {maximum} {unit}"));

    /// <summary>The same for a programme that is mixed as a whole.</summary>
    public OfflineMixOptions ForProgramme() => new()
    {
        Genre = Genre,
        IntensityPercent = IntensityPercent,
        TargetLufs = TargetLufs,
        Bypass = Bypass,
        Overrides = Parameters.ToDictionary(pair => pair.Key.Key, pair => pair.Value),
    };

    /// <summary>
    /// The same for a stream, whose end nobody knows: a loudness target is what the leveler steers to.
    /// </summary>
    /// <param name="field">What the target is called in a complaint.</param>
    /// <exception cref="ProblemException">The leveler cannot steer to the target.</exception>
    public StripSettings ForStream(string field)
    {
        if (TargetLufs is not float target)
        {
            return this;
        }

        Parameter leveler = Parameter.Find(ParameterId.LevelerTargetLufs);
        return this with
        {
            TargetLufs = null,
            Parameters =
            [
                new(Parameter.Find(ParameterId.LevelerEnabled), 1),
                new(leveler, InRange(field, target, leveler.Minimum, leveler.Maximum, leveler.UnitLabel)),
                new(Parameter.Find(ParameterId.LevelerMonoOffsetDb), 0),
                .. Parameters,
            ],
        };
    }

    /// <summary>Sets a strip that has not processed anything yet.</summary>
    public void ApplyTo(ChannelStrip strip)
    {
        strip.SetGenre(Genre);
        strip.Intensity = IntensityPercent;
        foreach ((Parameter parameter, float value) in Parameters)
        {
            strip.Set(parameter.Id, value);
        }

        if (Bypass)
        {
            strip.Bypass = true;
        }
    }
}
