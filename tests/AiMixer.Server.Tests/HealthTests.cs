using System.Net;
using System.Text.Json;
using AiMixer.Server.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace AiMixer.Server.Tests;

public sealed class HealthTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    [Theory]
    [InlineData("GET", "/health")]
    [InlineData("POST", "/health")]
    [InlineData("GET", "/health/ready")]
    [InlineData("GET", "/health/live")]
    public async Task Health_tells_status_uptime_version_and_region(string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        Answer answer = await fixture.Server.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.StartsWith("application/json", answer.ContentType, StringComparison.Ordinal);
        JsonElement health = answer.Json;
        Assert.Equal("healthy", health.GetProperty("status").GetString());
        Assert.InRange(health.GetProperty("uptime").GetInt64(), 0, 3600);
        Assert.Equal(AiMixerInfo.Version, health.GetProperty("version").GetString());
        Assert.Equal("local", health.GetProperty("region").GetString());
    }

    [Fact]
    public async Task Health_tells_the_region_of_the_settings()
    {
        await using RunningServer server = await RunningServer.StartAsync("REGION=eu-west");

        Answer answer = await server.SendAsync(new HttpRequestMessage(HttpMethod.Get, "/health"));

        Assert.Equal("eu-west", answer.Json.GetProperty("region").GetString());
    }

    [Fact]
    public async Task A_draining_server_is_alive_but_not_ready()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        server.Services.GetRequiredService<Draining>().Begin();

        foreach (string path in new[] { "/health", "/health/ready" })
        {
            Answer answer = await server.SendAsync(new HttpRequestMessage(HttpMethod.Get, path));
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.Status);
            Assert.Equal("draining", answer.Json.GetProperty("status").GetString());
        }

        Assert.Equal(HttpStatusCode.OK, (await server.SendAsync(new HttpRequestMessage(HttpMethod.Get, "/health/live"))).Status);
    }
}
