using System.Net;
using System.Text;

namespace AiMixer.Server.Tests;

/// <summary>Clients that break the rules cost little and disturb nobody.</summary>
public sealed class HostileClientTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private const string Head = "POST /process-audio HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";

    private async Task AssertServedAsync() =>
        Assert.Equal(HttpStatusCode.OK, (await fixture.Server.PostAsync("/process-audio", """{"audioBuffer":[0.5]}""")).Status);

    [Fact]
    public async Task A_body_that_stops_coming_is_timed_out()
    {
        using RawConnection connection = await RawConnection.OpenAsync(fixture.Server.Address);
        await connection.SendAsync(Head + "Content-Length: 100000\r\n\r\n{\"audioBuffer\":[");

        string answer = await connection.ReceiveToEndAsync();

        Assert.StartsWith("HTTP/1.1 408 ", answer, StringComparison.Ordinal);
        Assert.Contains("urn:ai-mixer:problem:request-timeout", answer, StringComparison.Ordinal);
        await AssertServedAsync();
    }

    [Fact]
    public async Task Headers_that_come_byte_by_byte_are_timed_out()
    {
        using RawConnection connection = await RawConnection.OpenAsync(fixture.Server.Address);
        Task<string> answer = connection.ReceiveToEndAsync();
        try
        {
            foreach (byte character in Encoding.ASCII.GetBytes("POST /process-audio HTTP/1.1\r\nHost: localhost\r\nX-Slow: and slower still\r\n"))
            {
                await connection.SendAsync([character]);
                await Task.WhenAny(answer, Task.Delay(500, TestContext.Current.CancellationToken));
            }
        }
        catch (System.Net.Sockets.SocketException)
        {
            // The server has closed already.
        }

        string text = await answer;

        Assert.True(text.Length == 0 || text.StartsWith("HTTP/1.1 408 ", StringComparison.Ordinal), text);
        await AssertServedAsync();
    }

    [Fact]
    public async Task A_client_that_closes_its_half_in_the_middle_of_a_body_is_let_go()
    {
        using RawConnection connection = await RawConnection.OpenAsync(fixture.Server.Address);
        await connection.SendAsync(Head + "Content-Length: 1000\r\n\r\n{\"audioBuffer\":[0.1");
        connection.CloseSending();

        string answer = await connection.ReceiveToEndAsync();

        Assert.True(answer.Length == 0 || answer.StartsWith("HTTP/1.1 400 ", StringComparison.Ordinal), answer);
        await AssertServedAsync();
    }

    [Fact]
    public async Task A_client_that_closes_its_half_after_a_whole_request_is_answered_or_let_go()
    {
        using RawConnection connection = await RawConnection.OpenAsync(fixture.Server.Address);
        const string Body = "{\"audioBuffer\":[0.5],\"config\":{\"bypass\":true}}";
        await connection.SendAsync($"{Head}Content-Length: {Body.Length}\r\n\r\n{Body}");
        connection.CloseSending();

        string answer = await connection.ReceiveToEndAsync();

        // Kestrel takes a closed half for a client that is gone; the answer may be faster.
        Assert.True(answer.Length == 0 || answer.Contains("\"processedBuffer\":[0.5]", StringComparison.Ordinal), answer);
        await AssertServedAsync();
    }

    [Theory]
    [InlineData(100, 10, "HTTP/1.1 431 ")]
    [InlineData(10, 4_000, "HTTP/1.1 431 ")]
    [InlineData(40, 100, "HTTP/1.1 200 ")]
    public async Task Headers_are_limited_in_number_and_together(int count, int length, string expected)
    {
        using RawConnection connection = await RawConnection.OpenAsync(fixture.Server.Address);
        IEnumerable<string> headers = Enumerable.Range(0, count).Select(i => $"X-Header-{i}: {new string('x', length)}\r\n");
        await connection.SendAsync($"GET /health HTTP/1.1\r\nHost: localhost\r\n{string.Concat(headers)}\r\n");

        Assert.StartsWith(expected, await connection.ReceiveUntilAsync("\r\n\r\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_line_is_limited()
    {
        using RawConnection connection = await RawConnection.OpenAsync(fixture.Server.Address);
        await connection.SendAsync($"GET /health?{new string('x', 8 * 1024)} HTTP/1.1\r\nHost: localhost\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 414 ", await connection.ReceiveUntilAsync("\r\n\r\n"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Content-Length: -1\r\n\r\n")]
    [InlineData("Content-Length: 5, 6\r\n\r\n{}")]
    [InlineData("Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\nxyz\r\n{}\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: gzip\r\n\r\n{}")]
    [InlineData("Bad Header: 1\r\n\r\n")]
    public async Task Framing_that_makes_no_sense_is_refused(string rest)
    {
        using RawConnection connection = await RawConnection.OpenAsync(fixture.Server.Address);
        await connection.SendAsync(Head + rest);

        Assert.StartsWith("HTTP/1.1 4", await connection.ReceiveUntilAsync("\r\n\r\n"), StringComparison.Ordinal);
        await AssertServedAsync();
    }

    [Fact]
    public async Task A_body_longer_than_it_was_said_to_be_is_not_taken_for_more_of_it()
    {
        using RawConnection connection = await RawConnection.OpenAsync(fixture.Server.Address);
        await connection.SendAsync(Head + "Content-Length: 21\r\n\r\n{\"audioBuffer\":[0.5]},0.5,0.5]}\r\n\r\n");

        string answer = await connection.ReceiveToEndAsync();

        Assert.StartsWith("HTTP/1.1 200 ", answer, StringComparison.Ordinal);
        Assert.Contains("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hundred_megabytes_are_refused_before_they_are_read()
    {
        using RawConnection connection = await RawConnection.OpenAsync(fixture.Server.Address);
        await connection.SendAsync(Head + "Content-Length: 104857600\r\n\r\n");

        string answer = await connection.ReceiveUntilAsync("content-too-large");

        Assert.StartsWith("HTTP/1.1 413 ", answer, StringComparison.Ordinal);
        await AssertServedAsync();
    }

    [Fact]
    public async Task Memory_for_bodies_is_limited_for_all_clients_together()
    {
        await using RunningServer server = await RunningServer.StartAsync("MAX_BODY_BYTES=65536");
        var held = new List<RawConnection>();
        try
        {
            // Each holds 64 KiB of the 512 KiB that there are, and waits with the last byte.
            byte[] most = Encoding.ASCII.GetBytes(new string(' ', 65_000));
            string answer = "";
            for (int i = 0; i < 12; i++)
            {
                RawConnection connection = await RawConnection.OpenAsync(server.Address);
                held.Add(connection);
                await connection.SendAsync(Head + "Content-Length: 65536\r\n\r\n");
                await connection.SendAsync(most);
            }

            // Which of them came too late is for the server's scheduler to say; those that wait are cut off as too slow in the end.
            List<Task<string>> answers = [.. held.Select(connection => connection.ReceiveUntilAsync("\r\n\r\n"))];
            while (!answer.StartsWith("HTTP/1.1 503 ", StringComparison.Ordinal))
            {
                Assert.NotEmpty(answers);
                Task<string> first = await Task.WhenAny(answers);
                answers.Remove(first);
                answer = await first;
            }

            Assert.Contains("Retry-After: 1", answer, StringComparison.Ordinal);
        }
        finally
        {
            held.ForEach(connection => connection.Dispose());
        }

        Answer after = await server.PostAsync("/process-audio", """{"audioBuffer":[0.5]}""");
        for (int i = 0; i < 100 && after.Status != HttpStatusCode.OK; i++)
        {
            await Task.Delay(50, TestContext.Current.CancellationToken);
            after = await server.PostAsync("/process-audio", """{"audioBuffer":[0.5]}""");
        }

        Assert.Equal(HttpStatusCode.OK, after.Status);
    }

    [Fact]
    public async Task Deep_nesting_is_malformed()
    {
        string deep = new string('[', 100_000) + new string(']', 100_000);

        (await fixture.Server.PostAsync("/process-audio", $$"""{"audioBuffer":{{deep}}}""")).AssertProblem(400, "malformed-request");
        (await fixture.Server.PostAsync("/process-audio", $$"""{"config":{{deep}}}""")).AssertProblem(400, "malformed-request");
    }

    [Fact]
    public async Task Invalid_utf_8_is_malformed()
    {
        byte[][] bodies =
        [
            [.. "{\"\xFF\xFE\":1}"u8.ToArray().Select(b => b)],
            [(byte)'{', (byte)'"', 0xC3, 0x28, (byte)'"', (byte)':', (byte)'1', (byte)'}'],
            [.. "{\"config\":{\"genre\":\""u8, 0xC3, 0x28, .. "\"}}"u8],
            [0xFF, 0xFE, 0x00],
            [.. Encoding.Unicode.GetBytes("{\"audioBuffer\":[0.5]}")],
        ];
        foreach (byte[] body in bodies)
        {
            Answer answer = await fixture.Server.PostAsync("/process-audio", body);
            Assert.True((int)answer.Status is 400 or 422, answer.Text);
            Assert.Equal("application/problem+json", answer.ContentType);
        }
    }

    /// <summary>What it may send before it has to read is what lies in the buffers between, and no more.</summary>
    [Fact]
    public async Task A_socket_whose_client_sends_without_reading_is_held_up_then_cut_off_while_others_go_on()
    {
        const int MostBytes = 64 * 1024 * 1024;
        await using RunningServer server = await RunningServer.StartAsync("MAX_STREAMS=2", "STREAM_IDLE_SECONDS=5");
        using SocketClient other = await SocketClient.StartAsync(server);
        using SocketClient fast = await SocketClient.StartAsync(server);
        byte[] message = Signals.Bytes(Signals.Noise(12_000));
        byte[] frame = Signals.Bytes(Signals.Noise(960));
        long sent = 0;
        Task flood = Task.Run(
            async () =>
            {
                while (sent < MostBytes)
                {
                    await fast.SendAsync(message);
                    sent += message.Length;
                }
            },
            TestContext.Current.CancellationToken);
        int frames = 0;
        while (!flood.IsCompleted)
        {
            await other.SendAsync(frame);
            await other.ReceiveAudioAsync(++frames * frame.Length);
        }

        await Assert.ThrowsAnyAsync<System.Net.WebSockets.WebSocketException>(() => flood);
        using SocketClient next = await SocketClient.StartAsync(server);
        await other.SendAsync(frame);
        await other.ReceiveAudioAsync((frames + 1) * frame.Length);
        Assert.InRange(sent, message.Length, MostBytes - 1);
    }

    [Fact]
    public async Task A_stream_whose_client_never_reads_is_cut_off_and_its_place_is_free_again()
    {
        await using RunningServer server = await RunningServer.StartAsync("MAX_STREAMS=1", "STREAM_IDLE_SECONDS=1");
        using RawConnection connection = await RawConnection.OpenAsync(server.Address);
        await connection.SendAsync(
            "POST /stream-audio?audio=base64 HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/octet-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
        byte[] second = Signals.Bytes(Signals.Noise(48_000));
        await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            // Sent until the server takes no more, because its answers are not read, and then cuts off.
            while (true)
            {
                await connection.SendChunkAsync(second).WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
            }
        });

        Answer next = await server.PostAsync("/stream-audio", [], "application/octet-stream");

        Assert.Equal(HttpStatusCode.OK, next.Status);
    }
}
