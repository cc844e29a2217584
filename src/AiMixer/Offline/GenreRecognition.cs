using System.Collections.Immutable;

namespace AiMixer;

/// <summary>What a programme was recognised as, and why; what reports are made of.</summary>
internal sealed record GenreRecognition
{
    /// <summary>Neutral when it is not known.</summary>
    internal required Genre Genre { get; init; }

    internal required string Reason { get; init; }

    internal required float Confidence { get; init; }

    internal required GenreProbabilities Probabilities { get; init; }

    internal required ImmutableArray<GenreMoment> Timeline { get; init; }

    internal required ImmutableArray<GenreChange> Changes { get; init; }

    internal GenreReport ForMix(string requested) => new()
    {
        Requested = requested,
        Applied = Genre.ProfileName(),
        Reason = Reason,
        Confidence = Probabilities.Highest == 0 ? null : Confidence,
        Probabilities = Probabilities.ForReport(),
        Timeline = Timeline,
        Changes = Changes,
    };

    internal GenreAnalysis ForAnalysis() => new()
    {
        Genre = Genre == Genre.Neutral ? "unknown" : Genre.ProfileName(),
        Reason = Reason,
        Confidence = Probabilities.Highest == 0 ? null : Confidence,
        Probabilities = Probabilities.ForReport(),
        Timeline = Timeline,
        Changes = Changes,
    };
}
