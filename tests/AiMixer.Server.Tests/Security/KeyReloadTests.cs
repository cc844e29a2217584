using System.Net;
using System.Text;

namespace AiMixer.Server.Tests.Security;

/// <summary>Keys come and go while the server runs.</summary>
public sealed class KeyReloadTests : IDisposable
{
    private const string First = "the first key";
    private const string Second = "the second key";

    private static readonly TimeSpan LongestReload = TimeSpan.FromSeconds(60);

    private readonly Tokens _tokens = new();

    private static string Entry(string name, string key) => $"{name}:process:{ApiKeyFixture.HashOf(key)}";

    public void Dispose() => _tokens.Dispose();

    [Fact]
    public async Task A_key_that_is_added_lets_in_and_one_that_is_taken_away_does_not()
    {
        string file = _tokens.Save("keys", Entry("first", First));
        await using RunningServer server = await RunningServer.StartAsync($"API_KEYS_FILE={file}", "KEYS_RELOAD_SECONDS=1");
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Unauthorized), (await AskAsync(server, First), await AskAsync(server, Second)));

        _tokens.Save("keys", Entry("second", Second));

        await UntilAsync(server, Second, HttpStatusCode.OK);
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(server, First));
    }

    [Fact]
    public async Task A_file_that_cannot_be_used_changes_nothing_and_the_next_good_one_counts()
    {
        string file = _tokens.Save("keys", Entry("first", First));
        await using RunningServer server = await RunningServer.StartAsync($"API_KEYS_FILE={file}", $"API_KEYS={Entry("listed", "listed")}", "KEYS_RELOAD_SECONDS=1");
        var seen = DateTime.UtcNow;
        foreach (string bad in new[] { "no entry at all", Entry("listed", "listed") })
        {
            _tokens.Save("keys", bad);

            // Several looks; each must have kept what there was.
            for (seen = DateTime.UtcNow; DateTime.UtcNow - seen < TimeSpan.FromSeconds(3);)
            {
                Assert.Equal(HttpStatusCode.OK, await AskAsync(server, First));
                await Task.Delay(100, TestContext.Current.CancellationToken);
            }
        }

        File.Delete(file);
        await Task.Delay(1500, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, await AskAsync(server, First));

        _tokens.Save("keys", Entry("second", Second));
        await UntilAsync(server, Second, HttpStatusCode.OK);
        Assert.Equal(HttpStatusCode.OK, await AskAsync(server, "listed"));
    }

    [Fact]
    public async Task An_empty_file_lets_nobody_in_rather_than_everybody()
    {
        string file = _tokens.Save("keys", Entry("first", First));
        await using RunningServer server = await RunningServer.StartAsync($"API_KEYS_FILE={file}", "KEYS_RELOAD_SECONDS=1");

        _tokens.Save("keys", "# nobody\n");

        await UntilAsync(server, First, HttpStatusCode.Unauthorized);
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(server, key: null));
        await using RunningServer begunEmpty = await RunningServer.StartAsync($"API_KEYS_FILE={file}");
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(begunEmpty, key: null));
    }

    [Fact]
    public async Task Tokens_count_by_the_keys_that_are_in_the_file_now()
    {
        string[] settings = _tokens.Settings;
        await using RunningServer server = await RunningServer.StartAsync([.. settings, "KEYS_RELOAD_SECONDS=1"]);
        string token = _tokens.Sign("ES256");
        Assert.Equal(HttpStatusCode.OK, await AskAsync(server, token));

        using var others = new Tokens();
        _tokens.Save("keys.json", others.KeySet());

        await UntilAsync(server, token, HttpStatusCode.Unauthorized);
        Assert.Equal(HttpStatusCode.OK, await AskAsync(server, others.Sign("RS256")));
    }

    private static async Task<HttpStatusCode> AskAsync(RunningServer server, string? key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/process-audio") { Content = new StringContent("""{"audioBuffer":[0.1]}""", Encoding.UTF8, "application/json") };
        if (key is not null)
        {
            request.Headers.Authorization = new("Bearer", key);
        }

        return (await server.SendAsync(request)).Status;
    }

    private static async Task UntilAsync(RunningServer server, string key, HttpStatusCode expected)
    {
        DateTime limit = DateTime.UtcNow + LongestReload;
        while (await AskAsync(server, key) != expected)
        {
            Assert.True(DateTime.UtcNow < limit, "The server did not change within a minute.");
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }
    }
}
