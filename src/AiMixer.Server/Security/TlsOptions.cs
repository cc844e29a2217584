using AiMixer.Server.Hosting;

namespace AiMixer.Server.Security;

/// <summary>The files of TLS, all PEM.</summary>
/// <param name="CertificateFile">The server's certificate, then those that lead from it to a root.</param>
/// <param name="KeyFile">Its private key, not encrypted.</param>
/// <param name="ClientCaFile">Roots of the certificates that clients must show; <see langword="null"/> asks for none.</param>
/// <param name="ReloadEvery">How often the files are looked at; a change is used for new connections.</param>
internal sealed record TlsOptions(string CertificateFile, string KeyFile, string? ClientCaFile, TimeSpan ReloadEvery)
{
    /// <summary>Reads TLS_CERTIFICATE_FILE, TLS_KEY_FILE, TLS_CLIENT_CA_FILE and TLS_RELOAD_SECONDS.</summary>
    /// <returns><see langword="null"/> when none is set.</returns>
    /// <exception cref="SettingException">They are not complete, or a file cannot be used.</exception>
    public static TlsOptions? From(SettingReader settings)
    {
        string? certificate = settings.Text("TLS_CERTIFICATE_FILE");
        string? key = settings.Text("TLS_KEY_FILE");
        string? clientCa = settings.Text("TLS_CLIENT_CA_FILE");
        var reload = TimeSpan.FromSeconds(settings.Integer("TLS_RELOAD_SECONDS", 10, 1, 3600));
        if (certificate is null && key is null && clientCa is null)
        {
            return null;
        }

        if (certificate is null || key is null)
        {
            throw new SettingException("TLS_CERTIFICATE_FILE and TLS_KEY_FILE must be set together, and TLS_CLIENT_CA_FILE needs both");
        }

        var options = new TlsOptions(certificate, key, clientCa, reload);
        _ = TlsIdentity.Load(options);
        return options;
    }
}
