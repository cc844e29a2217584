using System.Globalization;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;

namespace AiMixer.Benchmarks;

/// <summary>
/// The least time as a multiple of that of the group's baseline. What else a machine does makes times longer, never shorter:
/// the ratio of means, which BenchmarkDotNet has, tells on a busy one what the others did.
/// </summary>
internal sealed class RatioOfLeastColumn : IColumn
{
    public string Id => nameof(RatioOfLeastColumn);

    public string ColumnName => "Ratio";

    public string Legend => "The least time as a multiple of that of the baseline";

    public bool AlwaysShow => false;

    public ColumnCategory Category => ColumnCategory.Baseline;

    public int PriorityInCategory => 0;

    public bool IsNumeric => true;

    public UnitType UnitType => UnitType.Dimensionless;

    public bool IsAvailable(Summary summary) => summary.BenchmarksCases.Any(summary.IsBaseline);

    public bool IsDefault(Summary summary, BenchmarkCase benchmarkCase) => false;

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase)
    {
        BenchmarkCase? baseline = summary.GetBaseline(summary.GetLogicalGroupKey(benchmarkCase));
        return baseline is not null && Least(summary, baseline) is { } unit && Least(summary, benchmarkCase) is { } time
            ? (time / unit).ToString("0.00", CultureInfo.InvariantCulture)
            : "";
    }

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase, SummaryStyle style) => GetValue(summary, benchmarkCase);

    private static double? Least(Summary summary, BenchmarkCase benchmark) => summary[benchmark]?.ResultStatistics?.Min;
}
