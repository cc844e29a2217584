using System.Net;
using System.Text;

namespace AiMixer.Server.Tests.Security;

/// <summary>A server that pages of two origins may use.</summary>
public sealed class CorsFixture : IAsyncLifetime
{
    public const string Origins = "https://studio.example;http://localhost:5173";

    public RunningServer Server { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Server = await RunningServer.StartAsync($"CORS_ORIGINS={Origins}", ApiKeyFixture.Settings);

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}

public sealed class BrowserTests(CorsFixture fixture) : IClassFixture<CorsFixture>
{
    private static HttpRequestMessage Preflight(string origin)
    {
        var request = new HttpRequestMessage(HttpMethod.Options, "/process-audio");
        request.Headers.Add("Origin", origin);
        request.Headers.Add("Access-Control-Request-Method", "POST");
        request.Headers.Add("Access-Control-Request-Headers", "authorization,content-type,x-api-key");
        return request;
    }

    private static HttpRequestMessage Buffer(string origin)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/process-audio") { Content = new StringContent("""{"audioBuffer":[0.1]}""", Encoding.UTF8, "application/json") };
        request.Headers.Add("Origin", origin);
        request.Headers.Add("X-API-Key", ApiKeyFixture.StudioKey);
        return request;
    }

    private static string? Header(Answer answer, string name) => answer.Headers.TryGetValues(name, out IEnumerable<string>? values) ? values.Single() : null;

    [Theory]
    [InlineData("https://studio.example")]
    [InlineData("http://localhost:5173")]
    public async Task Pages_of_listed_origins_are_answered_and_asked_for_no_credentials_of_the_browser(string origin)
    {
        Answer preflight = await fixture.Server.SendAsync(Preflight(origin));
        Answer answer = await fixture.Server.SendAsync(Buffer(origin));

        Assert.Equal(HttpStatusCode.NoContent, preflight.Status);
        Assert.Equal(origin, Header(preflight, "Access-Control-Allow-Origin"));
        Assert.Contains("POST", Header(preflight, "Access-Control-Allow-Methods")!, StringComparison.Ordinal);
        Assert.Contains("x-api-key", Header(preflight, "Access-Control-Allow-Headers")!, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(origin, Header(answer, "Access-Control-Allow-Origin"));
        Assert.Null(Header(preflight, "Access-Control-Allow-Credentials"));
        Assert.Null(Header(answer, "Access-Control-Allow-Credentials"));
    }

    [Theory]
    [InlineData("https://evil.example")]
    [InlineData("https://studio.example.evil.example")]
    [InlineData("https://evil-studio.example")]
    [InlineData("http://studio.example")]
    [InlineData("https://studio.example:8443")]
    [InlineData("http://localhost:5174")]
    [InlineData("null")]
    public async Task Pages_of_other_origins_may_read_nothing(string origin)
    {
        Assert.Null(Header(await fixture.Server.SendAsync(Preflight(origin)), "Access-Control-Allow-Origin"));
        Assert.Null(Header(await fixture.Server.SendAsync(Buffer(origin)), "Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task A_refusal_can_be_read_by_the_page_that_caused_it()
    {
        using HttpRequestMessage request = Buffer("https://studio.example");
        request.Headers.Remove("X-API-Key");

        Answer answer = await fixture.Server.SendAsync(request);

        answer.AssertProblem(401, "unauthenticated");
        Assert.Equal("https://studio.example", Header(answer, "Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task Any_origin_is_answered_with_a_star_and_never_with_its_own_name()
    {
        await using RunningServer server = await RunningServer.StartAsync("CORS_ORIGINS=*", ApiKeyFixture.Settings);

        Answer answer = await server.SendAsync(Buffer("https://anyone.example"));

        Assert.Equal("*", Header(answer, "Access-Control-Allow-Origin"));
        Assert.Null(Header(answer, "Access-Control-Allow-Credentials"));
    }

    [Fact]
    public async Task Without_a_list_no_origin_is_answered()
    {
        await using RunningServer server = await RunningServer.StartAsync();

        Assert.Null(Header(await server.SendAsync(Buffer("https://studio.example")), "Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task No_answer_is_kept_on_the_way_or_guessed_at()
    {
        foreach (string path in new[] { "/health", "/nowhere" })
        {
            Answer answer = await fixture.Server.SendAsync(new HttpRequestMessage(HttpMethod.Get, path));

            Assert.Equal("nosniff", Header(answer, "X-Content-Type-Options"));
            Assert.Equal("no-store", Header(answer, "Cache-Control"));
            Assert.Null(Header(answer, "Server"));
        }
    }

    [Fact]
    public async Task A_page_runs_nothing_but_what_this_server_sends_and_stands_in_no_other_page()
    {
        Answer page = await fixture.Server.SendAsync(new HttpRequestMessage(HttpMethod.Get, "/reference"));
        string policy = Header(page, "Content-Security-Policy")!;

        Assert.StartsWith("text/html", page.ContentType, StringComparison.Ordinal);
        foreach (string part in new[] { "default-src 'none'", "script-src 'self'", "connect-src 'self'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'" })
        {
            Assert.Contains(part, policy.Split("; "));
        }

        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Equal(
            ("DENY", "no-referrer", "same-origin"),
            (Header(page, "X-Frame-Options"), Header(page, "Referrer-Policy"), Header(page, "Cross-Origin-Opener-Policy")));

        Assert.Null(Header(await fixture.Server.SendAsync(new HttpRequestMessage(HttpMethod.Get, "/health")), "Content-Security-Policy"));
    }
}
