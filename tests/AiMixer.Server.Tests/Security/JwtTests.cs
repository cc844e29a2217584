using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using AiMixer.Server.Hosting;

namespace AiMixer.Server.Tests.Security;

/// <summary>A server that takes tokens, and the keys that sign them.</summary>
public sealed class JwtFixture : IAsyncLifetime
{
    public Tokens Tokens { get; } = new();

    public RunningServer Server { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Server = await RunningServer.StartAsync(Tokens.Settings);

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        Tokens.Dispose();
    }
}

public sealed class JwtTests(JwtFixture fixture) : IClassFixture<JwtFixture>
{
    private Tokens Tokens => fixture.Tokens;

    private async Task<Answer> AskAsync(string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/process-audio") { Content = new StringContent("""{"audioBuffer":[0.1]}""", Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return await fixture.Server.SendAsync(request);
    }

    private async Task AssertRefusedAsync(string token, string said)
    {
        Answer answer = await AskAsync(token);

        answer.AssertProblem(401, "unauthenticated", said);
        string challenge = answer.Headers.WwwAuthenticate.ToString();
        Assert.StartsWith("Bearer realm=\"ai-mixer\", error=\"invalid_token\"", challenge, StringComparison.Ordinal);
        Assert.Contains(said, challenge, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("RS256")]
    [InlineData("ES256")]
    [InlineData("HS256")]
    public async Task Tokens_signed_with_a_known_key_let_in_with_and_without_its_name(string algorithm)
    {
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(Tokens.Sign(algorithm))).Status);
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(Tokens.Sign(algorithm, kid: null))).Status);
    }

    [Theory]
    [InlineData("scope", "metrics process")]
    [InlineData("scp", "process")]
    public async Task Scopes_are_read_as_issuers_write_them(string claim, string scopes)
    {
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(Tokens.Sign("ES256", Tokens.Claims(("scope", null), (claim, scopes))))).Status);
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(Tokens.Sign("ES256", Tokens.Claims(("scope", null), (claim, scopes.Split(' ')))))).Status);
    }

    [Theory]
    [InlineData("metrics")]
    [InlineData("processing")]
    [InlineData(null)]
    public async Task A_token_without_the_scope_is_told_which_one(string? scope)
    {
        Answer answer = await AskAsync(Tokens.Sign("RS256", Tokens.Claims(("scope", scope))));

        answer.AssertProblem(403, "forbidden", "process");
        Assert.Contains("error=\"insufficient_scope\", scope=\"process\"", answer.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("iss", "https://other.example", "another issuer")]
    [InlineData("iss", null, "another issuer")]
    [InlineData("aud", "other", "another audience")]
    [InlineData("aud", null, "another audience")]
    [InlineData("exp", null, "no expiry")]
    [InlineData("sub", null, "no subject")]
    public async Task Claims_that_are_wrong_or_missing_are_named(string claim, string? value, string said) =>
        await AssertRefusedAsync(Tokens.Sign("RS256", Tokens.Claims((claim, value))), said);

    [Theory]
    [InlineData("exp", -40, "expired")]
    [InlineData("nbf", 40, "not valid yet")]
    public async Task Tokens_count_only_in_their_time_give_or_take_half_a_minute(string claim, int seconds, string said)
    {
        long now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();

        await AssertRefusedAsync(Tokens.Sign("RS256", Tokens.Claims((claim, now + seconds))), said);
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(Tokens.Sign("RS256", Tokens.Claims((claim, now + seconds / 2))))).Status);
    }

    [Theory]
    [InlineData("none")]
    [InlineData("None")]
    [InlineData("nOnE")]
    public async Task Tokens_without_a_signature_are_refused(string none)
    {
        await AssertRefusedAsync(Tokens.Write(none, null, null, _ => []), "token");
        await AssertRefusedAsync(Tokens.Write(none, "rsa", null, _ => []), "token");
    }

    [Fact]
    public async Task A_signature_that_was_cut_off_is_refused()
    {
        string token = Tokens.Sign("RS256");

        await AssertRefusedAsync(token[..(token.LastIndexOf('.') + 1)], "token");
    }

    // The public key is no secret: whoever knows it must not be able to sign with it as if it were one.
    [Theory]
    [InlineData("rsa")]
    [InlineData(null)]
    [InlineData("secret")]
    public async Task A_public_key_used_as_a_secret_is_refused(string? kid)
    {
        byte[][] publicForms =
        [
            Encoding.ASCII.GetBytes(Tokens.Rsa.ExportSubjectPublicKeyInfoPem()),
            Encoding.ASCII.GetBytes(Tokens.Rsa.ExportSubjectPublicKeyInfoPem() + "\n"),
            Tokens.Rsa.ExportSubjectPublicKeyInfo(),
            Tokens.Rsa.ExportRSAPublicKey(),
            Tokens.Rsa.ExportParameters(false).Modulus!,
        ];
        foreach (byte[] form in publicForms)
        {
            await AssertRefusedAsync(Tokens.Write("HS256", kid, null, text => HMACSHA256.HashData(form, text)), "token");
        }
    }

    [Theory]
    [InlineData("RS256", "ec")]
    [InlineData("ES256", "rsa")]
    [InlineData("HS256", "rsa")]
    [InlineData("RS256", "unknown")]
    [InlineData("HS256", "../keys.json")]
    public async Task A_key_that_the_token_names_wrongly_is_not_searched_for_elsewhere(string algorithm, string kid) =>
        await AssertRefusedAsync(Tokens.Sign(algorithm, kid: kid), "not known here");

    [Theory]
    [InlineData("HS512")]
    [InlineData("PS256")]
    public async Task Algorithms_beside_those_of_the_keys_are_refused(string algorithm) =>
        await AssertRefusedAsync(Tokens.Sign(algorithm), "not known here");

    [Fact]
    public async Task Keys_of_someone_else_are_refused()
    {
        using var other = new Tokens();
        foreach (string algorithm in new[] { "RS256", "ES256", "HS256" })
        {
            await AssertRefusedAsync(other.Sign(algorithm), "signature");
        }
    }

    [Fact]
    public async Task A_token_that_was_changed_in_any_part_is_refused()
    {
        string[] parts = Tokens.Sign("ES256", Tokens.Claims(("scope", "metrics"))).Split('.');
        string[] wanted = Tokens.Sign("ES256").Split('.');

        await AssertRefusedAsync($"{parts[0]}.{wanted[1]}.{parts[2]}", "signature");
        for (int part = 0; part < 3; part++)
        {
            string[] changed = [.. wanted];
            int at = changed[part].Length / 2;
            changed[part] = string.Concat(changed[part].AsSpan(0, at), changed[part][at] == 'A' ? "B" : "A", changed[part].AsSpan(at + 1));
            await AssertRefusedAsync(string.Join('.', changed), "token");
        }
    }

    [Theory]
    [InlineData("a.b.c")]
    [InlineData("..")]
    [InlineData("a.b")]
    [InlineData("a.b.c.d.e")]
    [InlineData("e30.e30.e30")]
    [InlineData("eyJhbGciOiJSUzI1NiJ9.bnVsbA.AA")]
    public async Task What_is_no_token_is_refused(string token) => await AssertRefusedAsync(token, "token");

    [Fact]
    public async Task An_endless_token_is_refused() => await AssertRefusedAsync($"{new string('a', 5000)}.{new string('b', 5000)}.c", "token");

    [Fact]
    public async Task Public_keys_may_be_given_as_PEM()
    {
        string file = Tokens.Save("public.pem", $"{Tokens.Rsa.ExportSubjectPublicKeyInfoPem()}\n{Tokens.Ec.ExportSubjectPublicKeyInfoPem()}\n");
        await using RunningServer server = await RunningServer.StartAsync($"JWT_ISSUER={Tokens.Issuer}", $"JWT_AUDIENCE={Tokens.Audience}", $"JWT_KEYS_FILE={file}");
        foreach ((string algorithm, HttpStatusCode expected) in new[] { ("RS256", HttpStatusCode.NotFound), ("ES256", HttpStatusCode.NotFound), ("HS256", HttpStatusCode.Unauthorized) })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/nowhere");
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Tokens.Sign(algorithm, kid: null));
            Assert.Equal(expected, (await server.SendAsync(request)).Status);
        }
    }

    [Theory]
    [InlineData("", "JWK set")]
    [InlineData("{}", "JWK set")]
    [InlineData("{\"keys\":[]}", "JWK set")]
    [InlineData("{\"keys\":[{\"kty\":\"oct\",\"k\":\"c2hvcnQ\"}]}", "40 bits")]
    [InlineData("{\"keys\":[{\"kty\":\"EC\",\"kid\":\"x\",\"crv\":\"P-384\",\"x\":\"AA\",\"y\":\"AA\"}]}", "P-384")]
    [InlineData("{\"keys\":[{\"kty\":\"oct\",\"kid\":\"x\",\"alg\":\"HS512\",\"k\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"}]}", "HS512")]
    [InlineData("{\"keys\":[{\"kty\":\"oct\",\"kid\":\"x\",\"use\":\"enc\",\"k\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"}]}", "enc")]
    public void Key_files_that_must_not_be_used_stop_the_start(string text, string said) => AssertStops(text, said);

    [Fact]
    public void Weak_and_private_keys_stop_the_start()
    {
        using var weak = RSA.Create(1024);
        using var curve = ECDsa.Create(ECCurve.NamedCurves.nistP384);

        AssertStops(weak.ExportSubjectPublicKeyInfoPem(), "1024 bits");
        AssertStops(curve.ExportSubjectPublicKeyInfoPem(), "P-256");
        AssertStops(Tokens.Rsa.ExportPkcs8PrivateKeyPem(), "PRIVATE KEY is not a PUBLIC KEY");
    }

    private void AssertStops(string keys, string said)
    {
        string file = Tokens.Save("bad", keys);
        Dictionary<string, string> settings = new() { ["JWT_ISSUER"] = "i", ["JWT_AUDIENCE"] = "a", ["JWT_KEYS_FILE"] = file };

        SettingException exception = Assert.Throws<SettingException>(() => ServerOptions.From(settings.GetValueOrDefault));

        Assert.Contains(said, exception.Message, StringComparison.Ordinal);
        Assert.StartsWith("JWT_KEYS_FILE", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', exception.Message);
    }
}
