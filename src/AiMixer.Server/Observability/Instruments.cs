using System.Diagnostics;
using System.Diagnostics.Metrics;
using AiMixer.Server.Hosting;
using AiMixer.Server.Streams;

namespace AiMixer.Server.Observability;

/// <summary>What the server counts and measures; names and units are those that GET /metrics tells.</summary>
internal sealed class Instruments : IDisposable
{
    // Around the 20 ms of a frame and the 100 ms that an alert is about.
    private static readonly double[] SecondsBuckets =
        [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5];

    private static readonly double[] DecibelBuckets = [-60, -48, -36, -30, -24, -18, -12, -9, -6, -3, -1, -0.1, 0];

    private const string MeterName = "AiMixer.Server";

    private readonly Counter<long> _requests;
    private readonly Histogram<double> _processing;
    private readonly Counter<long> _genres;
    private readonly Histogram<double> _peak;

    public Instruments(ServerOptions options, StreamSlots streams, TimeProvider clock)
    {
        // The scope tells the instruments of this host from those of another one in the same process.
        Meter = new Meter(MeterName, AiMixerInfo.Version, [new("region", options.Region)], scope: this);
        Exporter = new PrometheusExporter(MeterName, scope: this);
        _requests = Meter.CreateCounter<long>("ai_mixer_requests_total", null, "Requests answered, by endpoint, method and status.");
        _processing = Meter.CreateHistogram(
            "ai_mixer_processing_duration_seconds",
            "s",
            "Time that the processing or analysis of a buffer, or of one frame of a stream, took, by endpoint.",
            tags: null,
            new InstrumentAdvice<double> { HistogramBucketBoundaries = SecondsBuckets });
        _genres = Meter.CreateCounter<long>("ai_mixer_genre_classifications_total", null, "Genres recognised, by genre.");
        _peak = Meter.CreateHistogram(
            "ai_mixer_audio_peak_db",
            "dB",
            "Sample peak of a processed buffer, or of one frame of a stream, in dBFS, by endpoint.",
            tags: null,
            new InstrumentAdvice<double> { HistogramBucketBoundaries = DecibelBuckets });
        Meter.CreateObservableGauge("ai_mixer_active_streams", () => streams.Active, null, "Streams that are running.");
        Meter.CreateObservableGauge("ai_mixer_max_streams", () => options.MaxStreams, null, "Streams that may run at the same time.");
        Meter.CreateObservableGauge(
            "ai_mixer_build_info", () => new Measurement<int>(1, new KeyValuePair<string, object?>("version", AiMixerInfo.Version)), null, "Always 1; the version is a label.");

        // What has not happened yet reads 0 rather than nothing, so that the first time shows as an increase.
        foreach (Genre genre in GenreProbabilities.Genres)
        {
            _genres.Add(0, new KeyValuePair<string, object?>("genre", genre.ProfileName()));
        }

        ProcessInstruments.AddTo(Meter, clock);
    }

    public Meter Meter { get; }

    /// <summary>Their values as text.</summary>
    public PrometheusExporter Exporter { get; }

    public void CountRequest(string endpoint, string method, string status) =>
        _requests.Add(1, new("endpoint", endpoint), new("method", method), new("status", status));

    public void CountGenre(string genre) => _genres.Add(1, new KeyValuePair<string, object?>("genre", genre));

    /// <summary>Notes the work on one buffer or frame.</summary>
    /// <param name="endpoint">The path that it was done for.</param>
    /// <param name="startTimestamp">When it began, by <see cref="Stopwatch"/>.</param>
    /// <param name="peakDb">Sample peak of what came out, in dBFS.</param>
    public void NoteProcessing(string endpoint, long startTimestamp, float peakDb)
    {
        NoteDuration(endpoint, startTimestamp);
        _peak.Record(peakDb, new KeyValuePair<string, object?>("endpoint", endpoint));
    }

    /// <summary>Notes how long the work on one buffer or frame took; of analysis, which gives no audio, that is all.</summary>
    /// <param name="endpoint">The path that it was done for.</param>
    /// <param name="startTimestamp">When it began, by <see cref="Stopwatch"/>.</param>
    public void NoteDuration(string endpoint, long startTimestamp) => _processing.Record(
        Stopwatch.GetElapsedTime(startTimestamp).TotalSeconds, new KeyValuePair<string, object?>("endpoint", endpoint));

    public void Dispose()
    {
        Exporter.Dispose();
        Meter.Dispose();
    }
}
