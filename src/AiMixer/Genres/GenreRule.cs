namespace AiMixer;

/// <summary>Why a genre was decided.</summary>
public enum GenreRule
{
    /// <summary>A kind of music had at least 0.60 and led by 0.15 for 1.5 s.</summary>
    Leads = 1,

    /// <summary>Speech had at least 0.60 and led by 0.15 for 0.5 s.</summary>
    Speaks = 2,

    /// <summary>No genre reached 0.45 for 3 s: unknown, the neutral profile.</summary>
    Unsure = 3,

    /// <summary>The genre that held was forbidden: unknown, the neutral profile.</summary>
    Forbidden = 4,
}
