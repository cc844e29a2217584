namespace AiMixer;

/// <summary>What a stream is recognised as: one consistent set.</summary>
public readonly record struct GenreReading
{
    /// <summary>Frames heard since reset; on a strip, since it began to listen.</summary>
    public long Frames { get; init; }

    /// <summary>Decisions since then: the <see cref="GenreEvent.Sequence"/> of the last one, 0 before the first.</summary>
    public long Decisions { get; init; }

    /// <summary>Frames heard at the last decision, 0 before the first.</summary>
    public long LastDecisionFrame { get; init; }

    /// <summary>What it sounds like now.</summary>
    public GenreState State { get; init; }

    /// <summary>The genre that holds: that of the state, or during silence the one before. Neutral while it is not known.</summary>
    public Genre Genre { get; init; }

    /// <summary>Smoothed probability of <see cref="Genre"/>, or, while that is neutral, of the likeliest; 0 to 1.</summary>
    public float Confidence { get; init; }

    /// <summary>Smoothed probabilities, weighted as the caller wants; all 0 before the first.</summary>
    public GenreProbabilities Probabilities { get; init; }

    /// <summary>Highest sample magnitude of the mono mix in the last 0.5 s, in dBFS; -200 for silence.</summary>
    public float PeakDbfs { get; init; }

    /// <summary>Whether it listens; <see langword="false"/> on a strip whose genre is not <see cref="Genre.Auto"/>.</summary>
    public bool IsListening { get; init; }
}
