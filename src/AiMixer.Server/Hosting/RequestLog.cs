using System.Collections;
using System.Diagnostics;
using Microsoft.Extensions.Primitives;

namespace AiMixer.Server.Hosting;

/// <summary>
/// Gives every request an id (the client's own, when it is harmless), tells it back and writes one line when the request
/// is over. Only what the request was about is written, never what it carried.
/// </summary>
internal sealed partial class RequestLog(RequestDelegate next, ILogger<RequestLog> logger)
{
    private const string Header = "X-Request-Id";
    private const int LongestId = 64;

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
            if (logger.IsEnabled(LogLevel.Information))
            {
                string route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "(none)";
                double milliseconds = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
                LogRequest(context.Request.Method, route, context.Response.StatusCode, milliseconds);
            }
        }
    }

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
