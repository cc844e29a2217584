namespace AiMixer;

/// <summary>
/// Loudness and levels of one signal, measured after ITU-R BS.1770-5, EBU Tech 3341 and EBU Tech 3342. Where there is
/// nothing but silence, a level reads <see cref="Silence"/>.
/// </summary>
public readonly record struct LoudnessReading
{
    /// <summary>What a level reads when there is nothing but silence: minus infinity made finite.</summary>
    public const float Silence = -200;

    /// <summary>Loudness of the last 400 ms, in LUFS.</summary>
    public float MomentaryLufs { get; init; }

    /// <summary>Loudness of the last 3 s, in LUFS.</summary>
    public float ShortTermLufs { get; init; }

    /// <summary>Gated loudness since the start, in LUFS. Needs 400 ms of programme above -70 LUFS.</summary>
    public float IntegratedLufs { get; init; }

    /// <summary>Loudness range since the start, in LU; 0 until it can be told.</summary>
    public float LoudnessRangeLu { get; init; }

    /// <summary>Highest momentary loudness since the start, in LUFS.</summary>
    public float MomentaryMaxLufs { get; init; }

    /// <summary>Highest short-term loudness since the start, in LUFS.</summary>
    public float ShortTermMaxLufs { get; init; }

    /// <summary>Highest true peak since the start, in dBTP.</summary>
    public float TruePeakDbtp { get; init; }

    /// <summary>Highest sample magnitude since the start, in dBFS.</summary>
    public float SamplePeakDbfs { get; init; }

    /// <summary>Root mean square over all channels since the start, in dBFS; a full-scale sine reads -3.01.</summary>
    public float RmsDbfs { get; init; }

    /// <summary>Highest sample magnitude of the last 20 ms, in dBFS.</summary>
    public float CurrentPeakDbfs { get; init; }

    /// <summary>Root mean square over all channels of the last 400 ms, in dBFS.</summary>
    public float CurrentRmsDbfs { get; init; }
}
