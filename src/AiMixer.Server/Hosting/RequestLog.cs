using System.Collections;
using System.Diagnostics;
using System.Globalization;
using AiMixer.Server.Observability;
using Microsoft.Extensions.Primitives;

namespace AiMixer.Server.Hosting;

/// <summary>
/// Gives every request an id (the client's own, when it is harmless), tells it back and writes one line when the request
/// is over. Only what the request was about is written, never what it carried.
/// </summary>
internal sealed partial class RequestLog(RequestDelegate next, Instruments instruments, ILogger<RequestLog> logger)
{
    private const string Header = "X-Request-Id";
    private const int LongestId = 64;
    private const string Unknown = "other";

    private static readonly string[] Methods =
        [HttpMethods.Get, HttpMethods.Head, HttpMethods.Post, HttpMethods.Options, HttpMethods.Put, HttpMethods.Patch, HttpMethods.Delete, HttpMethods.Connect];

    public async Task InvokeAsync(HttpContext context)
    {
        if (IsHarmless(context.Request.Headers[Header]))
        {
            context.TraceIdentifier = context.Request.Headers[Header]!;
        }

        context.Response.Headers[Header] = context.TraceIdentifier;
        using IDisposable? scope = logger.BeginScope(new RequestScope(context.TraceIdentifier));
        long start = Stopwatch.GetTimestamp();
        try
        {
            await next(context).ConfigureAwait(false);
        }
        finally
        {
            string route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText?.TrimEnd('/') ?? Unknown;
            instruments.CountRequest(route, MethodOf(context.Request), context.Response.StatusCode.ToString(CultureInfo.InvariantCulture));
            if (logger.IsEnabled(LogLevel.Information))
            {
                double milliseconds = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
                LogRequest(context.Request.Method, route, context.Response.StatusCode, milliseconds);
            }
        }
    }

    // Clients may invent methods; each would be a time series of its own.
    private static string MethodOf(HttpRequest request) =>
        Array.Find(Methods, method => HttpMethods.Equals(method, request.Method)) ?? Unknown;

    private static bool IsHarmless(StringValues id) =>
        id is [{ Length: > 0 and <= LongestId } text] && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or ':');

    [LoggerMessage(Level = LogLevel.Information, Message = "{Method} {Route} {Status} in {Milliseconds} ms")]
    private partial void LogRequest(string method, string route, int status, double milliseconds);

    /// <summary>What every line of a request carries.</summary>
    private sealed class RequestScope(string id) : IReadOnlyList<KeyValuePair<string, object?>>
    {
        public int Count => 1;

        public KeyValuePair<string, object?> this[int index] => new("RequestId", id);

        public IEnumerator<KeyValuePair<string, object?>> GetEnumerator()
        {
            yield return this[0];
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        public override string ToString() => $"RequestId:{id}";
    }
}
