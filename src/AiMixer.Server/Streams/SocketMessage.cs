using AiMixer.Server.Mixing;

namespace AiMixer.Server.Streams;

/// <summary>
/// What a client says over a WebSocket: "start" in front of the first audio, "set" to change something while it plays,
/// "end" when there is no more. Whatever a "set" does not mention stays.
/// </summary>
internal sealed record SocketMessage
{
    /// <summary>"start", "set" or "end".</summary>
    public string? Type { get; init; }

    /// <summary>"f32le" (the default), "s16le" or "s24le"; in "start" only.</summary>
    public string? Format { get; init; }

    /// <summary>Sample rate in Hz; in "start" only.</summary>
    public int? SampleRate { get; init; }

    /// <summary>1 or 2; in "start" only.</summary>
    public int? Channels { get; init; }

    /// <summary>"auto" or a genre.</summary>
    public string? Genre { get; init; }

    /// <summary>Passes the audio through.</summary>
    public bool? Bypass { get; init; }

    /// <summary>Loudness that the leveler steers to, in LUFS.</summary>
    public float? Target { get; init; }

    /// <summary>How much of what the profile does is done, in per cent.</summary>
    public float? Intensity { get; init; }

    /// <summary>Parameters by key; <see langword="null"/> gives a parameter back to the profile.</summary>
    public IReadOnlyDictionary<string, float?>? Parameters { get; init; }

    /// <summary>What it says about mixing.</summary>
    public MixConfig ToConfig() => new()
    {
        Genre = Genre,
        Bypass = Bypass,
        SampleRate = SampleRate,
        Channels = Channels,
        Target = Target,
        Intensity = Intensity,
        Parameters = Parameters?.Where(pair => pair.Value is not null).ToDictionary(pair => pair.Key, pair => pair.Value!.Value),
    };
}
