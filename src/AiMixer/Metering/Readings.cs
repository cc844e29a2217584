using AiMixer.Bindings;

namespace AiMixer;

/// <summary>What the core measured, in the library's own types.</summary>
internal static class Readings
{
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
    };

    private static GainReduction From(in aim_gain_reduction reduction) => new()
    {
        NowDb = reduction.now_db,
        AverageDb = reduction.average_db,
        MaximumDb = reduction.maximum_db,
    };
}
