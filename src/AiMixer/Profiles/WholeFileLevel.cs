namespace AiMixer;

/// <summary>
/// What gives a whole file its level: its loudness is known before it is mixed, so that nothing has to search for it. The
/// numbers are those of the core.
/// </summary>
public enum WholeFileLevel
{
    /// <summary>The leveler rides it, as it does live; the file comes to it at the loudness target. In JSON "leveler".</summary>
    Leveler = 0,

    /// <summary>One gain for the whole file, which keeps its dynamics; the leveler is off. In JSON "one gain".</summary>
    OneGain = 1,
}
