using AiMixer.Server.Observability;
using AiMixer.Server.Security;

namespace AiMixer.Server.Api;

/// <summary>Tells what was counted and measured.</summary>
internal static class MetricsApi
{
    public static void MapMetrics(this IEndpointRouteBuilder app) =>
        app.MapGet("/metrics", (Instruments instruments) => TypedResults.Text(instruments.Exporter.Write(), PrometheusExporter.ContentType))
            .WithTags("Health").WithName("Metrics").RequireAuthorization(Scopes.Metrics)
            .WithSummary("Metrics in the text format of Prometheus.");
}
