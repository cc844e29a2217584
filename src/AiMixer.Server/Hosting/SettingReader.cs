using System.Globalization;

namespace AiMixer.Server.Hosting;

/// <summary>Reads settings by name and refuses what is out of range. A setting that is missing or empty has its default.</summary>
internal sealed class SettingReader(Func<string, string?> read)
{
    public string? Text(string name) => read(name) is { } text && !string.IsNullOrWhiteSpace(text) ? text.Trim() : null;

    public int Integer(string name, int standard, int minimum, int maximum)
    {
        if (Text(name) is not { } text)
        {
            return standard;
        }

        return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value) &&
            value >= minimum && value <= maximum
            ? value
            : throw Refused(name, text, string.Create(CultureInfo.InvariantCulture, $"{minimum} to {maximum}"));
    }

    /// <summary>One of several words, in any case.</summary>
    public T Choice<T>(string name, T standard, IReadOnlyList<KeyValuePair<string, T>> allowed)
    {
        if (Text(name) is not { } text)
        {
            return standard;
        }

        foreach ((string word, T value) in allowed)
        {
            if (word.Equals(text, StringComparison.OrdinalIgnoreCase))
            {
                return value;
            }
        }

        throw Refused(name, text, string.Join(", ", allowed.Select(pair => pair.Key)));
    }

    /// <summary>The complaint about a value that does not lie in what is allowed.</summary>
    public static SettingException Refused(string name, string value, string allowed) =>
        new($"{name}={value} is not possible ({allowed})");
}
