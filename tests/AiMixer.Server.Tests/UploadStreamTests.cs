using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using AiMixer.Server.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace AiMixer.Server.Tests;

public sealed class UploadStreamTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private const string Events = "text/event-stream";
    private const string Binary = "application/octet-stream";

    /// <summary>The data of the events of a name; those of frames have none.</summary>
    private static JsonElement[] EventsOf(string stream, string? name) =>
    [
        .. stream.Split("\n\n", StringSplitOptions.RemoveEmptyEntries)
            .Select(text => text.Split('\n'))
            .Where(lines => name is null ? lines.Length == 1 : lines[0] == $"event: {name}")
            .Select(lines => JsonDocument.Parse(lines[^1]["data: ".Length..]).RootElement),
    ];

    [Fact]
    public async Task Every_frame_is_an_event_with_timestamp_chunk_size_and_status()
    {
        long before = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        Answer answer = await fixture.Server.PostAsync("/stream-audio", Signals.Bytes(Signals.Noise(48_000)), Binary);

        Assert.Equal((HttpStatusCode.OK, Events), (answer.Status, answer.ContentType));
        JsonElement[] frames = EventsOf(answer.Text, null);
        Assert.Equal(50, frames.Length);
        Assert.All(frames, frame =>
        {
            Assert.Equal((960, "processed"), (frame.GetProperty("chunkSize").GetInt32(), frame.GetProperty("status").GetString()));
            Assert.InRange(frame.GetProperty("timestamp").GetInt64(), before, before + 60_000);
        });
        Assert.Equal(10, EventsOf(answer.Text, "meters").Length);
        JsonElement summary = Assert.Single(EventsOf(answer.Text, "summary"));
        Assert.Equal((48_000, 1.0), (summary.GetProperty("frames").GetInt64(), summary.GetProperty("seconds").GetDouble()));
        Assert.Equal(JsonValueKind.Number, summary.GetProperty("metrics").GetProperty("lufs").ValueKind);
    }

    [Theory]
    [InlineData("", 1)]
    [InlineData("; format=f32le; rate=44100; channels=2", 2)]
    public async Task Audio_streams_back_aligned_and_as_long_as_it_came(string format, int channels)
    {
        int rate = channels == 2 ? 44_100 : 48_000;
        float[] input = Signals.Noise(20_001 * channels);
        float[] expected = Signals.Mixed(input, strip => strip.SetGenre(Genre.Rock), out int latency, channels, rate);

        Answer answer = await fixture.Server.PostAsync("/stream-audio?genre=rock", Signals.Bytes(input), Binary + format, accept: Binary);

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(expected[latency..], Signals.Floats(answer.Body));
    }

    [Fact]
    public async Task Audio_in_events_put_together_is_the_audio_of_the_binary_answer()
    {
        byte[] input = Signals.Bytes(Signals.Noise(10_000));

        Answer binary = await fixture.Server.PostAsync("/stream-audio?intensity=50", input, Binary, accept: Binary);
        Answer events = await fixture.Server.PostAsync("/stream-audio?intensity=50&audio=base64", input, Binary);

        byte[] audio = [.. EventsOf(events.Text, null).SelectMany(frame => frame.GetProperty("audio").GetBytesFromBase64())];
        Assert.Equal(binary.Body, audio);
    }

    [Theory]
    [InlineData(16)]
    [InlineData(24)]
    [InlineData(32)]
    public async Task Wave_files_are_understood_whatever_stands_in_front_of_the_samples(int bits)
    {
        byte[] samples = new byte[960 * bits / 8];
        if (bits == 32)
        {
            samples = Signals.Bytes(Signals.Noise(960));
        }
        else
        {
            new Random(3).NextBytes(samples);
        }

        byte[] header = WaveHeader(bits, samples.Length);
        Answer answer = await fixture.Server.PostAsync("/stream-audio?bypass=true", [.. header, .. samples, .. "LIST\x04\0\0\0more"u8], "audio/wav", Binary);

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(samples, answer.Body);
        Assert.Equal($"application/octet-stream; format={(bits == 32 ? "f32le" : $"s{bits}le")}; rate=22050; channels=1", answer.ContentType);
    }

    [Theory]
    [InlineData("application/json", "{}", 415, "unsupported-media-type")]
    [InlineData("application/octet-stream; format=mp3", "", 422, "invalid-value")]
    [InlineData("application/octet-stream; rate=1", "", 422, "invalid-value")]
    [InlineData("application/octet-stream; colour=red", "", 422, "invalid-value")]
    [InlineData("audio/wav", "RIFFxxxxAVI LIST", 400, "malformed-request")]
    [InlineData("audio/wav", "RI", 400, "malformed-request")]
    public async Task Formats_that_are_not_understood_are_refused(string contentType, string body, int status, string type)
    {
        Answer answer = await fixture.Server.PostAsync("/stream-audio", System.Text.Encoding.ASCII.GetBytes(body), contentType);

        answer.AssertProblem(status, type);
    }

    [Theory]
    [InlineData("?genre=polka", "genre")]
    [InlineData("?target=-4", "-60 to -5 LUFS")]
    [InlineData("?bypass=perhaps", "true or false")]
    [InlineData("?compressor.ratio=x", "compressor.ratio")]
    [InlineData("?volume=11", "volume")]
    [InlineData("?audio=mp3", "base64")]
    public async Task Values_out_of_range_are_named(string query, string said)
    {
        Answer answer = await fixture.Server.PostAsync("/stream-audio" + query, [], Binary);

        answer.AssertProblem(422, "invalid-value", said);
    }

    [Fact]
    public async Task Over_http_1_the_answer_comes_while_the_upload_goes_on()
    {
        using RawConnection connection = await RawConnection.OpenAsync(fixture.Server.Address);
        await connection.SendAsync("POST /stream-audio HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/octet-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
        await connection.ReceiveUntilAsync("event: started");
        for (int frame = 1; frame <= 5; frame++)
        {
            await connection.SendChunkAsync(Signals.Bytes(Signals.Noise(960)));
            await connection.ReceiveUntilAsync("\"chunkSize\":960", times: frame);
        }

        await connection.ReceiveUntilAsync("event: meters");
        await connection.SendAsync("0\r\n\r\n");
        await connection.ReceiveUntilAsync("event: summary");
    }

    [Fact]
    public async Task Over_http_2_audio_comes_back_while_the_upload_goes_on()
    {
        using var client = new HttpClient { BaseAddress = fixture.Server.Http2Address };
        using var upload = new LiveContent();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/stream-audio?bypass=true")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = upload,
        };
        upload.Headers.ContentType = MediaTypeHeaderValue.Parse(Binary);
        request.Headers.Accept.ParseAdd(Binary);
        using HttpResponseMessage response =
            await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        await using Stream audio = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);

        float[] input = Signals.Noise(9_600);
        byte[] bytes = Signals.Bytes(input);
        byte[] received = new byte[bytes.Length];
        int got = 0;
        for (int frame = 0; frame < 10; frame++)
        {
            await upload.SendAsync(bytes.AsMemory(frame * 3840, 3840));

            // All but the chain's latency of what was sent is back before anything more is sent.
            int due = (frame + 1) * 3840 - 4 * 480;
            while (got < due)
            {
                got += await audio.ReadAsync(received.AsMemory(got), TestContext.Current.CancellationToken);
            }
        }

        upload.Finish();
        await audio.ReadExactlyAsync(received.AsMemory(got), TestContext.Current.CancellationToken);
        Assert.Equal(0, await audio.ReadAsync(new byte[1], TestContext.Current.CancellationToken));
        Assert.Equal(input, Signals.Floats(received));
        Assert.True(response.TrailingHeaders.Contains("AI-Mixer-Metrics"));
    }

    [Fact]
    public async Task Beyond_the_limit_streams_are_refused_and_running_ones_undisturbed()
    {
        await using RunningServer server = await RunningServer.StartAsync("MAX_STREAMS=1");
        using RawConnection running = await RawConnection.OpenAsync(server.Address);
        await running.SendAsync("POST /stream-audio HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/octet-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
        await running.ReceiveUntilAsync("event: started");

        Answer refused = await server.PostAsync("/stream-audio", [], Binary);

        refused.AssertProblem(503, "stream-limit", "1 streams");
        Assert.NotNull(refused.Headers.RetryAfter);
        await running.SendChunkAsync(Signals.Bytes(Signals.Noise(960)));
        await running.SendAsync("0\r\n\r\n");
        await running.ReceiveUntilAsync("event: summary");
        Assert.Equal(HttpStatusCode.OK, (await server.PostAsync("/stream-audio", [], Binary)).Status);
    }

    [Fact]
    public async Task A_draining_server_tells_its_streams_takes_what_still_comes_and_refuses_new_ones()
    {
        await using RunningServer server = await RunningServer.StartAsync("DRAIN_SECONDS=3");
        using RawConnection running = await RawConnection.OpenAsync(server.Address);
        await running.SendAsync("POST /stream-audio HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/octet-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
        await running.ReceiveUntilAsync("event: started");
        await running.SendChunkAsync(Signals.Bytes(Signals.Noise(960)));

        server.Services.GetRequiredService<Draining>().Begin();
        await running.ReceiveUntilAsync("\"reason\":\"draining\"");
        await running.SendChunkAsync(Signals.Bytes(Signals.Noise(1_000)));
        string text = await running.ReceiveUntilAsync("event: summary");

        Assert.Contains("\"frames\":1960", text, StringComparison.Ordinal);
        (await server.PostAsync("/stream-audio", [], Binary)).AssertProblem(503, "draining");
    }

    [Fact]
    public async Task A_stream_that_stands_still_is_ended_with_all_that_it_sent()
    {
        await using RunningServer server = await RunningServer.StartAsync("STREAM_IDLE_SECONDS=1");
        using RawConnection running = await RawConnection.OpenAsync(server.Address);
        await running.SendAsync("POST /stream-audio HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/octet-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
        await running.SendChunkAsync(Signals.Bytes(Signals.Noise(500)));

        string text = await running.ReceiveUntilAsync("event: summary");

        Assert.Contains("\"reason\":\"idle\"", text, StringComparison.Ordinal);
        Assert.Contains("\"frames\":500", text, StringComparison.Ordinal);
    }

    private static byte[] WaveHeader(int bits, int dataBytes)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write("RIFF"u8);
        writer.Write(0);
        writer.Write("WAVEJUNK"u8);
        writer.Write(5);
        writer.Write("odd..\0fmt "u8);
        writer.Write(16);
        writer.Write((short)(bits == 32 ? 3 : 1));
        writer.Write((short)1);
        writer.Write(22_050);
        writer.Write(22_050 * bits / 8);
        writer.Write((short)(bits / 8));
        writer.Write((short)bits);
        writer.Write("data"u8);
        writer.Write(dataBytes);
        return stream.ToArray();
    }

    /// <summary>A body that is sent piece by piece, as the test goes on.</summary>
    private sealed class LiveContent : HttpContent
    {
        private readonly TaskCompletionSource<Stream> _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public async Task SendAsync(ReadOnlyMemory<byte> bytes)
        {
            Stream stream = await _open.Task;
            await stream.WriteAsync(bytes);
            await stream.FlushAsync();
        }

        public void Finish() => _over.SetResult();

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            _open.SetResult(stream);
            return _over.Task;
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
