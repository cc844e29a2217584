using System.Globalization;

namespace AiMixer.Cli.Terminal;

/// <summary>The small table of levels: before and after a mix, or of one file.</summary>
internal static class LevelTable
{
    private static readonly (string Name, string Unit, Func<LoudnessReport, float?> Value)[] Rows =
    [
        ("Integrated loudness", "LUFS", loudness => loudness.IntegratedLufs),
        ("Short-term maximum", "LUFS", loudness => loudness.ShortTermMaxLufs),
        ("Momentary maximum", "LUFS", loudness => loudness.MomentaryMaxLufs),
        ("Loudness range", "LU", loudness => loudness.LraLu),
        ("True peak", "dBTP", loudness => loudness.TruePeakDbtp),
        ("Sample peak", "dBFS", loudness => loudness.SamplePeakDbfs),
        ("RMS", "dBFS", loudness => loudness.RmsDbfs),
    ];

    public static void Write(TextWriter writer, string inputName, string outputName, MixReport report)
    {
        writer.WriteLine($"{inputName} -> {outputName}");
        writer.WriteLine($"{Describe(report.Input)}, {Describe(report.Genre)}");
        if (report.Genre.Confidence is not null)
        {
            writer.WriteLine($"Recognised: {report.Genre.Reason}");
        }

        writer.WriteLine();
        writer.WriteLine($"{"",-22}{"before",10}{"after",10}");
        foreach ((string name, string unit, Func<LoudnessReport, float?> value) in Rows)
        {
            writer.WriteLine(
                $"{name,-22}{Level(value(report.Input.Loudness)),10}{Level(value(report.Output.Loudness)),10}  {unit}");
        }

        writer.WriteLine();
        writer.WriteLine($"{"Gain reduction",-22}{"average",10}{"maximum",10}");
        WriteStage(writer, "  gate", report.GainReductionDb.Gate);
        if (IsOn(report, "de_esser.enabled"))
        {
            WriteStage(writer, "  de-esser", report.GainReductionDb.DeEsser);
        }

        WriteStage(writer, "  compressor", report.GainReductionDb.Compressor);
        WriteStage(writer, "  limiter", report.GainReductionDb.Limiter);
        if (report.LevelerGainDb is { } leveler)
        {
            writer.WriteLine();
            writer.WriteLine($"{"",-22}{"lowest",10}{"highest",10}");
            writer.WriteLine($"{"Leveler gain",-22}{Level(leveler.Minimum),10}{Level(leveler.Maximum),10}  dB");
        }

        writer.WriteLine();
        double latencyMs = 1000.0 * report.LatencyFrames / report.Input.SampleRate;
        writer.WriteLine(Invariant($"Latency {latencyMs:0.0} ms ({report.LatencyFrames} frames), removed; {report.RealTimeFactor:0} x real time"));
    }

    public static void Write(TextWriter writer, string inputName, AudioAnalysis analysis)
    {
        writer.WriteLine(inputName);
        writer.WriteLine(Describe(analysis.Input));
        writer.WriteLine();
        foreach ((string name, string unit, Func<LoudnessReport, float?> value) in Rows)
        {
            writer.WriteLine($"{name,-22}{Level(value(analysis.Input.Loudness)),10}  {unit}");
        }

        GenreAnalysis genre = analysis.Genre;
        string sure = genre.Confidence is { } confidence ? Invariant($"  {100 * confidence:0} % sure") : "";
        writer.WriteLine($"{"Genre",-22}{genre.Genre,10}{sure}");
        if (analysis.Features is { } features)
        {
            writer.WriteLine(Invariant($"{"Spectral centroid",-22}{features.SpectralCentroidHz,10:0}  Hz"));
            writer.WriteLine(Invariant($"{"Zero-crossing rate",-22}{features.ZeroCrossingRate,10:0.000}"));
        }
    }

    /// <summary>The profile that was applied, and how sure the recognition was.</summary>
    public static string Describe(GenreReport genre) => genre.Confidence is { } confidence
        ? Invariant($"genre {genre.Applied} ({100 * confidence:0} % sure)")
        : $"genre {genre.Applied}";

    /// <summary>Sample rate, channels and length in words.</summary>
    public static string Describe(ProgrammeReport programme)
    {
        string channels = programme.Channels == 1 ? "mono" : "stereo";
        return Invariant($"{programme.SampleRate} Hz {channels}, {programme.Seconds:0.###} s");
    }

    private static bool IsOn(MixReport report, string id) =>
        report.Parameters.Any(parameter => parameter.Id == id && parameter.Value != 0);

    private static void WriteStage(TextWriter writer, string name, StageGainReduction reduction) =>
        writer.WriteLine($"{name,-22}{Level(reduction.Average),10}{Level(reduction.Maximum),10}  dB");

    private static string Level(float? value) => value is { } level ? Invariant($"{level:0.0}") : "-inf";

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
