using System.Collections.Immutable;
using AiMixer.Bindings;

namespace AiMixer;

/// <summary>What the core measured, in the library's own types.</summary>
internal static class Readings
{
    /// <summary>What the core says instead of a genre when the profile is the caller's.</summary>
    internal const int NoGenre = -1;

    internal static LoudnessReading From(in aim_loudness loudness) => new()
    {
        MomentaryLufs = loudness.momentary_lufs,
        ShortTermLufs = loudness.short_term_lufs,
        IntegratedLufs = loudness.integrated_lufs,
        LoudnessRangeLu = loudness.range_lu,
        MomentaryMaxLufs = loudness.momentary_max_lufs,
        ShortTermMaxLufs = loudness.short_term_max_lufs,
        TruePeakDbtp = loudness.true_peak_dbtp,
        SamplePeakDbfs = loudness.sample_peak_dbfs,
        RmsDbfs = loudness.rms_dbfs,
        CurrentPeakDbfs = loudness.current_peak_dbfs,
        CurrentRmsDbfs = loudness.current_rms_dbfs,
    };

    internal static StripMetrics From(in aim_strip_metrics metrics) => new()
    {
        Frames = (long)metrics.frames,
        NonFiniteSamples = (long)metrics.non_finite_samples,
        LimiterClampedSamples = (long)metrics.limiter_clamped_samples,
        Output = From(metrics.output),
        Input = From(metrics.input),
        Gate = From(metrics.gate),
        Compressor = From(metrics.compressor),
        Limiter = From(metrics.limiter),
        DeEsser = From(metrics.de_esser),
        LevelerGainDb = metrics.leveler_gain_db,
        TargetLufs = metrics.target_lufs,
        LevelerHold = (LevelerHold)metrics.leveler_hold,
        Genre = GenreFrom(metrics.genre),
    };

    internal static unsafe GenreReading From(aim_genre_reading reading) => new()
    {
        Frames = (long)reading.frames,
        Decisions = (long)reading.decisions,
        LastDecisionFrame = (long)reading.last_decision_frame,
        State = (GenreState)reading.state,
        Genre = (Genre)reading.genre,
        Confidence = reading.confidence,
        Probabilities = GenreProbabilities.From(new ReadOnlySpan<float>(reading.probabilities, GenreProbabilities.Count)),
        PeakDbfs = reading.peak_dbfs,
        IsListening = reading.listening != 0,
    };

    internal static ImmutableArray<GenreEvent> From(ReadOnlySpan<aim_genre_event> events)
    {
        var list = ImmutableArray.CreateBuilder<GenreEvent>(events.Length);
        foreach (aim_genre_event one in events)
        {
            list.Add(From(one));
        }

        return list.MoveToImmutable();
    }

    private static unsafe GenreEvent From(aim_genre_event one) => new()
    {
        Sequence = (long)one.sequence,
        Frame = (long)one.frame,
        From = (Genre)one.from,
        To = (Genre)one.to,
        Rule = (GenreRule)one.rule,
        HeldSeconds = one.held_s,
        Probabilities = GenreProbabilities.From(new ReadOnlySpan<float>(one.probabilities, GenreProbabilities.Count)),
        Confidence = one.confidence,
    };

    internal static Genre? GenreFrom(int genre) => genre == NoGenre ? null : (Genre)genre;

    private static GainReduction From(in aim_gain_reduction reduction) => new()
    {
        NowDb = reduction.now_db,
        AverageDb = reduction.average_db,
        MaximumDb = reduction.maximum_db,
    };
}
