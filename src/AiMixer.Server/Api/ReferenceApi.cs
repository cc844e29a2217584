using AiMixer.Server.Errors;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace AiMixer.Server.Api;

/// <summary>The OpenAPI document, and a page for people that is made from it.</summary>
internal static class ReferenceApi
{
    private static readonly (string File, string MediaType)[] Files =
    [
        ("reference.html", "text/html; charset=utf-8"),
        ("reference.css", "text/css; charset=utf-8"),
        ("reference.js", "text/javascript; charset=utf-8"),
    ];

    public static void MapReference(this IEndpointRouteBuilder app)
    {
        app.MapOpenApi().AllowAnonymous();
        RouteGroupBuilder group = app.MapGroup("/reference").AllowAnonymous().ExcludeFromDescription();
        foreach ((string file, string mediaType) in Files)
        {
            byte[] content = Read(file);
            group.MapGet(file == "reference.html" ? "" : file, () => TypedResults.Bytes(content, mediaType));
        }

        app.MapGet("/", () => TypedResults.Redirect("/reference")).AllowAnonymous().ExcludeFromDescription();
    }

    /// <summary>Adds the problems that a request may end with.</summary>
    public static RouteHandlerBuilder WithProblems(this RouteHandlerBuilder endpoint, params ReadOnlySpan<int> statuses)
    {
        foreach (int status in statuses)
        {
            endpoint.Produces<Problem>(status, "application/problem+json");
        }

        return endpoint;
    }

    /// <summary>Says what the document is about.</summary>
    public static Task Describe(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellation)
    {
        document.Info = new OpenApiInfo
        {
            Title = "AI Mixer",
            Version = AiMixerInfo.Version,
            Description = "Mixes audio: buffers, uploads and live streams. Every failure is a problem document (RFC 9457).",
        };
        return Task.CompletedTask;
    }

    private static byte[] Read(string file)
    {
        using Stream stream = typeof(ReferenceApi).Assembly.GetManifestResourceStream($"Reference/{file}")!;
        using var content = new MemoryStream();
        stream.CopyTo(content);
        return content.ToArray();
    }
}
