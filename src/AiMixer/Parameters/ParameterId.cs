namespace AiMixer;

/// <summary>
/// The parameters of a <see cref="ChannelStrip"/>. The numbers are stable for ever. Range, default, key and unit of each
/// stand in <see cref="Parameter.All"/>.
/// </summary>
public enum ParameterId
{
    /// <summary>1 passes the input through, delayed by the latency; crossfaded.</summary>
    Bypass = 1,

    /// <summary>Gain in front of the chain, in dB. A bypassed input does not get it.</summary>
    InputGainDb = 10,

    /// <summary>Switches the second-order Butterworth high-pass in front of the chain.</summary>
    HighPassEnabled = 100,

    /// <summary>-3 dB frequency of the high-pass, in Hz.</summary>
    HighPassFrequencyHz = 101,

    /// <summary>Switches the leveler, which rides the level towards the loudness target, in front of the dynamics.</summary>
    LevelerEnabled = 110,

    /// <summary>Loudness target, in LUFS; relative thresholds refer to it.</summary>
    LevelerTargetLufs = 111,

    /// <summary>Most that the leveler turns up, in dB.</summary>
    LevelerMaxBoostDb = 112,

    /// <summary>Most that the leveler turns down, in dB.</summary>
    LevelerMaxCutDb = 113,

    /// <summary>Speed of turning up, in dB/s.</summary>
    LevelerRiseDbPerS = 114,

    /// <summary>Speed of turning down, in dB/s.</summary>
    LevelerFallDbPerS = 115,

    /// <summary>The leveler stands still while the loudness lies this far below the target, in dB.</summary>
    LevelerFreezeBelowDb = 116,

    /// <summary>Guard rail, in dB: a higher average limiter reduction for 3 s lowers the target.</summary>
    LevelerLimiterAllowanceDb = 117,

    /// <summary>Added to the loudness target of mono programme, in dB.</summary>
    LevelerMonoOffsetDb = 118,

    /// <summary>Switches the noise gate.</summary>
    GateEnabled = 200,

    /// <summary>Peak level at which the gate opens, in dBFS.</summary>
    GateThresholdDb = 201,

    /// <summary>The gate closes this far below its threshold, in dB.</summary>
    GateHysteresisDb = 202,

    /// <summary>Gain of the closed gate, in dB.</summary>
    GateRangeDb = 203,

    /// <summary>Time from closed to fully open, in ms.</summary>
    GateAttackMs = 204,

    /// <summary>Time that the gate stays open after the level fell, in ms.</summary>
    GateHoldMs = 205,

    /// <summary>Time from open to fully closed, in ms.</summary>
    GateReleaseMs = 206,

    /// <summary>Output dB per input dB below the threshold, as a downward expander; 100 is a gate.</summary>
    GateRatio = 207,

    /// <summary>Keeps the threshold at least this far above the noise floor, in dB; 0 does not follow the floor.</summary>
    GateAboveFloorDb = 208,

    /// <summary>1 when the gate's threshold is relative to the loudness target.</summary>
    GateThresholdRelative = 209,

    /// <summary>Switches the de-esser.</summary>
    DeEsserEnabled = 250,

    /// <summary>Sibilance lies above, in Hz.</summary>
    DeEsserSplitHz = 251,

    /// <summary>Threshold above the band's own mean of the last seconds, in dB.</summary>
    DeEsserThresholdDb = 252,

    /// <summary>Input dB per output dB above the threshold.</summary>
    DeEsserRatio = 253,

    /// <summary>Most that the de-esser turns the band down, in dB.</summary>
    DeEsserRangeDb = 254,

    /// <summary>Switches the compressor.</summary>
    CompressorEnabled = 300,

    /// <summary>Centre of the compressor's knee, in dBFS peak.</summary>
    CompressorThresholdDb = 301,

    /// <summary>Input dB per output dB above the threshold.</summary>
    CompressorRatio = 302,

    /// <summary>Width of the soft knee, in dB.</summary>
    CompressorKneeDb = 303,

    /// <summary>Time constant (63.2 %) of rising gain reduction, in ms.</summary>
    CompressorAttackMs = 304,

    /// <summary>Time constant (63.2 %) of falling gain reduction, in ms.</summary>
    CompressorReleaseMs = 305,

    /// <summary>Gain after compression, in dB.</summary>
    CompressorMakeupDb = 306,

    /// <summary>High-pass in front of the compressor's detector, in Hz; 0 is off.</summary>
    CompressorSideChainHz = 307,

    /// <summary>Share of the compressed signal, in per cent; the rest is the input.</summary>
    CompressorWetPercent = 308,

    /// <summary>1 when the compressor's threshold is relative to the loudness target.</summary>
    CompressorThresholdRelative = 309,

    /// <summary>Switches the equaliser.</summary>
    EqEnabled = 400,

    /// <summary>Midpoint of the low shelf, in Hz.</summary>
    EqLowFrequencyHz = 401,

    /// <summary>Gain of the low shelf, in dB.</summary>
    EqLowGainDb = 402,

    /// <summary>Centre of the bell, in Hz.</summary>
    EqMidFrequencyHz = 403,

    /// <summary>Gain of the bell, in dB.</summary>
    EqMidGainDb = 404,

    /// <summary>Quality of the bell.</summary>
    EqMidQ = 405,

    /// <summary>Midpoint of the high shelf, in Hz.</summary>
    EqHighFrequencyHz = 406,

    /// <summary>Gain of the high shelf, in dB.</summary>
    EqHighGainDb = 407,

    /// <summary>Switches the saturator.</summary>
    SaturatorEnabled = 450,

    /// <summary>Gain into the saturator's curve, taken back behind it, in dB.</summary>
    SaturatorDriveDb = 451,

    /// <summary>Share of the saturated signal, in per cent.</summary>
    SaturatorWetPercent = 452,

    /// <summary>Share of even harmonics, in per cent: 0 is a symmetric curve, 100 an asymmetric one.</summary>
    SaturatorEvenPercent = 453,

    /// <summary>Switches the stereo width.</summary>
    StereoEnabled = 470,

    /// <summary>Gain of the side signal; 1 leaves it alone.</summary>
    StereoWidth = 471,

    /// <summary>The width applies above, in Hz.</summary>
    StereoWidthAboveHz = 472,

    /// <summary>The side signal is taken away below, in Hz; 0 is off.</summary>
    StereoMonoBelowHz = 473,

    /// <summary>Switches the limiter.</summary>
    LimiterEnabled = 500,

    /// <summary>Gain in front of the limiter, in dB: what drives a programme to its loudness target.</summary>
    LimiterInputGainDb = 501,

    /// <summary>Level at which the limiter starts to act, in dBFS or dBTP.</summary>
    LimiterThresholdDb = 502,

    /// <summary>Level that the output never exceeds, in dBFS or dBTP.</summary>
    LimiterCeilingDb = 503,

    /// <summary>How far ahead the limiter sees, in ms. Part of the latency: a set-up parameter.</summary>
    LimiterLookaheadMs = 504,

    /// <summary>Time constant (63.2 %) of falling gain reduction, in ms.</summary>
    LimiterReleaseMs = 505,

    /// <summary>1 limits the peaks between the samples too (dBTP), 0 the samples only (dBFS).</summary>
    LimiterTruePeak = 506,
}
