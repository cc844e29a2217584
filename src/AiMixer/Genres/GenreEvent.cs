namespace AiMixer;

/// <summary>A decision: the genre that holds has changed.</summary>
public readonly record struct GenreEvent
{
    /// <summary>1 for the first decision, then one more each. A gap tells of events that were not fetched in time.</summary>
    public long Sequence { get; init; }

    /// <summary>Frames heard when it was made.</summary>
    public long Frame { get; init; }

    /// <summary>The genre before; neutral when it was not known.</summary>
    public Genre From { get; init; }

    /// <summary>The genre from here on; neutral when it is not known any more.</summary>
    public Genre To { get; init; }

    /// <summary>Why.</summary>
    public GenreRule Rule { get; init; }

    /// <summary>How long the rule's condition had held, in seconds.</summary>
    public float HeldSeconds { get; init; }

    /// <summary>The smoothed probabilities that it was made on.</summary>
    public GenreProbabilities Probabilities { get; init; }

    /// <summary>Smoothed probability of the new genre; of the likeliest when that is neutral.</summary>
    public float Confidence { get; init; }
}
