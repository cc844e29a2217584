namespace AiMixer.Server.Audio;

/// <summary>How samples are written in bytes; all little-endian.</summary>
internal enum SampleFormat
{
    /// <summary>16-bit integers.</summary>
    S16Le,

    /// <summary>24-bit integers, three bytes each.</summary>
    S24Le,

    /// <summary>32-bit floats, full scale +/-1.0.</summary>
    F32Le,
}
