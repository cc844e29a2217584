using System.Buffers.Binary;
using System.Net.WebSockets;
using System.Text;
using AiMixer.Server.Streams;
using Microsoft.Extensions.DependencyInjection;

namespace AiMixer.Server.Tests.Fuzzing;

/// <summary>The WebSocket against frames and messages that are nearly right, over real sockets.</summary>
public sealed class SocketFuzzTests
{
    private const int Connections = 250;
    private const int Messages = 3000;
    private const string Handshake =
        "GET /stream-audio HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

    private static readonly string[] Said =
    [
        """{"type":"start","format":"s16le","sampleRate":48000,"channels":2,"genre":"rock","intensity":50}""",
        """{"type":"set","parameters":{"compressor.ratio":3,"gate.threshold_db":null},"bypass":true}""",
        """{"type":"set","genre":"jazz","target":-20}""",
        """{"type":"end"}""",
    ];

    [Fact]
    public async Task Frames_that_are_nearly_right_end_their_own_connection_at_most()
    {
        await using RunningServer server = await RunningServer.StartAsync("MAX_STREAMS=4", "STREAM_IDLE_SECONDS=2");
        foreach (int seed in FuzzBudget.Seeds(Connections))
        {
            var mutation = new Mutation(seed);
            using RawConnection connection = await RawConnection.OpenAsync(server.Address);
            await connection.SendAsync(Handshake);
            await connection.ReceiveUntilAsync("\r\n\r\n");
            try
            {
                if (seed % 3 != 0)
                {
                    await connection.SendAsync(Frame(1, Encoding.UTF8.GetBytes("{\"type\":\"start\"}"), mutation));
                }

                for (int i = 1 + mutation.Next(6); i > 0; i--)
                {
                    byte[] frame = Frame(mutation.Next(4) == 0 ? mutation.Next(16) : 2, mutation.Bytes(4 * mutation.Next(300)), mutation);
                    await connection.SendAsync(mutation.Next(2) == 0 ? mutation.Damage(frame) : frame);
                }

                connection.CloseSending();
            }
            catch (System.Net.Sockets.SocketException)
            {
                // Cut off already, which is what a violation of the protocol deserves.
            }

            await connection.ReceiveToEndAsync();
        }

        await AssertUnharmedAsync(server);
    }

    [Fact]
    public async Task Messages_that_are_nearly_right_are_told_what_is_wrong_or_understood()
    {
        await using RunningServer server = await RunningServer.StartAsync("MAX_STREAMS=4");
        (int errors, int closes) = (0, 0);
        SocketClient client = await SocketClient.StartAsync(server);
        foreach (int seed in FuzzBudget.Seeds(Messages))
        {
            var mutation = new Mutation(seed);
            byte[] said = Encoding.UTF8.GetBytes(Said[seed % Said.Length]);
            string message = Encoding.Latin1.GetString(mutation.Damage(seed % 5 == 0 ? mutation.Json(damaged: true) : said));
            int before = client.Events.Count;
            await client.SayAsync(message);

            // Whatever was said, audio is answered, or the connection was closed with a reason.
            await client.SendAsync(new byte[64]);
            WebSocketCloseStatus? status = await client.ReceiveAudioOrCloseAsync(client.Audio.Count + 64);
            errors += client.Events.Skip(before).Count(e => e.GetProperty("type").GetString() == "error");
            if (status is not null)
            {
                Assert.True(
                    status is WebSocketCloseStatus.InvalidPayloadData or WebSocketCloseStatus.NormalClosure or WebSocketCloseStatus.PolicyViolation,
                    $"{status}, seed {seed}: {message}");
                closes++;
                client.Dispose();
                client = await SocketClient.StartAsync(server);
            }
        }

        client.Dispose();
        Assert.InRange(errors, Messages / 10, int.MaxValue);
        Assert.InRange(closes, Messages / 10, int.MaxValue);
        await AssertUnharmedAsync(server);
    }

    /// <summary>A stream gives what the library gives, and no place is lost.</summary>
    private static async Task AssertUnharmedAsync(RunningServer server)
    {
        float[] input = Signals.Noise(9600);
        float[] expected = Signals.Mixed(input, strip => strip.SetGenre(Genre.Rock), out int latency);
        using SocketClient client = await SocketClient.StartAsync(server, """{"type":"start","genre":"rock"}""");
        await client.SendAsync(Signals.Bytes(input));
        await client.SayAsync("""{"type":"end"}""");
        Assert.Equal(WebSocketCloseStatus.NormalClosure, await client.ReceiveToEndAsync());
        Assert.Equal(expected, Signals.Floats([.. client.Audio]));
        StreamSlots slots = server.Services.GetRequiredService<StreamSlots>();
        for (int i = 0; slots.Active > 0; i++)
        {
            Assert.True(i < 600, $"{slots.Active} places are not given back");
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>A frame of a client (RFC 6455, 5.2), most often as it should be.</summary>
    private static byte[] Frame(int opcode, byte[] payload, Mutation mutation)
    {
        byte[] mask = mutation.Bytes(4);
        byte first = (byte)((mutation.Next(10) == 0 ? 0 : 0x80) | (mutation.Next(20) == 0 ? 0x40 : 0) | opcode);
        byte[] length = new byte[payload.Length < 126 ? 1 : 3];
        length[0] = (byte)(0x80 | Math.Min(payload.Length, 126));
        if (length.Length > 1)
        {
            BinaryPrimitives.WriteUInt16BigEndian(length.AsSpan(1), (ushort)payload.Length);
        }

        return [first, .. length, .. mask, .. payload.Select((value, i) => (byte)(value ^ mask[i % 4]))];
    }
}
