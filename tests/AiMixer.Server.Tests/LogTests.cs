using System.Text;
using System.Text.Json;

namespace AiMixer.Server.Tests;

public sealed class LogTests
{
    private const string TraceId = "4bf92f3577b34da6a3ce929d0e0e4736";

    /// <summary>What joins the lines of one request, here and in the services that it came through (W3C Trace Context).</summary>
    [Fact]
    public async Task Every_line_is_an_object_and_those_of_a_request_carry_its_id_and_its_trace()
    {
        await using ServerProcess server = await ServerProcess.StartAsync("LOG_LEVEL=INFO");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/process-audio")
        {
            Content = new StringContent("""{"audioBuffer":[0.1]}""", Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("X-Request-Id", "studio-17");
        request.Headers.Add("traceparent", $"00-{TraceId}-00f067aa0ba902b7-01");
        using HttpResponseMessage answer = await server.Client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(0, await server.EndAsync());

        JsonElement[] lines = [.. server.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];
        JsonElement own = Assert.Single(lines, line => line.GetProperty("Message").GetString()!.StartsWith("POST /process-audio 200 in ", StringComparison.Ordinal));
        string scopes = own.GetProperty("Scopes").ToString();
        Assert.Contains("\"RequestId\":\"studio-17\"", scopes, StringComparison.Ordinal);
        Assert.Contains($"\"TraceId\":\"{TraceId}\"", scopes, StringComparison.Ordinal);
    }
}
