using System.Net;
using System.Security.Cryptography;
using System.Text;
using AiMixer.Server.Hosting;
using AiMixer.Server.Security;

namespace AiMixer.Server.Tests.Security;

/// <summary>A server that knows one caller of each kind.</summary>
public sealed class ApiKeyFixture : IAsyncLifetime
{
    public const string StudioKey = "a key for the tests of the studio";
    public const string MonitorKey = "a key for the tests of the monitor";
    public const string AdminKey = "a key for the tests of the admin";

    public static string Settings =>
        $"API_KEYS=studio:process:{HashOf(StudioKey)};monitor:metrics:{HashOf(MonitorKey).ToUpperInvariant()}; admin:process,metrics:{HashOf(AdminKey)};";

    public RunningServer Server { get; private set; } = null!;

    public static string HashOf(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    public async ValueTask InitializeAsync() => Server = await RunningServer.StartAsync(Settings);

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}

public sealed class ApiKeyTests(ApiKeyFixture fixture) : IClassFixture<ApiKeyFixture>
{
    private const string StudioKey = ApiKeyFixture.StudioKey;

    private async Task<Answer> AskAsync(params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/process-audio") { Content = new StringContent("""{"audioBuffer":[0.1]}""", Encoding.UTF8, "application/json") };
        foreach ((string name, string value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await fixture.Server.SendAsync(request);
    }

    [Theory]
    [InlineData("X-API-Key", StudioKey)]
    [InlineData("X-API-Key", ApiKeyFixture.AdminKey)]
    [InlineData("Authorization", $"Bearer {StudioKey}")]
    [InlineData("Authorization", $"bearer {StudioKey}")]
    public async Task A_known_key_lets_in(string header, string value) => Assert.Equal(HttpStatusCode.OK, (await AskAsync((header, value))).Status);

    [Fact]
    public async Task Without_a_key_nothing_is_done()
    {
        Answer answer = await AskAsync();

        answer.AssertProblem(401, "unauthenticated", "X-API-Key", "Bearer");
        Assert.Equal("Bearer realm=\"ai-mixer\"", answer.Headers.WwwAuthenticate.ToString());
    }

    [Theory]
    [InlineData("X-API-Key", "wrong")]
    [InlineData("X-API-Key", $"{StudioKey}x")]
    [InlineData("X-API-Key", "")]
    [InlineData("Authorization", "Bearer")]
    [InlineData("Authorization", "Basic c3R1ZGlvOmtleQ==")]
    [InlineData("Authorization", StudioKey)]
    [InlineData("Authorization", "Bearer header.payload.signature")]
    public async Task Anything_else_is_refused(string header, string value)
    {
        Answer answer = await AskAsync((header, value));

        answer.AssertProblem(401, "unauthenticated");
        Assert.Contains("invalid_token", answer.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_hash_that_the_settings_hold_is_no_key() =>
        (await AskAsync(("X-API-Key", ApiKeyFixture.HashOf(StudioKey)))).AssertProblem(401, "unauthenticated");

    [Fact]
    public async Task Two_keys_at_once_are_refused_even_when_one_is_right() =>
        (await AskAsync(("X-API-Key", StudioKey), ("Authorization", $"Bearer {StudioKey}"))).AssertProblem(401, "unauthenticated", "More than one");

    [Fact]
    public async Task A_key_without_the_scope_is_told_which_one()
    {
        Answer answer = await AskAsync(("X-API-Key", ApiKeyFixture.MonitorKey));

        answer.AssertProblem(403, "forbidden", "process");
        Assert.Contains("error=\"insufficient_scope\", scope=\"process\"", answer.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Health_needs_no_key()
    {
        foreach (string path in new[] { "/health", "/health/ready", "/health/live" })
        {
            Assert.Equal(HttpStatusCode.OK, (await fixture.Server.SendAsync(new HttpRequestMessage(HttpMethod.Get, path))).Status);
        }
    }

    [Fact]
    public async Task Every_other_path_is_closed_to_those_without_a_key_whether_it_exists_or_not()
    {
        foreach (string path in new[] { "/process-audio", "/stream-audio", "/extract-features", "/classify-genre", "/metrics", "/nowhere", "/health/../metrics", "/HEALTH/x" })
        {
            (await fixture.Server.SendAsync(new HttpRequestMessage(HttpMethod.Get, path))).AssertProblem(401, "unauthenticated");
        }
    }

    [Fact]
    public async Task A_new_key_is_told_once_and_its_entry_lets_it_in()
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();

        Assert.Equal(0, ApiKeyCommand.Run(["--new-key", "studio", "process"], output, errors));

        Assert.Empty(errors.ToString());
        string[] lines = output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        string key = lines[0].Split(' ')[^1];
        string entry = lines[1].Split(' ')[^1];
        Assert.DoesNotContain(key, entry, StringComparison.Ordinal);
        await using RunningServer server = await RunningServer.StartAsync($"API_KEYS={entry}");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/nowhere");
        request.Headers.Add("X-API-Key", key);
        Assert.Equal(HttpStatusCode.NotFound, (await server.SendAsync(request)).Status);
    }

    [Theory]
    [InlineData("--new-key")]
    [InlineData("--new-key", "a name", "process")]
    [InlineData("--new-key", "studio", "everything")]
    [InlineData("--new-key", "studio", "process", "more")]
    [InlineData("--old-key", "studio", "process")]
    public void Commands_that_make_no_sense_are_explained(params string[] arguments)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();

        Assert.Equal(2, ApiKeyCommand.Run(arguments, output, errors));

        Assert.Empty(output.ToString());
        Assert.Contains("--new-key NAME SCOPES", errors.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_may_stand_in_a_file_beside_comments()
    {
        string file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, $"# callers\n\nstudio:process:{ApiKeyFixture.HashOf("one")}\r\nstudio:process:{ApiKeyFixture.HashOf("two")}\n", TestContext.Current.CancellationToken);
            await using RunningServer server = await RunningServer.StartAsync($"API_KEYS_FILE={file}");
            foreach (string key in new[] { "one", "two" })
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, "/nowhere");
                request.Headers.Add("X-API-Key", key);
                Assert.Equal(HttpStatusCode.NotFound, (await server.SendAsync(request)).Status);
            }
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory]
    [InlineData("API_KEYS=studio:process:a-key-in-the-place-of-its-hash")]
    [InlineData("API_KEYS=a-key-alone")]
    [InlineData("API_KEYS=studio:everything:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")]
    [InlineData("API_KEYS=:process:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")]
    public void Entries_that_cannot_be_read_stop_the_start_and_are_not_repeated(string setting)
    {
        string[] parts = setting.Split('=');

        SettingException exception = Assert.Throws<SettingException>(() => ServerOptions.From(name => name == parts[0] ? parts[1] : null));

        Assert.Contains("API_KEYS: entry 1", exception.Message, StringComparison.Ordinal);
        Assert.Contains("NAME:SCOPES:HASH", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(parts[1], exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("API_KEYS_FILE", "/nowhere/keys", "API_KEYS_FILE=/nowhere/keys")]
    [InlineData("JWT_ISSUER", "https://issuer.example", "JWT_KEYS_FILE")]
    [InlineData("TLS_CERTIFICATE_FILE", "/nowhere/cert.pem", "TLS_KEY_FILE")]
    [InlineData("TLS_CLIENT_CA_FILE", "/nowhere/ca.pem", "TLS_CERTIFICATE_FILE")]
    [InlineData("TLS_RELOAD_SECONDS", "0", "1 to 3600")]
    [InlineData("RATE_LIMIT", "-1", "0 to 1000000")]
    [InlineData("RATE_LIMIT_BURST", "0", "1 to 1000000")]
    [InlineData("JWT_CLOCK_SKEW_SECONDS", "301", "0 to 300")]
    [InlineData("CORS_ORIGINS", "studio.example", "https://studio.example")]
    [InlineData("CORS_ORIGINS", "https://studio.example/", "https://studio.example")]
    [InlineData("CORS_ORIGINS", "https://Studio.example", "https://studio.example")]
    [InlineData("CORS_ORIGINS", "*;https://studio.example", "* alone")]
    [InlineData("CORS_ORIGINS", "null", "https://studio.example")]
    public void Settings_that_make_no_sense_stop_the_start(string name, string value, string said)
    {
        SettingException exception = Assert.Throws<SettingException>(() => ServerOptions.From(asked => asked == name ? value : null));

        Assert.Contains(said, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Keys_are_compared_whole_and_one_key_is_one_caller()
    {
        string hash = ApiKeyFixture.HashOf(StudioKey);

        SettingException exception = Assert.Throws<SettingException>(() =>
            ServerOptions.From(name => name == "API_KEYS" ? $"a:process:{hash};b:metrics:{hash.ToUpperInvariant()}" : null));

        Assert.Contains("b is given twice", exception.Message, StringComparison.Ordinal);
    }
}
