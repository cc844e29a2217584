using AiMixer.Server.Api;
using AiMixer.Server.Errors;
using Microsoft.AspNetCore.Cors.Infrastructure;

namespace AiMixer.Server.Security;

/// <summary>
/// Tells browsers what to keep pages from, and refuses the WebSockets of pages from elsewhere: browsers ask nobody before
/// they open one, CORS or not.
/// </summary>
internal sealed class BrowserProtection(RequestDelegate next, SecurityOptions options)
{
    private const string PagePolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static readonly TimeSpan PreflightLifetime = TimeSpan.FromMinutes(10);

    /// <summary>Which pages of other origins may read answers. Credentials never travel by themselves, so none are allowed to.</summary>
    public static void Configure(CorsPolicyBuilder policy, SecurityOptions options)
    {
        _ = options.IsAnyOriginAllowed ? policy.AllowAnyOrigin() : policy.WithOrigins([.. options.CorsOrigins]);
        policy.WithMethods(HttpMethods.Get, HttpMethods.Post)
            .WithHeaders("Accept", "Authorization", "Content-Type", "X-API-Key", "X-Request-Id", "traceparent", "tracestate")
            .WithExposedHeaders(ProcessAudioApi.MetricsHeader, "Retry-After", "WWW-Authenticate", "X-Request-Id")
            .SetPreflightMaxAge(PreflightLifetime);
    }

    public Task InvokeAsync(HttpContext context)
    {
        context.Response.OnStarting(static state => Protect((HttpResponse)state), context.Response);
        if (IsWebSocket(context.Request) && !IsOriginAllowed(context.Request))
        {
            Problem problem = Problems.Of(
                StatusCodes.Status403Forbidden, "Pages of this origin may not open a WebSocket here; CORS_ORIGINS lists those that may.");
            return ProblemMiddleware.WriteAsync(context, problem);
        }

        return next(context);
    }

    private static Task Protect(HttpResponse response)
    {
        IHeaderDictionary headers = response.Headers;
        headers.XContentTypeOptions = "nosniff";
        if (headers.CacheControl.Count == 0)
        {
            // Audio and what is known of it stay nowhere on the way.
            headers.CacheControl = "no-store";
        }

        if (response.ContentType?.StartsWith("text/html", StringComparison.OrdinalIgnoreCase) == true)
        {
            headers.ContentSecurityPolicy = PagePolicy;
            headers.XFrameOptions = "DENY";
            headers["Referrer-Policy"] = "no-referrer";
            headers["Cross-Origin-Opener-Policy"] = "same-origin";
        }

        return Task.CompletedTask;
    }

    // Over HTTP/1.1 an upgrade, over HTTP/2 a CONNECT with a protocol (RFC 8441).
    private static bool IsWebSocket(HttpRequest request) =>
        request.Headers.Upgrade.Contains("websocket", StringComparer.OrdinalIgnoreCase) || HttpMethods.IsConnect(request.Method);

    private bool IsOriginAllowed(HttpRequest request)
    {
        if (request.Headers.Origin is not [string origin])
        {
            // Browsers always tell, programs need not.
            return request.Headers.Origin.Count == 0;
        }

        return options.IsAnyOriginAllowed || options.CorsOrigins.Contains(origin, StringComparer.Ordinal) ||
            (Uri.TryCreate(origin, UriKind.Absolute, out Uri? page) && page.Authority == request.Host.Value);
    }
}
