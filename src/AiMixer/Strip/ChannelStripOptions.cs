namespace AiMixer;

/// <summary>What is fixed for the life of a <see cref="ChannelStrip"/>.</summary>
public sealed record ChannelStripOptions
{
    /// <summary>Sample rate in Hz, 8000 to 192000. Default 48000.</summary>
    public int SampleRateHz { get; init; } = 48_000;

    /// <summary>1 (mono) or 2 (stereo, detected linked: one gain for both channels). Default 2.</summary>
    public int Channels { get; init; } = 2;

    /// <summary>
    /// Frames that the core processes at once, 1 to 1048576; default 960, which is 20 ms at 48 kHz. Longer spans are cut
    /// into slices of this many frames; the result does not depend on it.
    /// </summary>
    public int MaxFrames { get; init; } = 960;

    /// <summary>The meters to run. Default <see cref="StripMeters.Output"/>.</summary>
    public StripMeters Meters { get; init; } = StripMeters.Output;

    /// <summary>The profile that the strip starts with; <see langword="null"/> (the default) means every parameter at its default.</summary>
    public MixProfile? Profile { get; init; }
}
