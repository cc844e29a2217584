using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using AiMixer.Server.Hosting;

namespace AiMixer.Server.Security;

/// <summary>What the server shows and asks for in a TLS handshake.</summary>
/// <param name="Handshake">For Kestrel.</param>
/// <param name="ValidUntil">When the certificate ends.</param>
/// <param name="Fingerprint">SHA-256 over the text of all files.</param>
internal sealed record TlsIdentity(SslServerAuthenticationOptions Handshake, DateTimeOffset ValidUntil, string Fingerprint)
{
    // Extended key usage "TLS client" (RFC 5280, 4.2.1.12).
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    /// <summary>Reads the files.</summary>
    /// <exception cref="SettingException">One cannot be used, or the key is not that of the certificate.</exception>
    public static TlsIdentity Load(TlsOptions options)
    {
        string key = SettingFile.Read("TLS_KEY_FILE", options.KeyFile);
        X509Certificate2Collection chain = CertificatesFrom("TLS_CERTIFICATE_FILE", options.CertificateFile, out string certificates);
        X509Certificate2 certificate = SettingFile.Load(
            "TLS_KEY_FILE",
            options.KeyFile,
            "the PEM private key of the certificate, not encrypted",
            text => WithKey(certificates, text));
        string roots = "";
        X509ChainPolicy? clients = options.ClientCaFile is null
            ? null
            : ClientPolicy(CertificatesFrom("TLS_CLIENT_CA_FILE", options.ClientCaFile, out roots));
        var handshake = new SslServerAuthenticationOptions
        {
            ServerCertificateContext = SslStreamCertificateContext.Create(certificate, chain, offline: true),
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
            AllowRenegotiation = false,
            // Asked for, and refused when it is not good. That there is one at all is required of every request but those
            // for health, which probes ask without a certificate.
            ClientCertificateRequired = clients is not null,
            CertificateChainPolicy = clients,
            RemoteCertificateValidationCallback = (_, shown, _, errors) => shown is null || errors == SslPolicyErrors.None,
        };
        return new(handshake, certificate.NotAfter, FingerprintOf(certificates, key, roots));
    }

    /// <summary>The fingerprint that <see cref="Load"/> would give, without using the files.</summary>
    /// <exception cref="SettingException">A file cannot be read.</exception>
    public static string FingerprintOf(TlsOptions options) => FingerprintOf(
        SettingFile.Read("TLS_CERTIFICATE_FILE", options.CertificateFile),
        SettingFile.Read("TLS_KEY_FILE", options.KeyFile),
        options.ClientCaFile is null ? "" : SettingFile.Read("TLS_CLIENT_CA_FILE", options.ClientCaFile));

    private static string FingerprintOf(string certificates, string key, string roots) =>
        Convert.ToHexString(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes($"{certificates}\0{key}\0{roots}")));

    private static X509Certificate2 WithKey(string certificates, string key)
    {
        X509Certificate2 certificate = X509Certificate2.CreateFromPem(certificates, key);
        if (!OperatingSystem.IsWindows())
        {
            return certificate;
        }

        // Windows takes keys for TLS from its own store only, where importing puts them.
        using (certificate)
        {
            return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), password: null);
        }
    }

    private static X509Certificate2Collection CertificatesFrom(string setting, string path, out string text)
    {
        string read = "";
        X509Certificate2Collection certificates = SettingFile.Load(setting, path, "certificates in PEM", pem =>
        {
            read = pem;
            var found = new X509Certificate2Collection();
            found.ImportFromPem(pem);
            return found.Count > 0 ? found : throw new FormatException("there is none in it");
        });
        text = read;
        return certificates;
    }

    private static X509ChainPolicy ClientPolicy(X509Certificate2Collection roots)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            // Short-lived certificates rather than lists that would have to be fetched.
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        policy.CustomTrustStore.AddRange(roots);
        policy.ApplicationPolicy.Add(new Oid(ClientAuthentication));
        return policy;
    }
}
