namespace AiMixer;

/// <summary>Why a genre was decided.</summary>
public enum GenreRule
{
    /// <summary>
    /// A kind of music led by 0.15 and had at least 0.50 for 1 s as the first genre of a stream, 0.65 for 1.5 s later, 0.75
    /// for 3 s to replace another kind of music.
    /// </summary>
    Leads = 1,

    /// <summary>Speech led by 0.15 and had at least 0.60, 0.50 as the first genre of a stream, for 0.5 s; at once when nothing held.</summary>
    Speaks = 2,

    /// <summary>
    /// For 3 s no genre reached 0.30, or the one that held had less than 0.10; when speech held, for 1 s, less than 0.20:
    /// unknown, the neutral profile.
    /// </summary>
    Unsure = 3,

    /// <summary>The genre that held was forbidden: unknown, the neutral profile.</summary>
    Forbidden = 4,
}
