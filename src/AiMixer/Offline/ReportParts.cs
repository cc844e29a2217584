using System.Collections.Immutable;
using System.Text.Json;

namespace AiMixer;

/// <summary>A programme in a report.</summary>
public sealed record ProgrammeReport
{
    /// <summary>Where it comes from or goes to; <see langword="null"/> when it has no name.</summary>
    public string? Path { get; init; }

    /// <summary>Sample rate in Hz.</summary>
    public int SampleRate { get; init; }

    /// <summary>1 (mono) or 2 (stereo).</summary>
    public int Channels { get; init; }

    /// <summary>Length in seconds.</summary>
    public double Seconds { get; init; }

    /// <summary>Loudness and levels of the whole programme.</summary>
    public required LoudnessReport Loudness { get; init; }
}

/// <summary>Loudness and levels of a whole programme; <see langword="null"/> where there is nothing but silence.</summary>
public sealed record LoudnessReport
{
    /// <summary>Gated loudness, in LUFS.</summary>
    public float? IntegratedLufs { get; init; }

    /// <summary>Highest loudness of 3 s, in LUFS.</summary>
    public float? ShortTermMaxLufs { get; init; }

    /// <summary>Highest loudness of 400 ms, in LUFS.</summary>
    public float? MomentaryMaxLufs { get; init; }

    /// <summary>Loudness range, in LU; 0 when it cannot be told.</summary>
    public float LraLu { get; init; }

    /// <summary>Highest true peak, in dBTP.</summary>
    public float? TruePeakDbtp { get; init; }

    /// <summary>Highest sample magnitude, in dBFS.</summary>
    public float? SamplePeakDbfs { get; init; }

    /// <summary>Root mean square over all channels, in dBFS.</summary>
    public float? RmsDbfs { get; init; }

    internal static LoudnessReport From(in LoudnessReading reading) => new()
    {
        IntegratedLufs = Level(reading.IntegratedLufs),
        ShortTermMaxLufs = Level(reading.ShortTermMaxLufs),
        MomentaryMaxLufs = Level(reading.MomentaryMaxLufs),
        LraLu = reading.LoudnessRangeLu,
        TruePeakDbtp = Level(reading.TruePeakDbtp),
        SamplePeakDbfs = Level(reading.SamplePeakDbfs),
        RmsDbfs = Level(reading.RmsDbfs),
    };

    private static float? Level(float db) => db > LoudnessReading.Silence ? db : null;
}

/// <summary>The genre in a report of a mix.</summary>
public sealed record GenreReport
{
    /// <summary>What was asked for.</summary>
    public required string Requested { get; init; }

    /// <summary>The profile that was applied; the last one when it followed the programme.</summary>
    public required string Applied { get; init; }

    /// <summary>Why that one.</summary>
    public string Reason { get; init; } = "asked for";

    /// <summary>How sure the recognition is, 0 to 1; <see langword="null"/> when nothing was recognised.</summary>
    public float? Confidence { get; init; }

    /// <summary>Probability of each genre; <see langword="null"/> when nothing was recognised.</summary>
    public ImmutableSortedDictionary<string, float>? Probabilities { get; init; }

    /// <summary>What it was recognised as over time; empty when nothing was recognised.</summary>
    public ImmutableArray<GenreMoment> Timeline { get; init; } = [];

    /// <summary>
    /// Every decision of the recognition as it is live. Of a mix that followed the programme they are the changes of its
    /// profile; of any other, what they would have been.
    /// </summary>
    public ImmutableArray<GenreChange> Changes { get; init; } = [];
}

/// <summary>The genre in a report of an analysis.</summary>
public sealed record GenreAnalysis
{
    /// <summary>What the whole programme is: "speech", "rock", "jazz", "electronic", "classical" or "unknown".</summary>
    public required string Genre { get; init; }

    /// <summary>Why.</summary>
    public required string Reason { get; init; }

    /// <summary>Probability of the likeliest genre, 0 to 1; <see langword="null"/> when nothing was heard.</summary>
    public float? Confidence { get; init; }

    /// <summary>Probability of each genre; <see langword="null"/> when nothing was heard.</summary>
    public ImmutableSortedDictionary<string, float>? Probabilities { get; init; }

    /// <summary>What it was recognised as over time.</summary>
    public ImmutableArray<GenreMoment> Timeline { get; init; } = [];

    /// <summary>Every decision of the recognition as it is live.</summary>
    public ImmutableArray<GenreChange> Changes { get; init; } = [];

    /// <summary>One line of JSON: path, genre, confidence, probabilities and reason.</summary>
    /// <param name="path">Where the programme comes from.</param>
    /// <returns>One JSON object without line breaks.</returns>
    /// <exception cref="ArgumentNullException">There is no path.</exception>
    public string ToJson(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return JsonSerializer.Serialize(
            new ClassifiedFile(path, Genre, Confidence, Probabilities, Reason), LineJson.Default.ClassifiedFile);
    }
}

/// <summary>What was recognised at one time, seen at least every 4096 frames; a moment holds until the next.</summary>
/// <param name="Seconds">Time from the start, in seconds.</param>
/// <param name="Genre">"speech", "rock", "jazz", "electronic", "classical", "unknown" or "silence".</param>
/// <param name="Confidence">How sure the recognition is, 0 to 1.</param>
public readonly record struct GenreMoment(double Seconds, string Genre, float Confidence);

/// <summary>A decision of the recognition.</summary>
/// <param name="Seconds">When, from the start, in seconds.</param>
/// <param name="From">The profile before.</param>
/// <param name="To">The profile from here on; "neutral" when the genre is not known.</param>
/// <param name="Rule">Why: "leads", "speaks", "unsure" or "forbidden"; see <see cref="GenreRule"/>.</param>
/// <param name="HeldSeconds">How long that had been so, in seconds.</param>
/// <param name="Confidence">Smoothed probability of the new genre; of the likeliest when that is neutral.</param>
/// <param name="Probabilities">The smoothed probabilities that it was made on.</param>
public sealed record GenreChange(
    double Seconds,
    string From,
    string To,
    string Rule,
    float HeldSeconds,
    float Confidence,
    ImmutableSortedDictionary<string, float> Probabilities)
{
    internal static GenreChange Of(in GenreEvent decision, int sampleRateHz) => new(
        (double)decision.Frame / sampleRateHz,
        decision.From.ProfileName(),
        decision.To.ProfileName(),
        decision.Rule.ToString().ToLowerInvariant(),
        decision.HeldSeconds,
        decision.Confidence,
        decision.Probabilities.ByName().ToImmutableSortedDictionary(StringComparer.Ordinal));
}

/// <summary>A parameter that was applied, and why.</summary>
/// <param name="Id">Its key, such as "compressor.threshold_db".</param>
/// <param name="Value">Its value; that of a profile before the intensity scales it, a relative threshold as it stands there.</param>
/// <param name="Unit">Its unit for people, such as "dB"; empty for switches.</param>
/// <param name="Reason">
/// "default" or "profile NAME", with " at 50 %" for an intensity below 100 % and, for a threshold relative to the loudness
/// target, with ": " and where it lies; "override", "bypass", "loudness target ... LUFS" or "guard rail: ...".
/// </param>
public sealed record AppliedParameter(string Id, float Value, string Unit, string Reason);

/// <summary>Gain reduction of every stage, in dB.</summary>
public sealed record GainReductionReport
{
    /// <summary>The noise gate.</summary>
    public StageGainReduction Gate { get; init; }

    /// <summary>The de-esser, in its band.</summary>
    public StageGainReduction DeEsser { get; init; }

    /// <summary>The compressor, makeup gain not counted.</summary>
    public StageGainReduction Compressor { get; init; }

    /// <summary>The limiter.</summary>
    public StageGainReduction Limiter { get; init; }

    internal static GainReductionReport From(in StripMetrics metrics) => new()
    {
        Gate = StageGainReduction.From(metrics.Gate),
        DeEsser = StageGainReduction.From(metrics.DeEsser),
        Compressor = StageGainReduction.From(metrics.Compressor),
        Limiter = StageGainReduction.From(metrics.Limiter),
    };
}

/// <summary>Gain reduction of one stage over the whole programme, in dB, as positive numbers.</summary>
/// <param name="Average">Mean over all frames.</param>
/// <param name="Maximum">Highest.</param>
public readonly record struct StageGainReduction(float Average, float Maximum)
{
    internal static StageGainReduction From(in GainReduction reduction) => new(reduction.AverageDb, reduction.MaximumDb);
}

/// <summary>Gain of the leveler over the whole programme, in dB, seen at least every 4096 frames.</summary>
/// <param name="Final">At the end.</param>
/// <param name="Minimum">Lowest.</param>
/// <param name="Maximum">Highest.</param>
public readonly record struct LevelerGainReport(float Final, float Minimum, float Maximum);

/// <summary>Features of the mono mix of the input: means over windows of 20 ms every 10 ms.</summary>
public sealed record FeatureReport
{
    /// <summary>The 13 MFCCs; see <see cref="MfccExtractor"/> for their definition.</summary>
    public ImmutableArray<float> MfccMean { get; init; } = [];

    /// <summary>Centroid of the magnitude spectrum, in Hz.</summary>
    public float SpectralCentroidHz { get; init; }

    /// <summary>Share of neighbouring samples whose signs differ, 0 to 1.</summary>
    public float ZeroCrossingRate { get; init; }
}
