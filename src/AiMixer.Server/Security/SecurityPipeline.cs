using Microsoft.AspNetCore.Authorization;

namespace AiMixer.Server.Security;

/// <summary>Puts the parts of this folder into the server.</summary>
internal static class SecurityPipeline
{
    // One year, as browsers expect it of a host that keeps its promise (RFC 6797).
    private static readonly TimeSpan TlsPromise = TimeSpan.FromDays(365);

    public static void AddSecurity(this IServiceCollection services, SecurityOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton<KeyRing>();
        if (options.Tls is { } tls)
        {
            services.AddSingleton(tls);
            services.AddSingleton<TlsReload>();
        }

        services.AddCors(cors => cors.AddDefaultPolicy(policy => BrowserProtection.Configure(policy, options)));
        services.AddHsts(hsts => hsts.MaxAge = TlsPromise);

        // The core only: the rest would keep keys for cookies on the disk.
        services.AddAuthenticationCore(authentication =>
        {
            authentication.AddScheme<CredentialsHandler>(CredentialsHandler.Scheme, displayName: null);
            authentication.DefaultScheme = CredentialsHandler.Scheme;
        });
        services.AddScoped<CredentialsHandler>();

        // What an endpoint forgets to say must not open it.
        AuthorizationBuilder authorization = services.AddAuthorizationBuilder()
            .SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
        foreach (string scope in Scopes.All)
        {
            authorization.AddPolicy(scope, policy => policy.RequireClaim(Scopes.Claim, scope));
        }

        services.AddRateLimiter(limiter => RateLimit.Configure(limiter, options));
    }

    /// <summary>Everything between routing and the endpoints.</summary>
    public static void UseSecurity(this IApplicationBuilder app)
    {
        app.UseHsts();
        app.UseMiddleware<BrowserProtection>();
        app.UseCors();
        app.UseAuthentication();
        app.UseRateLimiter();
        app.UseAuthorization();
    }
}
