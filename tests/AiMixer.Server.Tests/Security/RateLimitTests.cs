using System.Globalization;
using System.Net;

namespace AiMixer.Server.Tests.Security;

public sealed class RateLimitTests
{
    private static async Task<Answer> AskAsync(RunningServer server, string? key, string path = "/nowhere")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (key is not null)
        {
            request.Headers.Add("X-API-Key", key);
        }

        return await server.SendAsync(request);
    }

    private static void AssertLimited(Answer answer)
    {
        answer.AssertProblem(429, "too-many-requests", "Retry-After");
        Assert.InRange(int.Parse(answer.Headers.GetValues("Retry-After").Single(), CultureInfo.InvariantCulture), 1, 60);
    }

    [Fact]
    public async Task A_caller_beyond_its_limit_waits_while_others_do_not()
    {
        // So few a second that none comes back before the test has ended its burst.
        await using RunningServer server = await RunningServer.StartAsync(ApiKeyFixture.Settings, "RATE_LIMIT=1", "RATE_LIMIT_BURST=3");
        List<Answer> answers = [];
        for (int i = 0; i < 40; i++)
        {
            answers.Add(await AskAsync(server, ApiKeyFixture.StudioKey));
        }

        Assert.All(answers.Take(3), answer => Assert.Equal(HttpStatusCode.NotFound, answer.Status));
        AssertLimited(answers.First(answer => answer.Status == HttpStatusCode.TooManyRequests));
        Assert.Equal(HttpStatusCode.NotFound, (await AskAsync(server, ApiKeyFixture.AdminKey)).Status);
    }

    [Fact]
    public async Task A_caller_that_waits_as_told_is_served_again()
    {
        await using RunningServer server = await RunningServer.StartAsync(ApiKeyFixture.Settings, "RATE_LIMIT=1", "RATE_LIMIT_BURST=1");
        Answer answer;
        int asked = 0;
        do
        {
            answer = await AskAsync(server, ApiKeyFixture.StudioKey);
        }
        while (answer.Status != HttpStatusCode.TooManyRequests && ++asked < 1000);
        AssertLimited(answer);

        // Tokens come with a timer that starts somewhere in its period: twice the time is always enough.
        int seconds = int.Parse(answer.Headers.GetValues("Retry-After").Single(), CultureInfo.InvariantCulture);
        await Task.Delay(TimeSpan.FromSeconds(2 * seconds), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.NotFound, (await AskAsync(server, ApiKeyFixture.StudioKey)).Status);
    }

    [Fact]
    public async Task Strangers_who_try_keys_are_slowed_down_and_callers_at_the_same_address_are_not()
    {
        await using RunningServer server = await RunningServer.StartAsync(ApiKeyFixture.Settings);
        List<Answer> answers = [];
        while (answers.Count < 5000 && (answers.Count == 0 || answers[^1].Status != HttpStatusCode.TooManyRequests))
        {
            answers.AddRange(await Task.WhenAll(Enumerable.Range(0, 50).Select(i => AskAsync(server, $"guess {i}"))));
        }

        AssertLimited(answers.First(answer => answer.Status == HttpStatusCode.TooManyRequests));
        Assert.All(answers, answer => Assert.Contains(answer.Status, new[] { HttpStatusCode.Unauthorized, HttpStatusCode.TooManyRequests }));
        Assert.Equal(HttpStatusCode.NotFound, (await AskAsync(server, ApiKeyFixture.StudioKey)).Status);
    }

    [Fact]
    public async Task An_open_server_limits_addresses_when_told_to()
    {
        await using RunningServer server = await RunningServer.StartAsync("RATE_LIMIT=1", "RATE_LIMIT_BURST=2");
        List<Answer> answers = [];
        for (int i = 0; i < 40; i++)
        {
            answers.Add(await AskAsync(server, key: null));
        }

        Assert.All(answers.Take(2), answer => Assert.Equal(HttpStatusCode.NotFound, answer.Status));
        AssertLimited(answers.First(answer => answer.Status == HttpStatusCode.TooManyRequests));
    }

    [Fact]
    public async Task Health_is_never_limited()
    {
        await using RunningServer server = await RunningServer.StartAsync(ApiKeyFixture.Settings, "RATE_LIMIT=1", "RATE_LIMIT_BURST=1");
        for (int i = 0; i < 200; i++)
        {
            Assert.Equal(HttpStatusCode.OK, (await AskAsync(server, key: null, "/health/live")).Status);
        }
    }
}
