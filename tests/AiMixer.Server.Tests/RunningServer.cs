using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using AiMixer.Server.Hosting;
using Microsoft.AspNetCore.Builder;

namespace AiMixer.Server.Tests;

/// <summary>A server on ports of its own, with real sockets, and a client for it.</summary>
public sealed class RunningServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private RunningServer(WebApplication app)
    {
        _app = app;
        Uri[] addresses = [.. app.Urls.Select(url => new Uri(url))];
        Address = addresses[0];
        Http2Address = addresses.Length > 1 ? addresses[1] : null;
        Client = new HttpClient { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(60) };
    }

    public Uri Address { get; }

    /// <summary>The port for cleartext HTTP/2.</summary>
    public Uri? Http2Address { get; }

    public HttpClient Client { get; }

    public IServiceProvider Services => _app.Services;

    /// <summary>Starts a server with settings such as "MAX_STREAMS=2"; the ports are any free ones.</summary>
    public static async Task<RunningServer> StartAsync(params string[] settings)
    {
        Dictionary<string, string> environment = new() { ["PORT"] = "0", ["H2C_PORT"] = "0", ["LOG_LEVEL"] = "NONE" };
        foreach (string setting in settings)
        {
            string[] parts = setting.Split('=', 2);
            environment[parts[0]] = parts[1];
        }

        WebApplication app = ServerHost.Build(ServerOptions.From(environment.GetValueOrDefault));
        await app.StartAsync();
        return new RunningServer(app);
    }

    /// <summary>Posts JSON and returns status and body.</summary>
    public Task<Answer> PostAsync(string path, string json) => PostAsync(path, Encoding.UTF8.GetBytes(json));

    public async Task<Answer> PostAsync(string path, byte[] body, string contentType = "application/json", string? accept = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        if (accept is not null)
        {
            request.Headers.TryAddWithoutValidation("Accept", accept);
        }

        return await SendAsync(request);
    }

    public async Task<Answer> SendAsync(HttpRequestMessage request)
    {
        using HttpResponseMessage response = await Client.SendAsync(request);
        return await Answer.OfAsync(response);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }
}

/// <summary>What a server answered.</summary>
public sealed record Answer(HttpStatusCode Status, string? ContentType, byte[] Body, HttpResponseHeaders Headers)
{
    public string Text => Encoding.UTF8.GetString(Body);

    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    public static async Task<Answer> OfAsync(HttpResponseMessage response) => new(
        response.StatusCode,
        response.Content.Headers.ContentType?.ToString(),
        await response.Content.ReadAsByteArrayAsync(),
        response.Headers);

    /// <summary>Fails unless this is a problem document of a kind, complete and about what is expected.</summary>
    public JsonElement AssertProblem(int status, string type, params string[] said)
    {
        Assert.Equal((status, "application/problem+json"), ((int)Status, ContentType));
        JsonElement problem = Json;
        Assert.Equal($"urn:ai-mixer:problem:{type}", problem.GetProperty("type").GetString());
        Assert.Equal(status, problem.GetProperty("status").GetInt32());
        Assert.NotEmpty(problem.GetProperty("title").GetString()!);
        Assert.Equal(Headers.GetValues("X-Request-Id").Single(), problem.GetProperty("requestId").GetString());
        foreach (string words in said)
        {
            Assert.Contains(words, problem.GetProperty("detail").GetString()!, StringComparison.Ordinal);
        }

        return problem;
    }
}
