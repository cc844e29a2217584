using AiMixer.Server.Hosting;
using AiMixer.Server.Streams;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AiMixer.Server.Api;

/// <summary>Says whether the instance lives, and whether it takes work.</summary>
internal static class HealthApi
{
    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head, HttpMethods.Post];

    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        long start = app.ServiceProvider.GetRequiredService<TimeProvider>().GetTimestamp();
        RouteGroupBuilder group = app.MapGroup("/health").WithTags("Health").AllowAnonymous().DisableRateLimiting();
        group.MapMethods("", Methods, (ServerOptions options, Draining draining, StreamSlots streams, TimeProvider clock) =>
            Report(options, draining, streams, clock.GetElapsedTime(start))).WithName("Health").WithSummary("How the instance is; 503 once it was asked to end.");
        group.MapMethods("/ready", Methods, (ServerOptions options, Draining draining, StreamSlots streams, TimeProvider clock) =>
            Report(options, draining, streams, clock.GetElapsedTime(start))).WithName("Ready").WithSummary("Whether the instance takes work.");
        group.MapMethods("/live", Methods, (ServerOptions options, StreamSlots streams, TimeProvider clock) =>
            TypedResults.Json(Health.Of("healthy", options, streams, clock.GetElapsedTime(start)), Json.ServerJson.Default.Health)).WithName("Live").WithSummary("Whether the process lives.");
    }

    private static JsonHttpResult<Health> Report(ServerOptions options, Draining draining, StreamSlots streams, TimeSpan uptime) => TypedResults.Json(
        Health.Of(draining.IsOn ? "draining" : "healthy", options, streams, uptime),
        Json.ServerJson.Default.Health,
        statusCode: draining.IsOn ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK);
}

/// <summary>How the instance is.</summary>
/// <param name="Status">"healthy", or "draining" once the instance was asked to end.</param>
/// <param name="Uptime">Seconds since the start.</param>
/// <param name="Version">Version of the software.</param>
/// <param name="Region">Where the instance runs.</param>
/// <param name="ActiveStreams">Streams that are running.</param>
/// <param name="MaxStreams">Streams that may run at the same time.</param>
internal sealed record Health(string Status, long Uptime, string Version, string Region, int ActiveStreams, int MaxStreams)
{
    public static Health Of(string status, ServerOptions options, StreamSlots streams, TimeSpan uptime) =>
        new(status, (long)uptime.TotalSeconds, AiMixerInfo.Version, options.Region, streams.Active, options.MaxStreams);
}
