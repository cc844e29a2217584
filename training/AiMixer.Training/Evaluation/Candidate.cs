using AiMixer.Training.Network;

namespace AiMixer.Training.Evaluation;

/// <summary>One way to train, of which the inner cross-validation chooses.</summary>
/// <param name="Name">What a table calls it.</param>
/// <param name="Shape">The network.</param>
/// <param name="Plan">How it is trained.</param>
internal sealed record Candidate(string Name, Architecture Shape, TrainingPlan Plan)
{
    // The widths that the core is built for: native/src/genre/model.h.
    public static readonly Architecture Shipped = new(12, 5, 20, 6, 2, true, 24);

    /// <summary>What may ship.</summary>
    public static readonly Candidate[] All =
    [
        new("light augmentation", Shipped, new TrainingPlan(Strength: 0.4f)),
        new("strong augmentation", Shipped, new TrainingPlan(Strength: 0.9f)),
    ];

    /// <summary>What it is compared with: simpler networks, trained as the first candidate.</summary>
    public static readonly Candidate[] Baselines =
    [
        new("statistics and dense layers", new Architecture(0, 5, 0, 6, 2, true, 32), All[0].Plan),
        new("convolutions without statistics", Shipped with { Statistics = false }, All[0].Plan),
    ];
}
