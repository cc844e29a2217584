using System.Collections.Immutable;

namespace AiMixer;

/// <summary>How likely each of the five genres is: 0 to 1, adding up to 1; all 0 when nothing has been heard.</summary>
/// <param name="Speech">Speech.</param>
/// <param name="Rock">Rock.</param>
/// <param name="Jazz">Jazz.</param>
/// <param name="Electronic">Electronic music.</param>
/// <param name="Classical">Classical music.</param>
public readonly record struct GenreProbabilities(float Speech, float Rock, float Jazz, float Electronic, float Classical)
{
    /// <summary>Number of genres that can be recognised.</summary>
    public const int Count = 5;

    /// <summary>The genres in the order in which their probabilities are listed.</summary>
    public static ImmutableArray<Genre> Genres { get; } =
        [Genre.Speech, Genre.Rock, Genre.Jazz, Genre.Electronic, Genre.Classical];

    /// <summary>The likeliest genre, the first of equals; <see cref="Genre.Neutral"/> when all are 0.</summary>
    public Genre Likeliest
    {
        get
        {
            Genre likeliest = Genre.Neutral;
            float most = 0;
            foreach (Genre genre in Genres)
            {
                if (this[genre] > most)
                {
                    likeliest = genre;
                    most = this[genre];
                }
            }

            return likeliest;
        }
    }

    /// <summary>The probability of the likeliest genre.</summary>
    public float Highest => Likeliest is Genre.Neutral ? 0 : this[Likeliest];

    /// <summary>The probability of one genre.</summary>
    /// <param name="genre">One of the five: not neutral, not auto.</param>
    /// <exception cref="ArgumentOutOfRangeException">That is none of the five.</exception>
    public float this[Genre genre] => genre switch
    {
        Genre.Speech => Speech,
        Genre.Rock => Rock,
        Genre.Jazz => Jazz,
        Genre.Electronic => Electronic,
        Genre.Classical => Classical,
        _ => throw new ArgumentOutOfRangeException(nameof(genre), genre, "Speech, Rock, Jazz, Electronic or Classical are allowed."),
    };

    /// <summary>Takes the probabilities in the order of <see cref="Genres"/>.</summary>
    /// <param name="values">Five values.</param>
    /// <returns>The probabilities.</returns>
    /// <exception cref="ArgumentException">There are more or fewer than five.</exception>
    public static GenreProbabilities From(ReadOnlySpan<float> values)
    {
        Ensure.Length(values.Length, Count, nameof(values));
        return new GenreProbabilities(values[0], values[1], values[2], values[3], values[4]);
    }

    /// <summary>The probabilities times their weights, adding up to 1 again; all 0 when nothing is left.</summary>
    /// <param name="weights">The weights.</param>
    /// <returns>The weighted probabilities.</returns>
    /// <exception cref="ArgumentNullException">There are no weights.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A weight lies outside 0 to 100, or all are 0.</exception>
    public GenreProbabilities Weighted(GenreWeights weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        Span<float> values = stackalloc float[Count];
        weights.CopyTo(values, nameof(weights));
        float sum = 0;
        for (int i = 0; i < Count; i++)
        {
            values[i] *= this[Genres[i]];
            sum += values[i];
        }

        for (int i = 0; i < Count && sum > 0; i++)
        {
            values[i] /= sum;
        }

        return From(values);
    }

    /// <summary>The probabilities by the names of the profiles, such as "rock", in the order of <see cref="Genres"/>.</summary>
    /// <returns>Five pairs.</returns>
    public IEnumerable<KeyValuePair<string, float>> ByName()
    {
        GenreProbabilities probabilities = this;
        return Genres.Select(genre => KeyValuePair.Create(genre.ProfileName(), probabilities[genre]));
    }

    /// <summary>The same as a dictionary, for reports; null when nothing was heard.</summary>
    internal ImmutableSortedDictionary<string, float>? ForReport() =>
        Highest == 0 ? null : ByName().ToImmutableSortedDictionary(StringComparer.Ordinal);
}
