using System.Collections.Immutable;
using System.Net;
using System.Text.RegularExpressions;
using AiMixer.Server.Security;

namespace AiMixer.Server.Hosting;

/// <summary>One address to listen on.</summary>
/// <param name="Address">The local address.</param>
/// <param name="Port">The port; 0 takes any free one.</param>
/// <param name="IsHttp2Only">HTTP/2 without TLS and without negotiation (h2c), which needs a port of its own.</param>
internal sealed record ListenAddress(IPAddress Address, int Port, bool IsHttp2Only)
{
    /// <summary>Whether connections are encrypted; HTTP/1.1 or HTTP/2 is negotiated then.</summary>
    public bool IsTls { get; init; }
}

/// <summary>The settings of the server, checked. See docs/API_DOCUMENTATION.md for what each is about.</summary>
internal sealed partial record ServerOptions
{
    /// <summary>Sample rate of audio whose sender tells none, in Hz.</summary>
    public int SampleRateHz { get; init; } = 48_000;

    /// <summary>Samples per channel that a stream processes and reports at a time.</summary>
    public int FrameSize { get; init; } = 960;

    /// <summary>Streams that are served at the same time.</summary>
    public int MaxStreams { get; init; } = 100;

    /// <summary>Lowest level that is logged.</summary>
    public LogLevel LogLevel { get; init; } = LogLevel.Information;

    /// <summary>Where this instance runs, for health and metrics.</summary>
    public string Region { get; init; } = "local";

    /// <summary>Where to listen.</summary>
    public ImmutableArray<ListenAddress> Listen { get; init; } = [new(IPAddress.Loopback, 8080, IsHttp2Only: false)];

    /// <summary>Longest body of a request that is read as a whole, in bytes.</summary>
    public int MaxBodyBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>How long a stream may stay silent on the wire, in either direction.</summary>
    public TimeSpan StreamIdle { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long running streams may go on after the server was asked to end.</summary>
    public TimeSpan Drain { get; init; } = TimeSpan.FromSeconds(7);

    /// <summary>Who may use the server, and how its connections are protected.</summary>
    public SecurityOptions Security { get; init; } = new();

    /// <summary>Reads and checks the settings.</summary>
    /// <param name="read">Gives the value of an environment variable, or <see langword="null"/>.</param>
    /// <exception cref="SettingException">A value makes no sense.</exception>
    public static ServerOptions From(Func<string, string?> read)
    {
        var settings = new SettingReader(read);
        SecurityOptions security = SecurityOptions.From(settings);
        ImmutableArray<ListenAddress> listen = ListenFrom(settings, isTls: security.Tls is not null);
        security.RequireEnoughFor(listen);
        return new ServerOptions
        {
            SampleRateHz = settings.Integer("SAMPLE_RATE", 48_000, 8_000, 192_000),
            FrameSize = settings.Integer("FRAME_SIZE", 960, 16, 48_000),
            MaxStreams = settings.Integer("MAX_STREAMS", 100, 1, 100_000),
            LogLevel = settings.Choice("LOG_LEVEL", LogLevel.Information, LogLevels),
            Region = RegionFrom(settings),
            Listen = listen,
            MaxBodyBytes = settings.Integer("MAX_BODY_BYTES", 16 * 1024 * 1024, 64 * 1024, 64 * 1024 * 1024),
            StreamIdle = TimeSpan.FromSeconds(settings.Integer("STREAM_IDLE_SECONDS", 30, 1, 3600)),
            Drain = TimeSpan.FromSeconds(settings.Integer("DRAIN_SECONDS", 7, 0, 3600)),
            Security = security,
        };
    }

    private static ImmutableArray<KeyValuePair<string, LogLevel>> LogLevels { get; } =
    [
        new("TRACE", LogLevel.Trace),
        new("DEBUG", LogLevel.Debug),
        new("INFO", LogLevel.Information),
        new("INFORMATION", LogLevel.Information),
        new("WARN", LogLevel.Warning),
        new("WARNING", LogLevel.Warning),
        new("ERROR", LogLevel.Error),
        new("CRITICAL", LogLevel.Critical),
        new("NONE", LogLevel.None),
    ];

    private static string RegionFrom(SettingReader settings)
    {
        string region = settings.Text("REGION") ?? "local";
        return RegionPattern().IsMatch(region)
            ? region
            : throw SettingReader.Refused("REGION", region, "1 to 63 letters, digits and hyphens");
    }

    private static ImmutableArray<ListenAddress> ListenFrom(SettingReader settings, bool isTls)
    {
        string? urls = settings.Text("ASPNETCORE_URLS");
        string? host = settings.Text("HOST");
        if (urls is not null)
        {
            foreach (string other in new[] { "HOST", "PORT" })
            {
                if (settings.Text(other) is not null)
                {
                    throw new SettingException($"ASPNETCORE_URLS and {other} exclude each other");
                }
            }
        }

        ImmutableArray<ListenAddress> plain = urls is null
            ? [new(AddressFrom("HOST", host, host ?? "localhost"), settings.Integer("PORT", 8080, 0, 65_535), IsHttp2Only: false) { IsTls = isTls }]
            : [.. urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(UrlFrom)];
        return settings.Text("H2C_PORT") is null
            ? plain
            : plain.Add(new(plain[0].Address, settings.Integer("H2C_PORT", 0, 0, 65_535), IsHttp2Only: true));
    }

    private static ListenAddress UrlFrom(string url)
    {
        try
        {
            BindingAddress binding = BindingAddress.Parse(url);
            bool isTls = binding.Scheme == Uri.UriSchemeHttps;
            if ((isTls || binding.Scheme == Uri.UriSchemeHttp) && binding.PathBase.Length == 0 && !binding.IsUnixPipe && !binding.IsNamedPipe)
            {
                return new(AddressFrom("ASPNETCORE_URLS", url, binding.Host), binding.Port, IsHttp2Only: false) { IsTls = isTls };
            }
        }
        catch (FormatException)
        {
            // Told below, like everything else that is no address.
        }

        throw SettingReader.Refused("ASPNETCORE_URLS", url, "such as http://127.0.0.1:8080, several with ';' between them");
    }

    private static IPAddress AddressFrom(string name, string? value, string host) => host switch
    {
        "localhost" => IPAddress.Loopback,
        "+" or "*" => IPAddress.IPv6Any,
        _ when IPAddress.TryParse(host.Trim('[', ']'), out IPAddress? address) => address,
        _ => throw SettingReader.Refused(name, value ?? host, "localhost, * or an IP address"),
    };

    [GeneratedRegex("^[A-Za-z0-9-]{1,63}$")]
    private static partial Regex RegionPattern();
}
