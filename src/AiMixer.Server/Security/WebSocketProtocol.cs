namespace AiMixer.Server.Security;

/// <summary>
/// The sub-protocols of a WebSocket (RFC 6455, 1.9). A browser lets a page set no other header of the request that opens a
/// WebSocket, so its credentials stand there, beside the protocol that is really spoken; unlike a query string that
/// header is not written to the logs of proxies.
/// </summary>
internal static class WebSocketProtocol
{
    /// <summary>The protocol spoken, which the server answers with when the client offers any.</summary>
    public const string Name = "aimixer.v1";

    /// <summary>What stands in front of credentials.</summary>
    public const string BearerPrefix = "aimixer.bearer.";

    /// <summary>The keys and tokens among the sub-protocols that a client offers.</summary>
    public static IEnumerable<string> CredentialsOf(HttpRequest request) => request.Headers
        .GetCommaSeparatedValues("Sec-WebSocket-Protocol")
        .Where(offer => offer.StartsWith(BearerPrefix, StringComparison.Ordinal))
        .Select(offer => offer[BearerPrefix.Length..]);

    /// <summary>What the server answers with: never credentials.</summary>
    public static string? Accepted(HttpRequest request) =>
        request.Headers.GetCommaSeparatedValues("Sec-WebSocket-Protocol").Contains(Name) ? Name : null;
}
