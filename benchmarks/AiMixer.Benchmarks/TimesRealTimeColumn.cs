using System.Globalization;
using System.Reflection;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;

namespace AiMixer.Benchmarks;

/// <summary>Seconds of audio per second of work, by the least time.</summary>
internal sealed class TimesRealTimeColumn : IColumn
{
    public string Id => nameof(TimesRealTimeColumn);

    public string ColumnName => "x real time";

    public string Legend => "Seconds of audio per second of work, by the least time";

    public bool AlwaysShow => false;

    public ColumnCategory Category => ColumnCategory.Custom;

    public int PriorityInCategory => 0;

    public bool IsNumeric => true;

    public UnitType UnitType => UnitType.Dimensionless;

    public bool IsAvailable(Summary summary) => summary.BenchmarksCases.Any(benchmark => SecondsOf(benchmark) is not null);

    public bool IsDefault(Summary summary, BenchmarkCase benchmarkCase) => false;

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase) =>
        SecondsOf(benchmarkCase) is { } seconds && summary[benchmarkCase]?.ResultStatistics is { } statistics
            ? (seconds / (statistics.Min * 1e-9)).ToString("N0", CultureInfo.InvariantCulture)
            : "";

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase, SummaryStyle style) => GetValue(summary, benchmarkCase);

    private static double? SecondsOf(BenchmarkCase benchmark) =>
        (benchmark.Descriptor.WorkloadMethod.GetCustomAttribute<AudioSecondsAttribute>()
            ?? benchmark.Descriptor.Type.GetCustomAttribute<AudioSecondsAttribute>())?.Seconds;
}
