using System.Collections.Immutable;
using System.Net;
using AiMixer.Server.Hosting;

namespace AiMixer.Server.Security;

/// <summary>Who may use the server, and how its connections are protected.</summary>
internal sealed record SecurityOptions
{
    private const string AnyOrigin = "*";

    /// <summary>API keys that let callers in, as in the settings.</summary>
    public string? ApiKeyEntries { get; init; }

    /// <summary>File with more of them.</summary>
    public string? ApiKeysFile { get; init; }

    /// <summary>How often files with keys are looked at.</summary>
    public TimeSpan KeysReloadEvery { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The tokens that let callers in; <see langword="null"/> lets none.</summary>
    public JwtOptions? Jwt { get; init; }

    /// <summary>The certificate of the server; <see langword="null"/> speaks plain HTTP.</summary>
    public TlsOptions? Tls { get; init; }

    /// <summary>Origins of pages in browsers that may use the server besides its own; "*" alone is any.</summary>
    public ImmutableArray<string> CorsOrigins { get; init; } = [];

    /// <summary>Requests of one caller; <see langword="null"/> does not limit them.</summary>
    public RateLimit? RateLimit { get; init; }

    /// <summary>Whether pages of any origin may use the server.</summary>
    public bool IsAnyOriginAllowed => CorsOrigins is [AnyOrigin];

    /// <summary>Whether nobody has to show credentials.</summary>
    public bool IsOpen => !HasKeys && Tls?.ClientCaFile is null;

    /// <summary>Whether a client certificate is the only kind of credential, and so allows everything.</summary>
    public bool IsCertificateEnough => !HasKeys && Tls?.ClientCaFile is not null;

    // A file counts also while it holds no key: that somebody empties it must not open the server.
    private bool HasKeys => ApiKeyEntries is not null || ApiKeysFile is not null || Jwt is not null;

    /// <summary>Reads and checks the settings.</summary>
    /// <exception cref="SettingException">One makes no sense.</exception>
    public static SecurityOptions From(SettingReader settings)
    {
        var options = new SecurityOptions
        {
            ApiKeyEntries = settings.Text("API_KEYS"),
            ApiKeysFile = settings.Text("API_KEYS_FILE"),
            KeysReloadEvery = TimeSpan.FromSeconds(settings.Integer("KEYS_RELOAD_SECONDS", 10, 1, 3600)),
            Jwt = JwtOptions.From(settings),
            Tls = TlsOptions.From(settings),
            CorsOrigins = OriginsFrom(settings),
        };
        _ = ApiKey.Read(options.ApiKeyEntries, options.ApiKeysFile);
        return options with { RateLimit = RateLimit.From(settings, options.IsOpen) };
    }

    /// <summary>Checks that these settings are enough for where the server listens.</summary>
    /// <exception cref="SettingException">They are not.</exception>
    public void RequireEnoughFor(IEnumerable<ListenAddress> addresses)
    {
        ListenAddress? beyond = addresses.FirstOrDefault(listen => !IPAddress.IsLoopback(listen.Address));
        if (IsOpen && beyond is not null)
        {
            throw new SettingException(
                $"{beyond.Address}:{beyond.Port} can be reached from other machines, but no credentials are configured: " +
                "set API_KEYS, API_KEYS_FILE, JWT_KEYS_FILE or TLS_CLIENT_CA_FILE, or listen on localhost");
        }

        ListenAddress? secure = addresses.FirstOrDefault(listen => listen.IsTls);
        if (secure is not null && Tls is null)
        {
            throw new SettingException(
                $"https://{secure.Address}:{secure.Port} needs a certificate: set TLS_CERTIFICATE_FILE and TLS_KEY_FILE");
        }

        // Over a connection without TLS no certificate can be asked for: the port would let nobody in.
        ListenAddress? plain = addresses.FirstOrDefault(listen => !listen.IsTls);
        if (plain is not null && Tls?.ClientCaFile is not null)
        {
            throw new SettingException(
                $"{plain.Address}:{plain.Port} is plain HTTP, where TLS_CLIENT_CA_FILE cannot be kept: remove one of them");
        }
    }

    private static ImmutableArray<string> OriginsFrom(SettingReader settings)
    {
        string text = settings.Text("CORS_ORIGINS") ?? "";
        string[] origins = text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (origins is not [AnyOrigin])
        {
            foreach (string origin in origins)
            {
                // As a browser writes it: the comparison is exact.
                bool isOrigin = Uri.TryCreate(origin, UriKind.Absolute, out Uri? uri) &&
                    uri.Scheme is "http" or "https" && uri.GetLeftPart(UriPartial.Authority) == origin;
                if (!isOrigin)
                {
                    throw SettingReader.Refused("CORS_ORIGINS", origin, "such as https://studio.example, several with ';' between them, or * alone");
                }
            }
        }

        return [.. origins];
    }
}
