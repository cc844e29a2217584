namespace AiMixer;

/// <summary>
/// The parameters of a <see cref="ChannelStrip"/>. The numbers are stable for ever. Range, default, key and unit of each
/// stand in <see cref="Parameter.All"/>.
/// </summary>
public enum ParameterId
{
    /// <summary>1 passes the input through, delayed by the latency; crossfaded.</summary>
    Bypass = 1,

    /// <summary>Switches the second-order Butterworth high-pass in front of the chain.</summary>
    HighPassEnabled = 100,

    /// <summary>-3 dB frequency of the high-pass, in Hz.</summary>
    HighPassFrequencyHz = 101,

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
