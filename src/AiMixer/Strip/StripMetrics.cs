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

    /// <summary>Gain reduction of the de-esser, in its band.</summary>
    public GainReduction DeEsser { get; init; }

    /// <summary>Gain of the leveler at the end of the last processed span, in dB; 0 while it is off.</summary>
    public float LevelerGainDb { get; init; }

    /// <summary>
    /// Loudness that the leveler steers towards, in LUFS: <c>leveler.target_lufs</c>, with the offset of mono and the gain in
    /// front of the limiter, less what the guard rail took.
    /// </summary>
    public float TargetLufs { get; init; }

    /// <summary>Why the leveler stands still.</summary>
    public LevelerHold LevelerHold { get; init; }

    /// <summary>The genre of the profile in use; <see langword="null"/> for a profile of the caller's.</summary>
    public Genre? Genre { get; init; }
}
