namespace AiMixer;

/// <summary>What a <see cref="ChannelStrip"/> has measured since it was created or reset: one consistent set.</summary>
public readonly record struct StripMetrics
{
    /// <summary>Frames processed.</summary>
    public long Frames { get; init; }

    /// <summary>Input samples that were replaced by silence because they were not finite or beyond +60 dBFS.</summary>
    public long NonFiniteSamples { get; init; }

    /// <summary>Output samples that the limiter's last safeguard had to clamp. Goal: 0.</summary>
    public long LimiterClampedSamples { get; init; }

    /// <summary>Loudness and levels of the output, when <see cref="StripMeters.Output"/> is on.</summary>
    public LoudnessReading Output { get; init; }

    /// <summary>Loudness and levels of the input, when <see cref="StripMeters.Input"/> is on.</summary>
    public LoudnessReading Input { get; init; }

    /// <summary>Gain reduction of the noise gate.</summary>
    public GainReduction Gate { get; init; }

    /// <summary>Gain reduction of the compressor; its makeup gain is not counted.</summary>
    public GainReduction Compressor { get; init; }

    /// <summary>Gain reduction of the limiter.</summary>
    public GainReduction Limiter { get; init; }
}
