using System.Globalization;

namespace AiMixer.Cli.Terminal;

/// <summary>A line per file: its genre, how sure that is, and the probabilities in per cent.</summary>
internal sealed class GenreTable
{
    private const int NameWidthMax = 48;

    private readonly TextWriter _writer;
    private readonly int _nameWidth;

    /// <summary>Writes the heading.</summary>
    public GenreTable(TextWriter writer, string[] inputs)
    {
        _writer = writer;
        _nameWidth = inputs.Max(input => NameOf(input).Length);
        string genres = string.Concat(GenreProbabilities.Genres.Select(genre => $"{genre.ProfileName(),12}"));
        writer.WriteLine($"{"".PadRight(_nameWidth)}  {"genre",-12}{genres}");
    }

    public void Write(string input, GenreAnalysis genre)
    {
        string probabilities = string.Concat(GenreProbabilities.Genres.Select(one => Column(genre, one.ProfileName())));
        _writer.WriteLine($"{NameOf(input).PadRight(_nameWidth)}  {genre.Genre,-12}{probabilities}".TrimEnd());
    }

    private static string Column(GenreAnalysis genre, string name) => genre.Probabilities is { } probabilities
        ? string.Create(CultureInfo.InvariantCulture, $"{100 * probabilities[name],12:0}")
        : $"{"-",12}";

    // A name may hold line breaks and escape sequences; a table is lines. Of a long one the end tells which file it is.
    private static string NameOf(string input)
    {
        string name = new([.. input.Select(letter => char.IsControl(letter) ? '?' : letter)]);
        return name.Length <= NameWidthMax ? name : $"…{name[^(NameWidthMax - 1)..]}";
    }
}
