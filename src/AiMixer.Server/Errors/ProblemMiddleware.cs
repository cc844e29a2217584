using System.Globalization;
using AiMixer.Server.Json;
using Microsoft.AspNetCore.Http.Metadata;

namespace AiMixer.Server.Errors;

/// <summary>Makes every failure a problem document: what the endpoints refuse, what the server refuses, what went wrong.</summary>
internal sealed partial class ProblemMiddleware(
    RequestDelegate next, EndpointDataSource endpoints, ILogger<ProblemMiddleware> logger)
{
    private const string ContentType = "application/problem+json";

    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context).ConfigureAwait(false);
            if (context.Response is { HasStarted: false, StatusCode: >= 400, ContentType: null })
            {
                await WriteAsync(context, Bare(context)).ConfigureAwait(false);
            }
        }
        catch (ProblemException exception) when (!context.Response.HasStarted)
        {
            if (exception.RetryAfterSeconds is int seconds)
            {
                context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
            }

            await WriteAsync(context, exception.Problem).ConfigureAwait(false);
        }
        catch (BadHttpRequestException exception) when (!context.Response.HasStarted)
        {
            // What Kestrel says of the body: too large, too slow, wrong length, broken chunks.
            string detail = exception.StatusCode == StatusCodes.Status413PayloadTooLarge ? exception.Message : $"{exception.Message.TrimEnd('.')}.";
            await WriteAsync(context, Problems.Of(exception.StatusCode, detail)).ConfigureAwait(false);
        }
        catch (Exception exception) when (IsDisconnect(context, exception))
        {
            LogGone();
        }
        catch (Exception exception) when (!context.Response.HasStarted)
        {
            LogFailed(exception);
            await WriteAsync(context, Problems.Of(StatusCodes.Status500InternalServerError)).ConfigureAwait(false);
        }
    }

    /// <summary>Answers with a problem; whatever was prepared as an answer is dropped.</summary>
    public static async Task WriteAsync(HttpContext context, Problem problem)
    {
        context.Response.StatusCode = problem.Status;
        await context.Response.WriteAsJsonAsync(
            problem with { RequestId = context.TraceIdentifier }, ServerJson.Default.Problem, ContentType, context.RequestAborted).ConfigureAwait(false);
    }

    /// <summary>What routing refused has a status and nothing else. Of a media type it is known what would have been understood.</summary>
    private Problem Bare(HttpContext context) =>
        context.Response.StatusCode == StatusCodes.Status415UnsupportedMediaType
            ? Problems.UnsupportedMediaType(context.Request.ContentType, UnderstoodAt(context.Request.Path)).Problem
            : Problems.Of(context.Response.StatusCode);

    private IEnumerable<string> UnderstoodAt(PathString path) => endpoints.Endpoints
        .OfType<RouteEndpoint>()
        .Where(endpoint => path.Equals("/" + endpoint.RoutePattern.RawText?.Trim('/'), StringComparison.OrdinalIgnoreCase))
        .SelectMany(endpoint => endpoint.Metadata.GetOrderedMetadata<IAcceptsMetadata>())
        .SelectMany(accepts => accepts.ContentTypes)
        .Distinct();

    private static bool IsDisconnect(HttpContext context, Exception exception) =>
        context.RequestAborted.IsCancellationRequested && exception is OperationCanceledException or IOException;

    [LoggerMessage(Level = LogLevel.Debug, Message = "The client went away")]
    private partial void LogGone();

    [LoggerMessage(Level = LogLevel.Error, Message = "The request failed")]
    private partial void LogFailed(Exception exception);
}
