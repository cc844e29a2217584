using System.Net.Security;
using AiMixer.Server.Hosting;

namespace AiMixer.Server.Security;

/// <summary>
/// Keeps the files of TLS in view and uses them anew when they changed. Connections that are open go on. Files that do not
/// fit together, as while they are replaced one after the other, change nothing.
/// </summary>
/// <remarks>The files are read, not watched: what a file system says of links, which Kubernetes swaps, is not reliable.</remarks>
internal sealed partial class TlsReload : IDisposable
{
    private readonly TlsOptions _options;
    private readonly ILogger<TlsReload> _logger;
    private readonly ITimer _timer;
    private TlsIdentity _identity;
    private string _refused = "";
    private int _looks;

    public TlsReload(TlsOptions options, TimeProvider clock, ILogger<TlsReload> logger)
    {
        _options = options;
        _logger = logger;
        _identity = TlsIdentity.Load(options);
        LogLoaded(_identity.ValidUntil);
        _timer = clock.CreateTimer(_ => Look(), null, options.ReloadEvery, options.ReloadEvery);
    }

    /// <summary>What a handshake uses now.</summary>
    public SslServerAuthenticationOptions Handshake => Volatile.Read(ref _identity).Handshake;

    /// <summary>How often the files were looked at.</summary>
    public int Looks => Volatile.Read(ref _looks);

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        try
        {
            string found = TlsIdentity.FingerprintOf(_options);
            if (found != _identity.Fingerprint && found != _refused)
            {
                // Whatever fails is told once, not at every look.
                _refused = found;
                TlsIdentity identity = TlsIdentity.Load(_options);
                Volatile.Write(ref _identity, identity);
                LogLoaded(identity.ValidUntil);
            }
        }
        catch (SettingException exception)
        {
            LogKept(exception.Message);
        }

        Interlocked.Increment(ref _looks);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Uses a TLS certificate that is valid until {ValidUntil}")]
    private partial void LogLoaded(DateTimeOffset validUntil);

    [LoggerMessage(Level = LogLevel.Error, Message = "Keeps the TLS certificate that it has: {Reason}")]
    private partial void LogKept(string reason);
}
