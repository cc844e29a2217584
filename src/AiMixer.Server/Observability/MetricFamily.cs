using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace AiMixer.Server.Observability;

/// <summary>All time series of one instrument, and their text (Prometheus text format 0.0.4).</summary>
internal sealed class MetricFamily
{
    private readonly ConcurrentDictionary<LabelValues, MetricSeries> _series = new();
    private readonly Instrument _instrument;
    private readonly string _constantLabels;
    private readonly double[] _bounds;

    public MetricFamily(Instrument instrument)
    {
        _instrument = instrument;
        _constantLabels = string.Join(',', (instrument.Meter.Tags ?? []).Select(tag => Label(tag.Key, tag.Value as string)));
        _bounds = (instrument as Histogram<double>)?.Advice?.HistogramBucketBoundaries?.ToArray() ?? [];
    }

    /// <summary>Takes a measurement. Allocates only when it is the first one with its labels.</summary>
    public void Take(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var values = LabelValues.From(tags);
        if (!_series.TryGetValue(values, out MetricSeries? series))
        {
            series = _series.GetOrAdd(values, new MetricSeries(Labels(tags), _bounds));
        }

        switch (_instrument)
        {
            case Counter<long>:
                series.Add(value);
                break;
            case Histogram<double>:
                series.Observe(value);
                break;
            default:
                series.Set(value);
                break;
        }
    }

    public void WriteTo(StringBuilder text)
    {
        string name = _instrument.Name;
        bool isHistogram = _instrument is Histogram<double>;
        string type = isHistogram ? "histogram" : name.EndsWith("_total", StringComparison.Ordinal) ? "counter" : "gauge";
        text.Append("# HELP ").Append(name).Append(' ').Append(_instrument.Description).Append('\n');
        text.Append("# TYPE ").Append(name).Append(' ').Append(type).Append('\n');
        Span<long> buckets = stackalloc long[_bounds.Length + 1];
        foreach (MetricSeries series in _series.Values.OrderBy(series => series.Labels, StringComparer.Ordinal))
        {
            double sum = series.Read(buckets);
            if (isHistogram)
            {
                WriteHistogram(text, series.Labels, buckets, sum);
            }
            else
            {
                WriteLine(text, "", series.Labels, sum);
            }
        }
    }

    private void WriteHistogram(StringBuilder text, string labels, ReadOnlySpan<long> buckets, double sum)
    {
        string separator = labels.Length > 0 ? "," : "";
        long count = 0;
        for (int i = 0; i < buckets.Length; i++)
        {
            count += buckets[i];
            string bound = i < _bounds.Length ? _bounds[i].ToString(CultureInfo.InvariantCulture) : "+Inf";
            WriteLine(text, "_bucket", $"{labels}{separator}le=\"{bound}\"", count);
        }

        WriteLine(text, "_sum", labels, sum);
        WriteLine(text, "_count", labels, count);
    }

    private void WriteLine(StringBuilder text, string suffix, string labels, double value)
    {
        text.Append(_instrument.Name).Append(suffix);
        if (labels.Length > 0)
        {
            text.Append('{').Append(labels).Append('}');
        }

        text.Append(CultureInfo.InvariantCulture, $" {value}\n");
    }

    private string Labels(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = new StringBuilder(_constantLabels);
        foreach ((string name, object? value) in tags)
        {
            labels.Append(labels.Length > 0 ? "," : "").Append(Label(name, value as string));
        }

        return labels.ToString();
    }

    private static string Label(string name, string? value) =>
        $"{name}=\"{value?.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)}\"";
}
