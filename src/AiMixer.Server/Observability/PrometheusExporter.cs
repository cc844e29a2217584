using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text;

namespace AiMixer.Server.Observability;

/// <summary>Listens to the server's instruments and writes what they said as Prometheus text.</summary>
internal sealed class PrometheusExporter : IDisposable
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly ConcurrentDictionary<string, MetricFamily> _families = new(StringComparer.Ordinal);
    private readonly MeterListener _listener = new();

    // Observable instruments are asked by one reader at a time.
    private readonly Lock _asking = new();

    /// <summary>Listens to one meter.</summary>
    public PrometheusExporter(string meterName, object? scope)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == meterName && instrument.Meter.Scope == scope)
            {
                MetricFamily family = _families.GetOrAdd(instrument.Name, new MetricFamily(instrument));
                listener.EnableMeasurementEvents(instrument, family);
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, value, tags, state) => ((MetricFamily)state!).Take(value, tags));
        _listener.SetMeasurementEventCallback<int>((_, value, tags, state) => ((MetricFamily)state!).Take(value, tags));
        _listener.SetMeasurementEventCallback<double>((_, value, tags, state) => ((MetricFamily)state!).Take(value, tags));
        _listener.Start();
    }

    /// <summary>Everything, family by family.</summary>
    public string Write()
    {
        lock (_asking)
        {
            _listener.RecordObservableInstruments();
        }

        var text = new StringBuilder();
        foreach (MetricFamily family in _families.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => pair.Value))
        {
            family.WriteTo(text);
        }

        return text.ToString();
    }

    public void Dispose() => _listener.Dispose();
}
