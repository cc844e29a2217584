using AiMixer.Training.Features;
using AiMixer.Training.Network;

namespace AiMixer.Training.Evaluation;

/// <summary>One way to train, of which the inner cross-validation chooses.</summary>
/// <param name="Name">What a table calls it.</param>
/// <param name="Shape">The network.</param>
/// <param name="Plan">How it is trained.</param>
internal sealed record Candidate(string Name, Architecture Shape, TrainingPlan Plan)
{
    // The width that the core is built for: native/src/genre/model.cpp.
    public static readonly Architecture Shipped = new(WindowStatistics.Count, 32);

    /// <summary>What may ship. Less augmentation tells a little more, but not the same at every sample rate.</summary>
    public static readonly Candidate[] All =
    [
        new("strong augmentation", Shipped, new TrainingPlan(Strength: 1.2f)),
        new("stronger augmentation", Shipped, new TrainingPlan(Strength: 1.5f)),
    ];

    /// <summary>What it is compared with: a simpler network, trained as the first candidate.</summary>
    public static readonly Candidate[] Baselines =
    [
        new("without correlations and rhythm", Shipped with { Statistics = WindowStatistics.MovementCount }, All[0].Plan),
    ];
}
