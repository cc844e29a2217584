namespace AiMixer;

/// <summary>Which meters a <see cref="ChannelStrip"/> runs. Each costs time.</summary>
[Flags]
public enum StripMeters
{
    /// <summary>No loudness and no levels; gain reduction and counters are always measured.</summary>
    None = 0,

    /// <summary>Loudness and levels of the output.</summary>
    Output = 1,

    /// <summary>Loudness and levels of the input.</summary>
    Input = 2,
}
