using System.Collections.Immutable;
using System.Globalization;
using AiMixer.Server.Errors;
using AiMixer.Server.Hosting;

namespace AiMixer.Server.Mixing;

/// <summary>How audio is mixed: a <see cref="MixConfig"/> that was checked.</summary>
internal sealed record StripSettings
{
    public const string Auto = "auto";

    private static readonly ImmutableDictionary<string, Genre> Genres =
        Enum.GetValues<Genre>().ToImmutableDictionary(NameOf, StringComparer.Ordinal);

    public required int SampleRateHz { get; init; }

    public required int Channels { get; init; }

    /// <summary>The genre; <see langword="null"/> follows what is recognised.</summary>
    public Genre? Genre { get; init; }

    public bool Bypass { get; init; }

    public float? TargetLufs { get; init; }

    public float IntensityPercent { get; init; } = ChannelStrip.IntensityMaximum;

    public ImmutableArray<KeyValuePair<Parameter, float>> Parameters { get; init; } = [];

    /// <summary>Checks what a client said.</summary>
    /// <exception cref="ProblemException">A value is not allowed.</exception>
    public static StripSettings From(MixConfig? config, ServerOptions options)
    {
        config ??= new MixConfig();
        return new StripSettings
        {
            SampleRateHz = InRange("config.sampleRate", config.SampleRate ?? options.SampleRateHz, 8_000, 192_000, "Hz"),
            Channels = InRange("config.channels", config.Channels ?? 1, 1, 2, "channels"),
            Genre = GenreFrom("config.genre", config.Genre ?? Auto),
            Bypass = config.Bypass ?? false,
            TargetLufs = config.Target is float target
                ? InRange("config.target", target, OfflineMixOptions.TargetMinimumLufs, OfflineMixOptions.TargetMaximumLufs, "LUFS")
                : null,
            IntensityPercent = InRange(
                "config.intensity", config.Intensity ?? ChannelStrip.IntensityMaximum, 0, ChannelStrip.IntensityMaximum, "%"),
            Parameters = config.Parameters is null
                ? []
                : [.. config.Parameters.Select(pair => ParameterFrom($"config.parameters.{pair.Key}", pair.Key, pair.Value))],
        };
    }

    /// <summary>The name of a genre, as clients write it.</summary>
    public static string NameOf(Genre genre) => genre.ToString().ToLowerInvariant();

    /// <summary>A genre by its name; <see langword="null"/> for "auto".</summary>
    /// <exception cref="ProblemException">There is no such genre.</exception>
    public static Genre? GenreFrom(string field, string name)
    {
        if (name == Auto)
        {
            return null;
        }

        return Genres.TryGetValue(name, out Genre genre)
            ? genre
            : throw Problems.Invalid(field, name, string.Join(", ", Enum.GetValues<Genre>().Select(NameOf).Prepend(Auto)));
    }

    /// <summary>A parameter and a value that it may have.</summary>
    /// <exception cref="ProblemException">There is no such parameter, or the value lies outside its range.</exception>
    public static KeyValuePair<Parameter, float> ParameterFrom(string field, string key, float value)
    {
        if (!Parameter.TryFind(key, out Parameter? parameter))
        {
            throw Problems.Invalid(field, key, "a parameter, such as compressor.ratio; GET /parameters lists them");
        }

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

    /// <summary>Sets a strip that has not processed anything yet.</summary>
    public void ApplyTo(ChannelStrip strip)
    {
        strip.SetGenre(Genre ?? AiMixer.Genre.Neutral);
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
