namespace AiMixer;

/// <summary>Settings of an <see cref="MfccExtractor"/>.</summary>
public sealed record MfccOptions
{
    /// <summary>Sample rate in Hz, 8000 to 192000. Default 48000.</summary>
    public int SampleRateHz { get; init; } = 48_000;

    /// <summary>Window in samples, 16 to <see cref="FftSize"/>. Default 960, which is 20 ms at 48 kHz.</summary>
    public int Window { get; init; } = 960;

    /// <summary>Samples from one frame to the next, 1 to 65536. Default 480.</summary>
    public int Hop { get; init; } = 480;

    /// <summary>Size of the Fourier transform, a power of two from 16 to 65536; the window is padded with zeros. Default 1024.</summary>
    public int FftSize { get; init; } = 1024;

    /// <summary>Mel bands, 1 to 256. Default 40.</summary>
    public int MelBands { get; init; } = 40;

    /// <summary>Coefficients per frame, 1 to <see cref="MelBands"/>. Default 13.</summary>
    public int Coefficients { get; init; } = 13;

    /// <summary>Lower edge of the lowest band in Hz, 0 to below <see cref="HighHz"/>. Default 20.</summary>
    public float LowHz { get; init; } = 20;

    /// <summary>Upper edge of the highest band in Hz; what lies above half the sample rate stays empty. Default 20000.</summary>
    public float HighHz { get; init; } = 20_000;

    /// <summary>Floor of a band's power before the logarithm, above 0. Default 1e-10.</summary>
    public float Floor { get; init; } = 1e-10f;
}
