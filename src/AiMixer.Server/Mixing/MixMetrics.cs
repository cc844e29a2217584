namespace AiMixer.Server.Mixing;

/// <summary>What a mix sounds like. Where there is nothing but silence, a level is -200.</summary>
/// <param name="Peak">Highest sample, in dBFS.</param>
/// <param name="Rms">Root mean square, in dBFS; a full-scale sine has -3.01.</param>
/// <param name="Lufs">Loudness: integrated (ITU-R BS.1770-5), or ungated where the audio is shorter than its block of 400 ms.</param>
/// <param name="Genre">The genre whose profile was used.</param>
/// <param name="Confidence">How sure the recognition is of that genre, 0 to 1; 1 for a genre that was asked for.</param>
/// <param name="TruePeak">Highest true peak, in dBTP.</param>
/// <param name="GainReduction">What each stage took, in dB.</param>
/// <param name="DamagedSamples">Samples beyond +60 dBFS, which were replaced by silence.</param>
internal sealed record MixMetrics(
    float Peak,
    float Rms,
    float Lufs,
    string Genre,
    float Confidence,
    float TruePeak,
    GainReductionReport GainReduction,
    long DamagedSamples)
{
    /// <summary>What a strip has measured of its own output since it began, and what it takes the input for.</summary>
    public static MixMetrics Of(in StripMetrics metrics, in GenreReading genre) => new(
        metrics.Output.SamplePeakDbfs,
        metrics.Output.RmsDbfs,
        metrics.Output.IntegratedLufs,
        (metrics.Genre ?? AiMixer.Genre.Neutral).ProfileName(),
        genre.IsListening ? genre.Confidence : 1,
        metrics.Output.TruePeakDbtp,
        Reductions(metrics),
        metrics.NonFiniteSamples);

    /// <summary>Average and maximum of every stage.</summary>
    public static GainReductionReport Reductions(in StripMetrics metrics)
    {
        return new GainReductionReport
        {
            Gate = Stage(metrics.Gate),
            DeEsser = Stage(metrics.DeEsser),
            Compressor = Stage(metrics.Compressor),
            Limiter = Stage(metrics.Limiter),
        };

        static StageGainReduction Stage(in GainReduction reduction) => new(reduction.AverageDb, reduction.MaximumDb);
    }
}
