using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace AiMixer.Server.Tests.Security;

/// <summary>A certificate authority for tests, and PEM files of what it issues.</summary>
public sealed class Certificates : IDisposable
{
    public const string ServerUsage = "1.3.6.1.5.5.7.3.1";
    public const string ClientUsage = "1.3.6.1.5.5.7.3.2";

    private readonly string _folder = Directory.CreateTempSubdirectory("ai-mixer-test").FullName;
    private readonly ECDsa _rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _intermediate;

    public Certificates(string name = "Root")
    {
        Root = Request($"CN={name}", _rootKey, isAuthority: true, usage: null)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        _intermediate = Sign(Request($"CN={name} Intermediate", key, isAuthority: true, usage: null), Root, 29).CopyWithPrivateKey(key);
    }

    public X509Certificate2 Root { get; }

    /// <summary>The root as a file.</summary>
    public string RootFile => Save("root.pem", Root.ExportCertificatePem());

    /// <summary>A certificate that the intermediate authority issued, with its key.</summary>
    public X509Certificate2 Issue(string name, string usage, int validDays = 28)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 certificate = Sign(Request($"CN={name}", key, isAuthority: false, usage), _intermediate, validDays);
        return certificate.CopyWithPrivateKey(key);
    }

    /// <summary>The settings of a server with a new certificate in files of fixed names.</summary>
    public string[] ServerSettings(string name = "localhost") => WriteServerFiles(Issue(name, ServerUsage));

    /// <summary>Writes the files of the server: certificate and intermediate, and key.</summary>
    public string[] WriteServerFiles(X509Certificate2 certificate) =>
    [
        $"TLS_CERTIFICATE_FILE={Save("server.pem", $"{certificate.ExportCertificatePem()}\n{_intermediate.ExportCertificatePem()}\n")}",
        $"TLS_KEY_FILE={Save("server.key", certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem())}",
        "H2C_PORT=",
    ];

    public string Save(string name, string text)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>A client that trusts this authority alone and shows a certificate when it has one.</summary>
    public HttpClient Client(X509Certificate2? shown = null)
    {
        var handler = new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.Zero };
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            CustomTrustStore = { Root },
        };
        if (shown is not null)
        {
            // With what leads to the root, as the other end knows the root only.
            handler.SslOptions.ClientCertificateContext = System.Net.Security.SslStreamCertificateContext.Create(shown, [_intermediate], offline: true);
        }

        return new HttpClient(handler);
    }

    public void Dispose()
    {
        _rootKey.Dispose();
        Root.Dispose();
        _intermediate.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static CertificateRequest Request(string name, ECDsa key, bool isAuthority, string? usage)
    {
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(isAuthority, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        if (usage is not null)
        {
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], critical: true));
            var names = new SubjectAlternativeNameBuilder();
            names.AddDnsName("localhost");
            names.AddIpAddress(IPAddress.Loopback);
            request.CertificateExtensions.Add(names.Build());
        }

        return request;
    }

    private static X509Certificate2 Sign(CertificateRequest request, X509Certificate2 issuer, int validDays)
    {
        DateTimeOffset end = DateTimeOffset.UtcNow.AddDays(validDays);
        DateTimeOffset start = validDays > 0 ? DateTimeOffset.UtcNow.AddHours(-1) : end.AddHours(-1);
        return request.Create(issuer, start, end, RandomNumberGenerator.GetBytes(8));
    }
}
