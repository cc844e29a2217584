namespace AiMixer;

/// <summary>
/// What the recognition may choose: the probability of a genre is multiplied by its weight, 0 to 100; 0 forbids the genre.
/// </summary>
public sealed record GenreWeights
{
    /// <summary>Highest weight.</summary>
    public const float Maximum = 100;

    /// <summary>Every genre as likely as it sounds.</summary>
    public static GenreWeights Equal { get; } = new();

    /// <summary>Weight of speech. Default 1.</summary>
    public float Speech { get; init; } = 1;

    /// <summary>Weight of rock. Default 1.</summary>
    public float Rock { get; init; } = 1;

    /// <summary>Weight of jazz. Default 1.</summary>
    public float Jazz { get; init; } = 1;

    /// <summary>Weight of electronic music. Default 1.</summary>
    public float Electronic { get; init; } = 1;

    /// <summary>Weight of classical music. Default 1.</summary>
    public float Classical { get; init; } = 1;

    /// <summary>Writes the weights in the order of <see cref="GenreProbabilities.Genres"/>, after a look at them.</summary>
    internal void CopyTo(Span<float> values, string name)
    {
        values[0] = Speech;
        values[1] = Rock;
        values[2] = Jazz;
        values[3] = Electronic;
        values[4] = Classical;
        foreach (float weight in values)
        {
            Ensure.InRange(weight, 0, Maximum, "(weights)", name);
        }

        if (!values.ContainsAnyExcept(0f))
        {
            throw new ArgumentOutOfRangeException(name, "At least one genre must have a weight above 0.");
        }
    }
}
