using AiMixer.Server.Security;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace AiMixer.Server.Hosting;

/// <summary>Where Kestrel listens, and what one client can cost it.</summary>
internal static class Listener
{
    // A client that sends or reads slower than this for longer than the grace is cut off; streams keep a time of their own.
    private static readonly MinDataRate SlowestClient = new(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(5));

    private static readonly TimeSpan HandshakeTimeout = TimeSpan.FromSeconds(5);

    public static void Configure(KestrelServerOptions kestrel, ServerOptions options)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = options.MaxBodyBytes;
        kestrel.Limits.MaxRequestLineSize = 8 * 1024;
        kestrel.Limits.MaxRequestHeadersTotalSize = 16 * 1024;
        kestrel.Limits.MaxRequestHeaderCount = 64;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        kestrel.Limits.KeepAliveTimeout = TimeSpan.FromMinutes(2);
        kestrel.Limits.MinRequestBodyDataRate = SlowestClient;
        kestrel.Limits.MinResponseDataRate = SlowestClient;
        kestrel.Limits.MaxRequestBufferSize = 256 * 1024;
        kestrel.Limits.MaxResponseBufferSize = 64 * 1024;
        kestrel.Limits.MaxConcurrentConnections = 10_000;
        kestrel.Limits.MaxConcurrentUpgradedConnections = options.MaxStreams + 100;
        kestrel.Limits.Http2.MaxStreamsPerConnection = 250;
        kestrel.Limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(30);
        foreach (ListenAddress listen in options.Listen)
        {
            kestrel.Listen(listen.Address, listen.Port, endpoint =>
            {
                endpoint.Protocols = listen switch
                {
                    { IsHttp2Only: true } => HttpProtocols.Http2,
                    { IsTls: true } => HttpProtocols.Http1AndHttp2,
                    _ => HttpProtocols.Http1,
                };
                if (listen.IsTls)
                {
                    TlsReload tls = kestrel.ApplicationServices.GetRequiredService<TlsReload>();
                    endpoint.UseHttps(new TlsHandshakeCallbackOptions
                    {
                        HandshakeTimeout = HandshakeTimeout,
                        OnConnection = _ => ValueTask.FromResult(tls.Handshake),
                    });
                }
            });
        }
    }
}
