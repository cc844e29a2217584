using System.Net;
using AiMixer.Server.Hosting;

namespace AiMixer.Server.Tests.Security;

/// <summary>Without credentials in the settings: open, but to this machine only.</summary>
public sealed class OpenAccessTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private async Task<Answer> AskAsync(string host)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/nowhere");
        request.Headers.Host = host;
        return await fixture.Server.SendAsync(request);
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("LOCALHOST:8080")]
    [InlineData("127.0.0.1:8080")]
    [InlineData("127.1.2.3")]
    [InlineData("[::1]:8080")]
    public async Task This_machine_needs_no_credentials(string host) => Assert.Equal(HttpStatusCode.NotFound, (await AskAsync(host)).Status);

    // A page of evil.example whose name was made to point here (DNS rebinding), and a proxy that forwards the world.
    [Theory]
    [InlineData("evil.example")]
    [InlineData("localhost.evil.example:8080")]
    [InlineData("127.0.0.1.evil.example")]
    [InlineData("10.0.0.1")]
    [InlineData("0.0.0.0:8080")]
    public async Task Requests_addressed_to_another_name_are_refused(string host) =>
        (await AskAsync(host)).AssertProblem(401, "unauthenticated", "localhost");

    [Theory]
    [InlineData("HOST=*")]
    [InlineData("HOST=0.0.0.0")]
    [InlineData("HOST=192.0.2.1")]
    [InlineData("ASPNETCORE_URLS=http://localhost:80;http://*:8080")]
    public async Task Beyond_this_machine_it_does_not_start_without_credentials_and_says_what_to_set(string setting)
    {
        string[] parts = setting.Split('=');
        using var errors = new StringWriter();

        Assert.Equal(2, await ServerHost.RunAsync(name => name == parts[0] ? parts[1] : null, errors));

        string line = Assert.Single(errors.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries));
        foreach (string remedy in new[] { "no credentials", "API_KEYS", "JWT_KEYS_FILE", "TLS_CLIENT_CA_FILE", "localhost" })
        {
            Assert.Contains(remedy, line, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("*")]
    [InlineData("0.0.0.0")]
    public async Task Beyond_this_machine_it_starts_with_credentials(string host)
    {
        await using RunningServer server = await RunningServer.StartAsync($"HOST={host}", ApiKeyFixture.Settings);

        using var client = new HttpClient();
        using HttpResponseMessage answer = await client.GetAsync(
            new Uri($"http://127.0.0.1:{server.Address.Port}/nowhere"), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    public void Https_needs_a_certificate()
    {
        SettingException exception = Assert.Throws<SettingException>(() =>
            ServerOptions.From(name => name == "ASPNETCORE_URLS" ? "https://localhost:8443" : null));

        Assert.Contains("TLS_CERTIFICATE_FILE", exception.Message, StringComparison.Ordinal);
    }
}
