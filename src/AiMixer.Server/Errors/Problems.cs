using System.Globalization;

namespace AiMixer.Server.Errors;

/// <summary>Every problem that the server knows. The types are stable; docs/API_DOCUMENTATION.md lists them.</summary>
internal static class Problems
{
    private const int LongestValue = 64;

    public static ProblemException Malformed(string detail) => new(Of(StatusCodes.Status400BadRequest, detail));

    public static ProblemException Missing(string field) => Malformed($"{field} is missing.");

    public static ProblemException NotAcceptable(string accept, IEnumerable<string> offered) =>
        new(Of(StatusCodes.Status406NotAcceptable, $"Accept: {Cut(accept)} allows none of what there is: {string.Join(", ", offered)}."));

    public static ProblemException UpgradeRequired() => new(Of(
        StatusCodes.Status426UpgradeRequired, "GET /stream-audio is a WebSocket; without one, POST the audio."));

    public static ProblemException TooSlow(string detail) => new(Of(StatusCodes.Status408RequestTimeout, detail));

    public static ProblemException TooLarge(string detail) => new(Of(StatusCodes.Status413PayloadTooLarge, detail));

    public static ProblemException UnsupportedMediaType(string? contentType, IEnumerable<string> allowed) => new(Of(
        StatusCodes.Status415UnsupportedMediaType,
        $"{(string.IsNullOrEmpty(contentType) ? "A body without Content-Type" : $"Content-Type: {Cut(contentType)}")} is not understood; allowed is {string.Join(" or ", allowed)}."));

    public static ProblemException Invalid(string field, string value, string allowed)
    {
        var error = new FieldProblem(field, Cut(value), allowed);
        Problem problem = Of(StatusCodes.Status422UnprocessableEntity, $"{field} is {error.Value}; allowed is {allowed}.");
        return new(problem with { Errors = [error] });
    }

    public static ProblemException StreamLimit(int maximum, int retryAfterSeconds) =>
        Unavailable("stream-limit", "All streams are taken", string.Create(
            CultureInfo.InvariantCulture, $"{maximum} streams are running, which is all that this instance serves at the same time."), retryAfterSeconds);

    public static ProblemException Draining(int retryAfterSeconds) =>
        Unavailable("draining", "The instance is about to end", "The instance was asked to end and starts nothing new.", retryAfterSeconds);

    public static ProblemException Overloaded(int retryAfterSeconds) =>
        Unavailable("overloaded", "The instance is busy", "The bodies of the requests that are being read fill the memory set aside for them.", retryAfterSeconds);

    /// <summary>The problem that belongs to a status code.</summary>
    public static Problem Of(int status, string? detail = null)
    {
        (string name, string title, string standard) = status switch
        {
            StatusCodes.Status400BadRequest => ("malformed-request", "The request cannot be read", "The request does not follow HTTP."),
            StatusCodes.Status401Unauthorized => ("unauthenticated", "Credentials are needed", "The request carries no credentials that are valid here."),
            StatusCodes.Status403Forbidden => ("forbidden", "The credentials do not allow it", "The credentials do not allow this request."),
            StatusCodes.Status404NotFound => ("not-found", "There is no such resource", "No resource has this path."),
            StatusCodes.Status405MethodNotAllowed => ("method-not-allowed", "The method is not allowed", "The resource does not know this method; Allow lists those it knows."),
            StatusCodes.Status406NotAcceptable => ("not-acceptable", "No acceptable representation", "Accept allows none of the representations that there are."),
            StatusCodes.Status408RequestTimeout => ("request-timeout", "The request came too slowly", "The body came too slowly or not at all."),
            StatusCodes.Status413PayloadTooLarge => ("content-too-large", "The request is too large", "The body is longer than this server takes."),
            StatusCodes.Status415UnsupportedMediaType => ("unsupported-media-type", "The media type is not understood", "The Content-Type is not understood here."),
            StatusCodes.Status422UnprocessableEntity => ("invalid-value", "A value is not allowed", "A value lies outside what is allowed."),
            StatusCodes.Status426UpgradeRequired => ("upgrade-required", "A WebSocket is needed", "The resource is a WebSocket."),
            StatusCodes.Status429TooManyRequests => ("too-many-requests", "Too many requests", "The rate limit is reached."),
            StatusCodes.Status431RequestHeaderFieldsTooLarge => ("headers-too-large", "The headers are too large", "The headers are longer than this server takes."),
            StatusCodes.Status503ServiceUnavailable => ("unavailable", "The service is not available", "The service is not available now."),
            < 500 => ("malformed-request", "The request cannot be read", "The request cannot be served."),
            _ => ("internal-error", "Something went wrong here", "The server failed; the log knows the request by its id."),
        };
        return new Problem { Type = TypeOf(name), Title = title, Status = status, Detail = detail ?? standard };
    }

    private static ProblemException Unavailable(string name, string title, string detail, int retryAfterSeconds)
    {
        Problem problem = Of(StatusCodes.Status503ServiceUnavailable, detail);
        return new(problem with { Type = TypeOf(name), Title = title }) { RetryAfterSeconds = retryAfterSeconds };
    }

    private static string TypeOf(string name) => $"urn:ai-mixer:problem:{name}";

    /// <summary>What a client sent is repeated to it, but not at any length.</summary>
    private static string Cut(string value) => value.Length <= LongestValue ? value : string.Concat(value.AsSpan(0, LongestValue), "...");
}
