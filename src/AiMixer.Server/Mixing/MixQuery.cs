using System.Globalization;
using AiMixer.Server.Errors;
using Microsoft.Extensions.Primitives;

namespace AiMixer.Server.Mixing;

/// <summary>
/// A <see cref="MixConfig"/> in a query string, for requests whose body is audio: the same names
/// (<c>genre=rock&amp;intensity=80</c>), and parameters by their keys (<c>compressor.ratio=3</c>).
/// </summary>
internal static class MixQuery
{
    /// <summary>Reads a query string.</summary>
    /// <param name="query">The query string.</param>
    /// <param name="known">Names that are somebody else's.</param>
    /// <exception cref="ProblemException">A name is not known, is given twice, or has a value that cannot be read.</exception>
    public static MixConfig Read(IQueryCollection query, params ReadOnlySpan<string> known)
    {
        var config = new MixConfig();
        Dictionary<string, float> parameters = [];
        foreach ((string name, StringValues values) in query)
        {
            if (known.Contains(name))
            {
                continue;
            }

            if (values.Count != 1)
            {
                throw Problems.Malformed($"{name} is given {values.Count} times in the query string.");
            }

            string value = values[0] ?? "";
            config = name switch
            {
                "genre" => config with { Genre = value },
                "bypass" => config with { Bypass = Switch(name, value) },
                "target" => config with { Target = Number(name, value) },
                "intensity" => config with { Intensity = Number(name, value) },
                _ when name.Contains('.', StringComparison.Ordinal) => With(config, parameters, name, Number(name, value)),
                _ => throw Problems.Invalid(name, value, "genre, bypass, target, intensity and keys of parameters such as compressor.ratio"),
            };
        }

        return config;
    }

    private static MixConfig With(MixConfig config, Dictionary<string, float> parameters, string key, float value)
    {
        parameters[key] = value;
        return config with { Parameters = parameters };
    }

    private static bool Switch(string name, string value) =>
        bool.TryParse(value, out bool on) ? on : throw Problems.Invalid(name, value, "true or false");

    private static float Number(string name, string value) =>
        float.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out float number)
            ? number
            : throw Problems.Invalid(name, value, "a number");
}
