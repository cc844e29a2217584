using System.Globalization;
using System.Text;
using AiMixer.Benchmarks;
using AiMixer.Benchmarks.Peers;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Filters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Perfolizer.Horology;

Type[] benchmarks = [typeof(StageBenchmarks), typeof(ChainBenchmarks), typeof(InteropBenchmarks), typeof(AnalysisBenchmarks), typeof(JsonBenchmarks)];
bool smoke = args is ["--smoke"];
if (!smoke && (args.Length != 1 || args[0].StartsWith('-')))
{
    Console.Error.WriteLine("usage: AiMixer.Benchmarks OUTPUT.md | --smoke");
    return 2;
}

// In this process: a generated project would inherit what this repository asks of its own. Rounds are short and many, so
// that what else a machine does falls between them, or makes outliers, which are left out.
Job job = (smoke ? Job.Dry : Job.Default.WithWarmupCount(10).WithIterationCount(60).WithIterationTime(TimeInterval.FromMilliseconds(5)))
    .WithToolchain(InProcessEmitToolchain.Instance);
AccumulationLogger report = new();
report.WriteLine("# Speed of the library, from C#");
report.WriteLine();
report.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""
    Written by `./build.sh bench` on {DateTime.UtcNow:yyyy-MM-dd}; load before it {LoadAverage()} on {Environment.ProcessorCount} processors{Caution()}.
    Read the ratios; the absolute figures belong to the machine. Ratios and times real time are by the least time of many short
    rounds: what else a machine does makes times longer, never shorter, so on a busy one the median tells little. Ratios are to
    the row that has 1.00 in its group. Peers in other programs (ffmpeg, sox) stand in [native.md](native.md).
    """));
bool complete = true;
foreach (Type type in benchmarks)
{
    ManualConfig config = ManualConfig.CreateEmpty()
        .AddJob(job)
        .AddDiagnoser(MemoryDiagnoser.Default)
        .AddColumnProvider(DefaultColumnProviders.Descriptor, DefaultColumnProviders.Params, DefaultColumnProviders.Metrics)
        .AddColumn(StatisticColumn.Median, StatisticColumn.Min, new RatioOfLeastColumn(), new TimesRealTimeColumn())
        .HideColumns("Alloc Ratio")
        .AddLogger(smoke ? NullLogger.Instance : ConsoleLogger.Default)
        .WithArtifactsPath(Path.Combine(Path.GetTempPath(), "aimixer-benchmarks"))
        .WithOptions(ConfigOptions.DisableLogFile)
        .AddFilter(new SimpleFilter(benchmark => Ebur128.IsInstalled || benchmark.Descriptor.WorkloadMethod.Name != nameof(AnalysisBenchmarks.PeerLoudness)));
    Summary summary = BenchmarkRunner.Run(type, config);
    complete &= summary.Reports.Length > 0 && summary.Reports.All(one => one.Success) && !summary.HasCriticalValidationErrors;
    report.WriteLine();
    report.WriteLine($"## {type.Name.Replace("Benchmarks", "", StringComparison.Ordinal)}");
    report.WriteLine();
    MarkdownExporter.GitHub.ExportToLog(summary, report);
}

string text = Plain(report.GetLog());
if (smoke)
{
    Console.WriteLine(text);
}
else
{
    File.WriteAllText(args[0], text);
}

return complete ? 0 : 1;

// The machine is described once; no marks but those of a table.
static string Plain(string markdown)
{
    StringBuilder text = new();
    string[] parts = markdown.Replace("\r", "", StringComparison.Ordinal).Replace("**", "", StringComparison.Ordinal).Replace("&#39;", "", StringComparison.Ordinal).Split("```");
    for (int i = 0; i < parts.Length; i++)
    {
        bool isMachine = i % 2 == 1;
        text.Append(!isMachine ? parts[i].Trim('\n') + "\n\n" : i == 1 ? $"```\n{parts[i].Trim()}\n```\n\n" : "");
    }

    return text.ToString().TrimEnd() + "\n";
}

// The kernel's, where it tells one.
static string Caution() =>
    double.TryParse(LoadAverage(), CultureInfo.InvariantCulture, out double load) && load > Environment.ProcessorCount
        ? ", a busy machine"
        : "";

static string LoadAverage() => File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "unknown";
