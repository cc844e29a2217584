using System.Collections.Immutable;

namespace AiMixer;

/// <summary>What an <see cref="OfflineMixer"/> is to do.</summary>
public sealed record OfflineMixOptions
{
    /// <summary>Lowest loudness target, in LUFS: below it the gate of BS.1770 hears nothing.</summary>
    public const float TargetMinimumLufs = -70;

    /// <summary>Highest loudness target, in LUFS.</summary>
    public const float TargetMaximumLufs = 0;

    /// <summary>The profile to mix with. Default <see cref="MixProfile.Neutral"/>.</summary>
    public MixProfile Profile { get; init; } = MixProfile.Neutral;

    /// <summary>
    /// Integrated loudness that the output is to have, in LUFS, -70 to 0; reached by the gain in front of the limiter, so
    /// that the ceiling is kept. <see langword="null"/> (the default) leaves the loudness to the profile.
    /// </summary>
    public float? TargetLufs { get; init; }

    /// <summary>Passes the programme through untouched, sample for sample.</summary>
    public bool Bypass { get; init; }

    /// <summary>The genre that was asked for, for the report.</summary>
    public string RequestedGenre { get; init; } = "neutral";

    /// <summary>Parameter values by key that count more than the profile's.</summary>
    public IReadOnlyDictionary<string, float> Overrides { get; init; } = ImmutableSortedDictionary<string, float>.Empty;
}
