using System.Collections.Immutable;
using System.Net;
using System.Security.Claims;
using AiMixer.Server.Errors;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Primitives;

namespace AiMixer.Server.Security;

/// <summary>
/// Finds out who calls: an API key (X-API-Key, or Authorization: Bearer), a JSON Web Token (Authorization: Bearer), either
/// of them as the sub-protocol of a WebSocket, a client certificate, or, on an open server, anyone on this machine.
/// </summary>
internal sealed class CredentialsHandler(SecurityOptions options, KeyRing keys) : IAuthenticationHandler
{
    public const string Scheme = "Credentials";

    private const string KeyHeader = "X-API-Key";
    private const string Bearer = "Bearer ";
    private const string Realm = "Bearer realm=\"ai-mixer\"";

    private HttpContext _context = null!;
    private AuthenticateResult? _result;

    public Task InitializeAsync(AuthenticationScheme scheme, HttpContext context)
    {
        _context = context;
        return Task.CompletedTask;
    }

    public async Task<AuthenticateResult> AuthenticateAsync() => _result ??= await FindAsync().ConfigureAwait(false);

    /// <summary>Answers 401 (RFC 6750, 3).</summary>
    public async Task ChallengeAsync(AuthenticationProperties? properties)
    {
        string? refusal = (await AuthenticateAsync().ConfigureAwait(false)).Failure?.Message;
        _context.Response.Headers.WWWAuthenticate = refusal is null
            ? Realm
            : $"{Realm}, error=\"invalid_token\", error_description=\"{refusal}\"";
        Problem problem = Problems.Of(
            StatusCodes.Status401Unauthorized,
            refusal ?? $"Send an API key as {KeyHeader} or a token as Authorization: Bearer.");
        await ProblemMiddleware.WriteAsync(_context, problem).ConfigureAwait(false);
    }

    /// <summary>Answers 403.</summary>
    public async Task ForbidAsync(AuthenticationProperties? properties)
    {
        string scope = _context.GetEndpoint()?.Metadata.GetMetadata<Microsoft.AspNetCore.Authorization.IAuthorizeData>()?.Policy ?? "";
        _context.Response.Headers.WWWAuthenticate = $"{Realm}, error=\"insufficient_scope\", scope=\"{scope}\"";
        Problem problem = Problems.Of(StatusCodes.Status403Forbidden, $"The credentials are valid but lack the scope {scope}.");
        await ProblemMiddleware.WriteAsync(_context, problem).ConfigureAwait(false);
    }

    private async Task<AuthenticateResult> FindAsync()
    {
        if (options.IsOpen)
        {
            return FindLocal();
        }

        if (options.Tls?.ClientCaFile is not null && _context.Connection.ClientCertificate is null)
        {
            return AuthenticateResult.Fail("A client certificate is needed.");
        }

        ImmutableArray<string> presented = Presented();
        return presented switch
        {
            [] when options.IsCertificateEnough => Success(Scopes.Caller($"certificate:{_context.Connection.ClientCertificate!.Subject}", Scopes.All)),
            [] => AuthenticateResult.NoResult(),
            [""] => AuthenticateResult.Fail("Authorization must be Bearer, with a token or an API key."),
            // A token has dots, a key has none.
            [string token] when token.Contains('.', StringComparison.Ordinal) => await FindTokenAsync(token).ConfigureAwait(false),
            [string key] => FindKey(key),
            _ => AuthenticateResult.Fail("More than one credential was sent."),
        };
    }

    /// <summary>
    /// Open means open to this machine. A page in a browser on it can reach the server by a name of its own that points
    /// here (DNS rebinding), and so can everyone through a proxy: both send the name that they called.
    /// </summary>
    private AuthenticateResult FindLocal()
    {
        string host = _context.Request.Host.Host;
        bool isLocal = host.Equals("localhost", StringComparison.OrdinalIgnoreCase) ||
            (IPAddress.TryParse(host, out IPAddress? address) && IPAddress.IsLoopback(address));
        string caller = _context.Connection.RemoteIpAddress?.ToString() ?? "local";
        return isLocal
            ? Success(Scopes.Caller($"open:{caller}", Scopes.All))
            : AuthenticateResult.Fail("Without credentials in its settings the server answers to localhost only.");
    }

    private AuthenticateResult FindKey(string key) => ApiKey.Find(keys.ApiKeys, key) is { } known
        ? Success(Scopes.Caller($"key:{known.Name}", known.Scopes))
        : AuthenticateResult.Fail("The API key is not known.");

    private async Task<AuthenticateResult> FindTokenAsync(string token)
    {
        if (keys.Tokens is not { } validator)
        {
            return AuthenticateResult.Fail("Tokens are not accepted here, only API keys.");
        }

        (ClaimsPrincipal? caller, string refusal) = await validator.ValidateAsync(token).ConfigureAwait(false);
        return caller is null ? AuthenticateResult.Fail(refusal) : Success(caller);
    }

    private ImmutableArray<string> Presented()
    {
        IHeaderDictionary headers = _context.Request.Headers;
        StringValues authorization = headers.Authorization;
        return
        [
            .. headers[KeyHeader].Select(key => key ?? ""),
            .. authorization.Select(value =>
                value?.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) == true ? value[Bearer.Length..].Trim() : ""),
            .. WebSocketProtocol.CredentialsOf(_context.Request),
        ];
    }

    private static AuthenticateResult Success(ClaimsPrincipal caller) =>
        AuthenticateResult.Success(new AuthenticationTicket(caller, Scheme));
}
