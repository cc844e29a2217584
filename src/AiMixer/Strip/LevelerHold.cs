namespace AiMixer;

/// <summary>Why the leveler of a <see cref="ChannelStrip"/> stands still, or what holds it back.</summary>
public enum LevelerHold
{
    /// <summary>It moves, or is where it should be.</summary>
    Free = 0,

    /// <summary>Silence.</summary>
    Silence = 1,

    /// <summary>The programme lies below its brake.</summary>
    Brake = 2,

    /// <summary>Applause or noise.</summary>
    Applause = 3,

    /// <summary>The limiter works more than the profile allows: the target is lowered.</summary>
    Limiter = 4,
}
