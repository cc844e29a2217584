namespace AiMixer;

/// <summary>Gain reduction of one stage of a <see cref="ChannelStrip"/>, in dB, as positive numbers.</summary>
public readonly record struct GainReduction
{
    /// <summary>At the end of the last processed span, in dB.</summary>
    public float NowDb { get; init; }

    /// <summary>Mean over all frames since the start, in dB.</summary>
    public float AverageDb { get; init; }

    /// <summary>Highest since the start, in dB.</summary>
    public float MaximumDb { get; init; }
}
