namespace AiMixer;

/// <summary>What the recognition makes of a stream. From 0 on the numbers are those of <see cref="Genre"/>.</summary>
public enum GenreState
{
    /// <summary>Silence, or far below what was heard before: nothing changes.</summary>
    Silence = -1,

    /// <summary>Not sure, or not yet: the neutral profile.</summary>
    Unknown = 0,

    /// <summary>Speech.</summary>
    Speech = 1,

    /// <summary>Rock.</summary>
    Rock = 2,

    /// <summary>Jazz.</summary>
    Jazz = 3,

    /// <summary>Electronic music.</summary>
    Electronic = 4,

    /// <summary>Classical music.</summary>
    Classical = 5,
}
