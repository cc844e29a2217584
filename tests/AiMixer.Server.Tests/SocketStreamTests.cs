using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using AiMixer.Server.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace AiMixer.Server.Tests;

public sealed class SocketStreamTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(960)]
    [InlineData(128)]
    [InlineData(2_500)]
    public async Task Every_message_is_answered_by_one_as_long_with_what_the_library_makes_of_it(int samples)
    {
        float[] input = Signals.Noise(10 * samples);
        float[] expected = Signals.Mixed(input, strip => strip.SetGenre(Genre.Speech), out int latency);
        using SocketClient client = await SocketClient.StartAsync(fixture.Server, """{"type":"start","genre":"speech"}""");
        Assert.Equal(latency, client.Events[0].GetProperty("latencyFrames").GetInt32());

        foreach (float[] block in input.Chunk(samples))
        {
            await client.SendAsync(Signals.Bytes(block));
        }

        await client.SayAsync("""{"type":"end"}""");
        Assert.Equal(WebSocketCloseStatus.NormalClosure, await client.ReceiveToEndAsync());

        Assert.Equal([.. Enumerable.Repeat(4 * samples, 10), 4 * latency], client.Lengths);
        Assert.Equal(expected, Signals.Floats([.. client.Audio]));
        Assert.Equal(10 * samples, (await client.ReceiveUntilAsync("summary")).GetProperty("frames").GetInt64());
        Assert.Equal(10 * samples / 4_800, client.Events.Count(e => e.GetProperty("type").GetString() == "meters"));
    }

    [Fact]
    public async Task Settings_change_while_the_stream_runs_as_they_do_in_the_library()
    {
        float[] input = Signals.Noise(3 * 9_600);
        using var strip = new ChannelStrip(new ChannelStripOptions { Channels = 1 });
        float[] expected = [.. input];
        strip.Process(expected.AsSpan(0, 9_600));
        strip.SetGenre(Genre.Jazz);
        strip.Intensity = 40;
        strip.Set(ParameterId.CompressorRatio, 8);
        strip.Process(expected.AsSpan(9_600, 9_600));
        strip.Release(ParameterId.CompressorRatio);
        strip.Bypass = true;
        strip.Process(expected.AsSpan(19_200, 9_600));

        using SocketClient client = await SocketClient.StartAsync(fixture.Server, """{"type":"start","genre":"neutral"}""");
        await client.SendAsync(Signals.Bytes(input[..9_600]));
        await client.SayAsync("""{"type":"set","genre":"jazz","intensity":40,"parameters":{"compressor.ratio":8}}""");
        await client.SendAsync(Signals.Bytes(input[9_600..19_200]));
        await client.SayAsync("""{"type":"set","bypass":true,"parameters":{"compressor.ratio":null}}""");
        await client.SendAsync(Signals.Bytes(input[19_200..]));
        await client.ReceiveAudioAsync(4 * input.Length);

        Assert.Equal(expected, Signals.Floats([.. client.Audio]));
    }

    [Theory]
    [InlineData("""{"type":"set","genre":"polka"}""", "genre")]
    [InlineData("""{"type":"set","intensity":101}""", "intensity")]
    [InlineData("""{"type":"set","parameters":{"compressor.ratio":0}}""", "parameters.compressor.ratio")]
    [InlineData("""{"type":"set","parameters":{"fuzz":null}}""", "parameters.fuzz")]
    [InlineData("""{"type":"set","parameters":{"limiter.lookahead_ms":1}}""", "parameters.limiter.lookahead_ms")]
    public async Task A_value_out_of_range_is_told_and_the_stream_goes_on_unchanged(string message, string field)
    {
        float[] input = Signals.Noise(9_600);
        using SocketClient client = await SocketClient.StartAsync(fixture.Server, """{"type":"start","genre":"neutral"}""");
        await client.SendAsync(Signals.Bytes(input[..4_800]));
        await client.SayAsync(message);
        await client.SendAsync(Signals.Bytes(input[4_800..]));
        await client.ReceiveAudioAsync(4 * input.Length);

        JsonElement problem = (await client.ReceiveUntilAsync("error")).GetProperty("problem");
        Assert.Equal("urn:ai-mixer:problem:invalid-value", problem.GetProperty("type").GetString());
        Assert.Equal(field, problem.GetProperty("errors")[0].GetProperty("field").GetString());
        Assert.Equal(Signals.Mixed(input, _ => { }, out _)[..input.Length], Signals.Floats([.. client.Audio]));
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{\"type\":7}")]
    [InlineData("{\"type\":\"sing\"}")]
    [InlineData("{\"type\":\"start\",\"volume\":11}")]
    [InlineData("{\"type\":\"start\",\"channels\":3}")]
    [InlineData("{\"type\":\"start\",\"format\":\"mp3\"}")]
    [InlineData("{\"type\":\"set\",\"bypass\":true}")]
    [InlineData("{\"type\":\"end\"}")]
    public async Task What_is_no_start_is_told_and_closed(string message)
    {
        using SocketClient client = await SocketClient.ConnectAsync(fixture.Server);
        await client.SayAsync(message);

        Assert.Equal(WebSocketCloseStatus.InvalidPayloadData, await client.ReceiveToEndAsync());
        Assert.Equal("error", client.Events[0].GetProperty("type").GetString());
    }

    [Fact]
    public async Task Audio_in_front_of_start_is_against_the_protocol()
    {
        using SocketClient client = await SocketClient.ConnectAsync(fixture.Server);
        await client.SendAsync(new byte[4]);

        Assert.Equal(WebSocketCloseStatus.PolicyViolation, await client.ReceiveToEndAsync());
    }

    [Fact]
    public async Task Half_samples_are_invalid()
    {
        using SocketClient client = await SocketClient.StartAsync(fixture.Server);
        await client.SendAsync(new byte[5]);

        Assert.Equal(WebSocketCloseStatus.InvalidPayloadData, await client.ReceiveToEndAsync());
    }

    [Fact]
    public async Task Messages_beyond_the_limit_are_too_big()
    {
        using SocketClient client = await SocketClient.StartAsync(fixture.Server);
        await client.SendAsync(new byte[65_540]);

        Assert.Equal(WebSocketCloseStatus.MessageTooBig, await client.ReceiveToEndAsync());
    }

    [Fact]
    public async Task A_draining_server_tells_its_sockets_answers_all_that_still_comes_and_closes()
    {
        await using RunningServer server = await RunningServer.StartAsync("DRAIN_SECONDS=3");
        using SocketClient client = await SocketClient.StartAsync(server);
        server.Services.GetRequiredService<Draining>().Begin();
        await client.ReceiveUntilAsync("closing");
        float[] input = Signals.Noise(960);
        await client.SendAsync(Signals.Bytes(input));

        Assert.Equal(WebSocketCloseStatus.EndpointUnavailable, await client.ReceiveToEndAsync());
        Assert.Equal(960, (await client.ReceiveUntilAsync("summary")).GetProperty("frames").GetInt64());
        Assert.Equal(Signals.Mixed(input, _ => { }, out _), Signals.Floats([.. client.Audio]));
    }

    [Fact]
    public async Task A_socket_that_stands_still_is_ended()
    {
        await using RunningServer server = await RunningServer.StartAsync("STREAM_IDLE_SECONDS=1");
        using SocketClient client = await SocketClient.StartAsync(server);

        Assert.Equal(WebSocketCloseStatus.EndpointUnavailable, await client.ReceiveToEndAsync());
        Assert.Equal("idle", (await client.ReceiveUntilAsync("closing")).GetProperty("reason").GetString());
    }

    [Fact]
    public async Task Beyond_the_limit_sockets_are_refused()
    {
        await using RunningServer server = await RunningServer.StartAsync("MAX_STREAMS=1");
        using SocketClient running = await SocketClient.StartAsync(server);

        var refused = await Assert.ThrowsAsync<WebSocketException>(() => SocketClient.ConnectAsync(server));

        Assert.Contains("503", refused.Message, StringComparison.Ordinal);
        await running.SendAsync(new byte[4 * 960]);
        await running.ReceiveAudioAsync(4 * 960);
    }

    [Fact]
    public async Task Without_a_websocket_the_path_says_what_it_is()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/stream-audio");

        (await fixture.Server.SendAsync(request)).AssertProblem(426, "upgrade-required", "WebSocket");
    }

    [Fact]
    public async Task Sockets_also_go_over_http_2()
    {
        using var handler = new SocketsHttpHandler();
        using var invoker = new HttpMessageInvoker(handler);
        using var socket = new ClientWebSocket();
        socket.Options.HttpVersion = HttpVersion.Version20;
        socket.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        Uri address = new UriBuilder(fixture.Server.Http2Address!) { Scheme = "ws", Path = "/stream-audio" }.Uri;
        await socket.ConnectAsync(address, invoker, Cancel);

        await socket.SendAsync(Encoding.UTF8.GetBytes("""{"type":"start"}"""), WebSocketMessageType.Text, true, Cancel);
        byte[] buffer = new byte[1024];
        ValueWebSocketReceiveResult result = await socket.ReceiveAsync(buffer.AsMemory(), Cancel);

        Assert.StartsWith("""{"type":"started",""", Encoding.UTF8.GetString(buffer, 0, result.Count), StringComparison.Ordinal);
    }

    /// <summary>Frames that no WebSocket client sends: each as bytes after a good handshake.</summary>
    [Theory]
    [InlineData(new byte[] { 0x82, 0x01, 0x00 }, "not masked")]
    [InlineData(new byte[] { 0xF2, 0x80, 0, 0, 0, 0 }, "reserved bits")]
    [InlineData(new byte[] { 0x83, 0x80, 0, 0, 0, 0 }, "reserved opcode")]
    [InlineData(new byte[] { 0x09, 0x80, 0, 0, 0, 0 }, "ping in fragments")]
    [InlineData(new byte[] { 0x80, 0x80, 0, 0, 0, 0 }, "continuation of nothing")]
    [InlineData(new byte[] { 0x81, 0x82, 0, 0, 0, 0, 0xC3, 0x28 }, "invalid UTF-8")]
    [InlineData(new byte[] { 0x82, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0 }, "negative length")]
    [InlineData(new byte[] { 0x88, 0x81, 0, 0, 0, 0, 0x03 }, "close of one byte")]
    public async Task Violations_of_the_websocket_protocol_end_the_connection_and_nothing_else(byte[] frame, string what)
    {
        using RawConnection connection = await RawConnection.OpenAsync(fixture.Server.Address);
        await connection.SendAsync(
            "GET /stream-audio HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
            "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
        await connection.ReceiveUntilAsync("\r\n\r\n");
        await connection.SendAsync(frame);

        string text = await connection.ReceiveToEndAsync();

        Assert.StartsWith("HTTP/1.1 101", text, StringComparison.Ordinal);
        Assert.True((await fixture.Server.SendAsync(new HttpRequestMessage(HttpMethod.Get, "/health"))).Status == HttpStatusCode.OK, what);
    }
}
