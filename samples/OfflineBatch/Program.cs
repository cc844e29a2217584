using System.Collections.Concurrent;
using System.Globalization;
using AiMixer;
using SoundFiles;
using Spectre.Console;

string[] endings = [".wav", ".flac", ".ogg", ".opus", ".mp3", ".m4a", ".aiff"];
if (args.Length is < 2 or > 3 || (args.Length == 3 && !float.TryParse(args[2], CultureInfo.InvariantCulture, out _)))
{
    Console.Error.WriteLine("usage: OfflineBatch FOLDER OUTPUT_FOLDER [TARGET_LUFS]");
    return 2;
}

string folder = args[0], outputFolder = args[1];
OfflineMixOptions options = new()
{
    Genre = Genre.Auto,
    TargetLufs = args.Length == 3 ? float.Parse(args[2], CultureInfo.InvariantCulture) : null,
};
ConcurrentDictionary<string, MixReport> reports = new();
ConcurrentDictionary<string, string> failures = new();
string[] files;
OfflineMixer mixer;
try
{
    files = [.. Directory.EnumerateFiles(folder)
        .Where(file => endings.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase)).Order(StringComparer.Ordinal)];
    Directory.CreateDirectory(outputFolder);

    // Keeps no programme: one mixer does for all files, also at the same time.
    mixer = new OfflineMixer(options);
}
catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException)
{
    Console.Error.WriteLine($"OfflineBatch: {exception.Message}");
    return 1;
}

await AnsiConsole.Progress()
    .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
    .StartAsync(async progress => await Parallel.ForEachAsync(
        files,
        new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount },
        (file, cancellation) =>
        {
            ProgressTask bar = progress.AddTask(Markup.Escape(Path.GetFileName(file)), maxValue: 1);
            try
            {
                reports[file] = Mix(mixer, file, OutputFor(file), new Bar(bar), cancellation);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
            {
                // One bad file does not keep the others from being mixed.
                failures[file] = exception.Message;
                bar.StopTask();
            }

            return ValueTask.CompletedTask;
        }));

Table table = new Table().AddColumns("File", "Genre", "Before", "After", "True peak", "x real time");
foreach (string file in files.Where(reports.ContainsKey))
{
    MixReport report = reports[file];
    table.AddRow(
        Markup.Escape(Path.GetFileName(file)),
        report.Genre.Applied,
        Level(report.Input.Loudness.IntegratedLufs, "LUFS"),
        Level(report.Output.Loudness.IntegratedLufs, "LUFS"),
        Level(report.Output.Loudness.TruePeakDbtp, "dBTP"),
        report.RealTimeFactor.ToString("0", CultureInfo.InvariantCulture));
}

AnsiConsole.Write(table);
foreach ((string file, string why) in failures.OrderBy(pair => pair.Key, StringComparer.Ordinal))
{
    Console.Error.WriteLine($"OfflineBatch: {Path.GetFileName(file)}: {why}");
}

Console.WriteLine($"{reports.Count} mixed, {failures.Count} failed");
return failures.IsEmpty && files.Length > 0 ? 0 : 1;

// Named with the whole input name: a.ogg and a.mp3 are two files.
string OutputFor(string file) => Path.Combine(outputFolder, Path.GetFileName(file) + ".wav");

static MixReport Mix(OfflineMixer mixer, string file, string output, IProgress<MixProgress> progress, CancellationToken cancellation)
{
    using FfmpegSource source = new(file);
    using FfmpegSink sink = new(output, source.SampleRateHz, source.Channels);
    MixReport report = mixer.Mix(source, sink, progress, cancellation);
    sink.Finish();
    return report;
}

// What is silent has no level.
static string Level(float? level, string unit) =>
    level is { } number ? string.Create(CultureInfo.InvariantCulture, $"{number:0.0} {unit}") : "silent";

/// <summary>Moves a bar; where the length of a file is not known, it says so by moving by itself.</summary>
internal sealed class Bar(ProgressTask task) : IProgress<MixProgress>
{
    public void Report(MixProgress value)
    {
        task.IsIndeterminate = double.IsNaN(value.Fraction);
        task.Value = double.IsNaN(value.Fraction) ? 0 : value.Fraction;
    }
}
