using System.Collections.Immutable;
using System.Security.Claims;

namespace AiMixer.Server.Security;

/// <summary>What a caller may do. The names are also those of the authorization policies.</summary>
internal static class Scopes
{
    /// <summary>Everything that touches audio.</summary>
    public const string Process = "process";

    /// <summary>Reading the metrics.</summary>
    public const string Metrics = "metrics";

    /// <summary>The claim that holds one scope.</summary>
    public const string Claim = "scope";

    public static ImmutableArray<string> All { get; } = [Process, Metrics];

    /// <summary>A caller with a name that is unique among the callers, and what it may do.</summary>
    public static ClaimsPrincipal Caller(string name, IEnumerable<string> scopes) => new(new ClaimsIdentity(
        [new Claim(ClaimTypes.Name, name), .. scopes.Where(All.Contains).Select(scope => new Claim(Claim, scope))], CredentialsHandler.Scheme));
}
