using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace AiMixer;

/// <summary>What an <see cref="OfflineMixer"/> did to a programme, and why.</summary>
public sealed record MixReport
{
    /// <summary>Version of the library.</summary>
    public string Version { get; init; } = AiMixerInfo.Version;

    /// <summary>The programme as it came.</summary>
    public required ProgrammeReport Input { get; init; }

    /// <summary>The programme as it went.</summary>
    public required ProgrammeReport Output { get; init; }

    /// <summary>The genre that was asked for, and what was applied.</summary>
    public required GenreReport Genre { get; init; }

    /// <summary>The loudness that the programme was brought to, in LUFS; <see langword="null"/> without a target.</summary>
    public float? TargetLufs { get; init; }

    /// <summary>Every parameter in the order of the chain.</summary>
    public ImmutableArray<AppliedParameter> Parameters { get; init; } = [];

    /// <summary>Gain reduction of every stage, in dB.</summary>
    public required GainReductionReport GainReductionDb { get; init; }

    /// <summary>Gain of the leveler, in dB; <see langword="null"/> when it is off.</summary>
    public LevelerGainReport? LevelerGainDb { get; init; }

    /// <summary>Features of the input; <see langword="null"/> when it is shorter than one window of 20 ms.</summary>
    public FeatureReport? Features { get; init; }

    /// <summary>Latency of the chain in frames; it was removed from the output.</summary>
    public int LatencyFrames { get; init; }

    /// <summary>Seconds of audio per second of work, all passes counted; 0 for an empty programme.</summary>
    public double RealTimeFactor { get; init; }

    /// <summary>Input samples that were replaced by silence because they were not finite or beyond +60 dBFS.</summary>
    public long NonFiniteSamples { get; init; }

    /// <summary>Output samples that the limiter's last safeguard had to clamp. Goal: 0.</summary>
    public long LimiterClampedSamples { get; init; }

    /// <summary>The report as indented JSON with camelCase names.</summary>
    /// <returns>One JSON object.</returns>
    public string ToJson() => JsonSerializer.Serialize(this, ReportJson.Default.MixReport);
}

/// <summary>What a programme is like, without mixing it.</summary>
public sealed record AudioAnalysis
{
    /// <summary>Version of the library.</summary>
    public string Version { get; init; } = AiMixerInfo.Version;

    /// <summary>The programme.</summary>
    public required ProgrammeReport Input { get; init; }

    /// <summary>What it was recognised as, as a whole and over time.</summary>
    public required GenreAnalysis Genre { get; init; }

    /// <summary>Its features; <see langword="null"/> when it is shorter than one window of 20 ms.</summary>
    public FeatureReport? Features { get; init; }

    /// <summary>Samples that are not finite or beyond +60 dBFS; they count as silence.</summary>
    public long NonFiniteSamples { get; init; }

    /// <summary>The analysis as indented JSON with camelCase names, those of <see cref="MixReport"/>.</summary>
    /// <returns>One JSON object.</returns>
    public string ToJson() => JsonSerializer.Serialize(this, ReportJson.Default.AudioAnalysis);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, NewLine = "\n")]
[JsonSerializable(typeof(MixReport))]
[JsonSerializable(typeof(AudioAnalysis))]
internal sealed partial class ReportJson : JsonSerializerContext;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ClassifiedFile))]
internal sealed partial class LineJson : JsonSerializerContext;

/// <summary>One line of a list of classified programmes.</summary>
internal sealed record ClassifiedFile(
    string Path, string Genre, float? Confidence, ImmutableSortedDictionary<string, float>? Probabilities, string Reason);
