namespace AiMixer;

/// <summary>What the number of a <see cref="Parameter"/> means.</summary>
public enum ParameterUnit
{
    /// <summary>A switch: 0 is off, 1 is on.</summary>
    Boolean = 0,

    /// <summary>Decibels.</summary>
    Decibel = 1,

    /// <summary>Milliseconds.</summary>
    Millisecond = 2,

    /// <summary>Hertz.</summary>
    Hertz = 3,

    /// <summary>n:1, change of the input over change of the output.</summary>
    Ratio = 4,

    /// <summary>Quality factor of a filter.</summary>
    Q = 5,

    /// <summary>Loudness, in LUFS.</summary>
    Lufs = 6,

    /// <summary>Decibels per second.</summary>
    DecibelPerSecond = 7,

    /// <summary>Per cent.</summary>
    Percent = 8,

    /// <summary>A plain factor.</summary>
    Factor = 9,
}
