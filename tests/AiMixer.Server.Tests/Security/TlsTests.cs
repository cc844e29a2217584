using System.Buffers.Binary;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using AiMixer.Server.Hosting;

namespace AiMixer.Server.Tests.Security;

public sealed class TlsTests : IDisposable
{
    private static readonly TimeSpan LongestReload = TimeSpan.FromSeconds(60);

    private readonly Certificates _authority = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _authority.Dispose();

    [Fact]
    public async Task Clients_that_trust_the_authority_are_served_over_TLS_with_both_versions_of_HTTP()
    {
        await using RunningServer server = await RunningServer.StartAsync(_authority.ServerSettings());
        using HttpClient client = _authority.Client();
        foreach (Version version in new[] { HttpVersion.Version11, HttpVersion.Version20 })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(server.Address, "/health"))
            {
                Version = version,
                VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            };
            using HttpResponseMessage answer = await client.SendAsync(request, Cancellation);
            Assert.Equal((HttpStatusCode.OK, version), (answer.StatusCode, answer.Version));
        }
    }

    // Written by hand, because today's clients refuse to speak the old versions themselves.
    [Theory]
    [InlineData(0x0300, false)]
    [InlineData(0x0301, false)]
    [InlineData(0x0302, false)]
    [InlineData(0x0303, true)]
    public async Task Versions_below_1_2_are_refused_in_the_handshake(int version, bool spoken)
    {
        await using RunningServer server = await RunningServer.StartAsync(_authority.ServerSettings());
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, server.Address.Port, Cancellation);
        await client.GetStream().WriteAsync(ClientHello((ushort)version), Cancellation);
        byte[] record = new byte[7];
        await client.GetStream().ReadExactlyAsync(record, Cancellation);

        // OpenSSL is built without SSL 3 and knows nothing of it that it could name.
        const byte Alert = 21, Handshake = 22, Fatal = 2, HandshakeFailure = 40, ProtocolVersion = 70;
        if (spoken)
        {
            Assert.Equal(Handshake, record[0]);
        }
        else
        {
            byte reason = version == 0x0300 ? HandshakeFailure : ProtocolVersion;
            Assert.Equal([Alert, Fatal, reason], new[] { record[0], record[5], record[6] });
        }
    }

    [Fact]
    public async Task Answers_over_TLS_make_browsers_stay_with_it()
    {
        await using RunningServer server = await RunningServer.StartAsync(_authority.ServerSettings());
        using SslStream stream = await ConnectAsync(server);

        // Of localhost no browser would keep it.
        Assert.Contains("\r\nStrict-Transport-Security: max-age=31536000\r\n", await AskAsync(stream, "mixer.example"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_new_certificate_is_used_for_new_connections_while_old_ones_go_on()
    {
        await using RunningServer server = await RunningServer.StartAsync([.. _authority.ServerSettings("first"), "TLS_RELOAD_SECONDS=1"]);
        using SslStream old = await ConnectAsync(server);
        Assert.Equal("CN=first", old.RemoteCertificate!.Subject);
        await AskAsync(old);

        _authority.ServerSettings("second");

        await UntilAsync(async () =>
        {
            using SslStream fresh = await ConnectAsync(server);
            return fresh.RemoteCertificate!.Subject == "CN=second";
        });
        await AskAsync(old);
    }

    [Fact]
    public async Task Files_that_do_not_fit_together_change_nothing_until_they_do()
    {
        await using RunningServer server = await RunningServer.StartAsync([.. _authority.ServerSettings("first"), "TLS_RELOAD_SECONDS=1"]);
        string key = _authority.Save("server.key", "no key at all");
        TlsReloadProbe probe = new(server);

        // Long enough for several looks; each must have kept what there was.
        await probe.WaitForLooksAsync(3);
        using (SslStream kept = await ConnectAsync(server))
        {
            Assert.Equal("CN=first", kept.RemoteCertificate!.Subject);
        }

        File.Delete(key);
        await probe.WaitForLooksAsync(2);
        using (SslStream kept = await ConnectAsync(server))
        {
            Assert.Equal("CN=first", kept.RemoteCertificate!.Subject);
        }

        _authority.ServerSettings("second");
        await UntilAsync(async () =>
        {
            using SslStream fresh = await ConnectAsync(server);
            return fresh.RemoteCertificate!.Subject == "CN=second";
        });
    }

    [Fact]
    public async Task Mutual_TLS_lets_in_who_shows_a_certificate_of_the_authority()
    {
        await using RunningServer server = await StartMutualAsync();
        using HttpClient client = _authority.Client(_authority.Issue("service", Certificates.ClientUsage));

        using HttpResponseMessage answer = await client.PostAsync(new Uri(server.Address, "/process-audio"), Buffer(), Cancellation);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Without_a_client_certificate_only_health_is_answered()
    {
        await using RunningServer server = await StartMutualAsync();
        using HttpClient client = _authority.Client();

        using HttpResponseMessage health = await client.GetAsync(new Uri(server.Address, "/health"), Cancellation);
        using HttpResponseMessage refused = await client.PostAsync(new Uri(server.Address, "/process-audio"), Buffer(), Cancellation);

        Assert.Equal(HttpStatusCode.OK, health.StatusCode);
        (await Answer.OfAsync(refused)).AssertProblem(401, "unauthenticated", "client certificate");
    }

    [Theory]
    [InlineData("of another authority")]
    [InlineData("for servers")]
    [InlineData("expired")]
    [InlineData("self-signed")]
    public async Task Client_certificates_that_are_not_good_end_the_handshake(string kind)
    {
        using var others = new Certificates("Root");
        using X509Certificate2 shown = kind switch
        {
            "of another authority" => others.Issue("service", Certificates.ClientUsage),
            "for servers" => _authority.Issue("service", Certificates.ServerUsage),
            "expired" => _authority.Issue("service", Certificates.ClientUsage, validDays: 0),
            _ => SelfSigned(),
        };
        await using RunningServer server = await StartMutualAsync();
        using HttpClient client = _authority.Client(shown);

        await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            // With TLS 1.3 the client learns of it with the first answer.
            using HttpResponseMessage answer = await client.GetAsync(new Uri(server.Address, "/health"), Cancellation);
        });

        // It was not the server that is broken.
        using HttpClient good = _authority.Client(_authority.Issue("service", Certificates.ClientUsage));
        using HttpResponseMessage health = await good.GetAsync(new Uri(server.Address, "/health"), Cancellation);
        Assert.Equal(HttpStatusCode.OK, health.StatusCode);
    }

    [Fact]
    public async Task With_keys_configured_a_certificate_opens_the_door_and_the_key_still_counts()
    {
        await using RunningServer server = await StartMutualAsync(ApiKeyFixture.Settings);
        using HttpClient client = _authority.Client(_authority.Issue("service", Certificates.ClientUsage));
        using HttpClient bare = _authority.Client();

        using HttpResponseMessage certificateOnly = await client.PostAsync(new Uri(server.Address, "/process-audio"), Buffer(), Cancellation);
        bare.DefaultRequestHeaders.Add("X-API-Key", ApiKeyFixture.StudioKey);
        using HttpResponseMessage keyOnly = await bare.PostAsync(new Uri(server.Address, "/process-audio"), Buffer(), Cancellation);
        client.DefaultRequestHeaders.Add("X-API-Key", ApiKeyFixture.StudioKey);
        using HttpResponseMessage both = await client.PostAsync(new Uri(server.Address, "/process-audio"), Buffer(), Cancellation);

        Assert.Equal(
            (HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized, HttpStatusCode.OK),
            (certificateOnly.StatusCode, keyOnly.StatusCode, both.StatusCode));
    }

    [Fact]
    public void Certificates_that_cannot_be_used_stop_the_start()
    {
        string[] good = _authority.ServerSettings();
        using var others = new Certificates();
        string otherKey = _authority.Save("other.key", others.Issue("x", Certificates.ServerUsage).GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        string locked = _authority.Save("locked.key", others.Issue("x", Certificates.ServerUsage).GetECDsaPrivateKey()!.ExportEncryptedPkcs8PrivateKeyPem(
            "password", new System.Security.Cryptography.PbeParameters(System.Security.Cryptography.PbeEncryptionAlgorithm.Aes128Cbc, System.Security.Cryptography.HashAlgorithmName.SHA256, 1000)));
        string empty = _authority.Save("empty.pem", "");

        AssertStops("TLS_KEY_FILE", otherKey);
        AssertStops("TLS_KEY_FILE", locked);
        AssertStops("TLS_KEY_FILE", empty);
        AssertStops("TLS_CERTIFICATE_FILE", empty);
        AssertStops("TLS_CLIENT_CA_FILE", empty);
        AssertStops("TLS_CLIENT_CA_FILE", "/nowhere/ca.pem");

        void AssertStops(string name, string file)
        {
            Dictionary<string, string> settings = good.Select(s => s.Split('=', 2)).ToDictionary(s => s[0], s => s[1]);
            settings[name] = file;
            SettingException exception = Assert.Throws<SettingException>(() => ServerOptions.From(settings.GetValueOrDefault));
            Assert.StartsWith($"{name}={file} is not possible", exception.Message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', exception.Message);
        }
    }

    [Fact]
    public void A_plain_port_beside_client_certificates_stops_the_start()
    {
        Dictionary<string, string> settings = _authority.ServerSettings().Append($"TLS_CLIENT_CA_FILE={_authority.RootFile}")
            .Select(s => s.Split('=', 2)).ToDictionary(s => s[0], s => s[1]);
        settings["H2C_PORT"] = "8081";

        SettingException exception = Assert.Throws<SettingException>(() => ServerOptions.From(settings.GetValueOrDefault));

        Assert.Contains("8081 is plain HTTP", exception.Message, StringComparison.Ordinal);
    }

    private Task<RunningServer> StartMutualAsync(params string[] more) => RunningServer.StartAsync(
        [.. _authority.ServerSettings(), $"TLS_CLIENT_CA_FILE={_authority.RootFile}", .. more]);

    private static StringContent Buffer() => new("""{"audioBuffer":[0.1]}""", Encoding.UTF8, "application/json");

    private static X509Certificate2 SelfSigned()
    {
        using var key = System.Security.Cryptography.ECDsa.Create();
        return new CertificateRequest("CN=Root Intermediate", key, System.Security.Cryptography.HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }

    private async Task<SslStream> ConnectAsync(RunningServer server)
    {
        var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, server.Address.Port, Cancellation);
        var stream = new SslStream(client.GetStream(), leaveInnerStreamOpen: false);
        await stream.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = "localhost",
                EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                CertificateChainPolicy = new X509ChainPolicy
                {
                    TrustMode = X509ChainTrustMode.CustomRootTrust,
                    RevocationMode = X509RevocationMode.NoCheck,
                    CustomTrustStore = { _authority.Root },
                },
            },
            Cancellation);
        return stream;
    }

    private static async Task<string> AskAsync(SslStream stream, string host = "localhost")
    {
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"GET /health/live HTTP/1.1\r\nHost: {host}\r\n\r\n"), Cancellation);
        var answer = new StringBuilder();
        byte[] one = new byte[1];
        do
        {
            await stream.ReadExactlyAsync(one, Cancellation);
            answer.Append((char)one[0]);
        }
        while (!answer.ToString().EndsWith("}\r\n0\r\n\r\n", StringComparison.Ordinal));
        Assert.StartsWith("HTTP/1.1 200 OK\r\n", answer.ToString(), StringComparison.Ordinal);
        return answer.ToString();
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        DateTime limit = DateTime.UtcNow + LongestReload;
        while (!await condition())
        {
            Assert.True(DateTime.UtcNow < limit, "The server did not change within a minute.");
            await Task.Delay(100, Cancellation);
        }
    }

    /// <summary>A ClientHello (RFC 5246, 7.4.1.2) that offers one version and common suites of it.</summary>
    private static byte[] ClientHello(ushort version)
    {
        byte[] body =
        [
            (byte)(version >> 8), (byte)version,
            .. new byte[32], // random
            0, // no session
            0, 8, 0xC0, 0x2B, 0xC0, 0x2C, 0xC0, 0x09, 0xC0, 0x0A, // ECDHE-ECDSA with AES-GCM, and with AES-CBC for the old
            1, 0, // no compression
            0, 18, // extensions
            0, 10, 0, 4, 0, 2, 0, 23, // groups: secp256r1
            0, 13, 0, 6, 0, 4, 4, 3, 2, 3, // signatures: ECDSA with SHA-256, SHA-1
        ];
        byte[] message = [1, 0, 0, 0, .. body];
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(2), (ushort)body.Length);
        byte[] record = [22, 3, (byte)Math.Min(1, (int)(byte)version), 0, 0, .. message];
        BinaryPrimitives.WriteUInt16BigEndian(record.AsSpan(3), (ushort)message.Length);
        return record;
    }

    /// <summary>Lets the reloading be waited for.</summary>
    private sealed class TlsReloadProbe(RunningServer server)
    {
        private readonly AiMixer.Server.Security.TlsReload _reload =
            (AiMixer.Server.Security.TlsReload)server.Services.GetService(typeof(AiMixer.Server.Security.TlsReload))!;

        public async Task WaitForLooksAsync(int count)
        {
            int until = _reload.Looks + count;
            DateTime limit = DateTime.UtcNow + LongestReload;
            while (_reload.Looks < until)
            {
                Assert.True(DateTime.UtcNow < limit, "The files are not looked at.");
                await Task.Delay(50, Cancellation);
            }
        }
    }
}
