namespace AiMixer;

/// <summary>Why a genre was decided.</summary>
public enum GenreRule
{
    /// <summary>A kind of music had at least 0.60, to replace a genre 0.70, and led by 0.15 for 1.5 s.</summary>
    Leads = 1,

    /// <summary>Speech had at least 0.60 and led by 0.15 for 0.5 s; at once when nothing held.</summary>
    Speaks = 2,

    /// <summary>For 3 s no genre reached 0.35, or the one that held had less than 0.15: unknown, the neutral profile.</summary>
    Unsure = 3,

    /// <summary>The genre that held was forbidden: unknown, the neutral profile.</summary>
    Forbidden = 4,
}
