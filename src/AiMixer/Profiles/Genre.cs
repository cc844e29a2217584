namespace AiMixer;

/// <summary>
/// The genres, each with a mix profile: <see cref="MixProfile.For"/>; and the choice to leave it to the recognition. The
/// numbers are those of the core.
/// </summary>
public enum Genre
{
    /// <summary>No genre: every parameter at its default.</summary>
    Neutral = 0,

    /// <summary>Clarity and de-essing.</summary>
    Speech = 1,

    /// <summary>Punch, compression, presence.</summary>
    Rock = 2,

    /// <summary>Warmth and natural dynamics.</summary>
    Jazz = 3,

    /// <summary>Tight low end and stereo width.</summary>
    Electronic = 4,

    /// <summary>Minimal processing.</summary>
    Classical = 5,

    /// <summary>
    /// Whatever is recognised: no genre of its own, for <see cref="ChannelStrip.SetGenre"/> and
    /// <see cref="OfflineMixOptions.Genre"/>.
    /// </summary>
    Auto = -2,
}
