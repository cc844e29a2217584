using System.Security.Claims;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace AiMixer.Server.Security;

/// <summary>
/// Checks JSON Web Tokens after RFC 8725: signed by a known key with that key's one algorithm, issued by the issuer for
/// this audience, valid now.
/// </summary>
internal sealed class JwtValidator
{
    private const int LongestTokenBytes = 8 * 1024;

    private readonly JsonWebTokenHandler _handler = new() { MaximumTokenSizeInBytes = LongestTokenBytes, MapInboundClaims = false };
    private readonly TokenValidationParameters _parameters;

    public JwtValidator(JwtOptions options) => _parameters = new TokenValidationParameters
    {
        ValidIssuer = options.Issuer,
        ValidAudience = options.Audience,
        ClockSkew = options.ClockSkew,
        RequireExpirationTime = true,
        RequireSignedTokens = true,
        TryAllIssuerSigningKeys = false,
        ValidAlgorithms = options.Keys.Select(key => key.Algorithm).Distinct(),
        // The key decides about the algorithm, the token has to agree: that is what ends key confusion.
        AlgorithmValidator = (algorithm, key, _, _) =>
            options.Keys.Any(known => ReferenceEquals(known.Key, key) && known.Algorithm == algorithm),
        // A token that names a key is checked with that key only, one that names none with every key of its algorithm.
        IssuerSigningKeyResolver = (_, token, id, _) => options.Keys
            .Where(known => known.Algorithm == ((JsonWebToken)token).Alg && (string.IsNullOrEmpty(id) || known.Key.KeyId == id))
            .Select(known => known.Key),
    };

    /// <summary>The caller that a token speaks for, or why it is not accepted.</summary>
    public async Task<(ClaimsPrincipal? Caller, string Refusal)> ValidateAsync(string token)
    {
        TokenValidationResult result = await _handler.ValidateTokenAsync(token, _parameters).ConfigureAwait(false);
        if (!result.IsValid || result.SecurityToken is not JsonWebToken { Subject.Length: > 0 } jwt)
        {
            return (null, Refusal(result.Exception));
        }

        return (Scopes.Caller($"jwt:{jwt.Subject}", ScopesOf(jwt)), "");
    }

    /// <summary>RFC 8693 puts scopes into one string with spaces; some issuers send an array, or call it scp.</summary>
    private static IEnumerable<string> ScopesOf(JsonWebToken jwt) => jwt.Claims
        .Where(claim => claim.Type is "scope" or "scp")
        .SelectMany(claim => claim.Value.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .Distinct();

    private static string Refusal(Exception? exception) => exception switch
    {
        null => "The token has no subject (sub).",
        SecurityTokenExpiredException => "The token has expired.",
        SecurityTokenNotYetValidException => "The token is not valid yet.",
        SecurityTokenNoExpirationException => "The token has no expiry (exp).",
        SecurityTokenInvalidLifetimeException => "The token is valid at no time.",
        SecurityTokenInvalidIssuerException => "The token comes from another issuer.",
        SecurityTokenInvalidAudienceException => "The token is for another audience.",
        SecurityTokenSignatureKeyNotFoundException => "The token is signed with a key or an algorithm that is not known here.",
        SecurityTokenInvalidSignatureException => "The signature of the token is not valid.",
        SecurityTokenInvalidAlgorithmException => "The algorithm of the token is not allowed.",
        _ => "The token cannot be read.",
    };
}
