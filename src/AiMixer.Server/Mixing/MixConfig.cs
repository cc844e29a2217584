namespace AiMixer.Server.Mixing;

/// <summary>What a client may say about how its audio is mixed. Whatever is missing has its default.</summary>
internal sealed record MixConfig
{
    /// <summary>"auto" (the default) or a genre.</summary>
    public string? Genre { get; init; }

    /// <summary>Passes the audio through.</summary>
    public bool? Bypass { get; init; }

    /// <summary>Sample rate in Hz, 8000 to 192000; default is the server's SAMPLE_RATE.</summary>
    public int? SampleRate { get; init; }

    /// <summary>1 (mono, the default) or 2 (stereo, interleaved).</summary>
    public int? Channels { get; init; }

    /// <summary>Loudness wanted, in LUFS, -70 to 0.</summary>
    public float? Target { get; init; }

    /// <summary>How much of what the profile does is done, in per cent, 0 to 100 (the default).</summary>
    public float? Intensity { get; init; }

    /// <summary>Parameters by key, such as "compressor.ratio"; they count more than the profile.</summary>
    public IReadOnlyDictionary<string, float>? Parameters { get; init; }
}
