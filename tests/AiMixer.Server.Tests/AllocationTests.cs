using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace AiMixer.Server.Tests;

/// <summary>Everything else has to stand still: what is measured is the whole process.</summary>
[CollectionDefinition(nameof(AllocationTests), DisableParallelization = true)]
public sealed class NothingElseRuns;

/// <summary>A running stream allocates no managed memory per frame, Kestrel and its sockets included.</summary>
[Collection(nameof(AllocationTests))]
public sealed class AllocationTests
{
    private const int FrameBytes = 960 * 4;
    private const int WarmUpFrames = 1_000;
    private const int Frames = 2_000;

    // The smallest object there is: timers and the runtime's own threads allocate less than one per frame meanwhile.
    private const double BytesPerFrame = 24;

    // What others in the process allocate comes and goes, what a frame needs is there in every round: the least one counts.
    private const int Rounds = 4;

    /// <summary>With a length: for bodies in chunks Kestrel itself allocates an object per reading.</summary>
    [Theory]
    [InlineData("neutral")]
    [InlineData("auto")]
    public async Task Nothing_is_allocated_per_frame_of_an_upload(string genre)
    {
        double perFrame = await MeasureAsync(
            $"POST /stream-audio?genre={genre} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/octet-stream\r\nContent-Length: {1L << 40}\r\n\r\n",
            [],
            "event: started"u8.ToArray(),
            Signals.Bytes(Signals.Noise(960)),
            "\"processed\""u8.ToArray());

        Assert.InRange(perFrame, 0, BytesPerFrame);
    }

    [Fact]
    public async Task Nothing_is_allocated_per_frame_of_a_socket()
    {
        // Masked with zeros, which leaves the payload as it is.
        byte[] start = [0x81, 0x80 + 35, 0, 0, 0, 0, .. "{\"type\":\"start\",\"genre\":\"neutral\" }"u8];
        byte[] frame = [0x82, 0x80 + 126, FrameBytes >> 8, FrameBytes & 0xFF, 0, 0, 0, 0, .. Signals.Bytes(Signals.Noise(960))];

        double perFrame = await MeasureAsync(
            "GET /stream-audio HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
            "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
            start,
            "latencyFrames"u8.ToArray(),
            frame,
            [0x82, 126, FrameBytes >> 8, FrameBytes & 0xFF]);

        Assert.InRange(perFrame, 0, BytesPerFrame);
    }

    /// <summary>Sends frame after frame, waits for each answer, and says what the process allocated per frame, at least.</summary>
    [SuppressMessage("Performance", "CA1849", Justification = "The client must stay on its thread.")]
    private static async Task<double> MeasureAsync(string head, byte[] start, byte[] started, byte[] frame, byte[] answer)
    {
        await using RunningServer server = await RunningServer.StartAsync();
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(IPAddress.Loopback, server.Address.Port);
        byte[] received = new byte[64 * 1024];
        socket.Send(Encoding.ASCII.GetBytes(head));
        if (start.Length > 0)
        {
            ReceiveUntil("\r\n\r\n"u8);
            socket.Send(start);
        }

        ReceiveUntil(started);

        // No await from here on: this thread is the client's alone.
        Stream(WarmUpFrames);
        double least = double.MaxValue;
        for (int round = 0; round < Rounds; round++)
        {
            long before = ByTheServer();
            Stream(Frames);
            least = Math.Min(least, (double)(ByTheServer() - before) / Frames);
        }

        return least;

        void Stream(int frames)
        {
            for (int i = 0; i < frames; i++)
            {
                socket.Send(frame);
                ReceiveUntil(answer);
            }
        }

        static long ByTheServer() => GC.GetTotalAllocatedBytes(precise: true) - GC.GetAllocatedBytesForCurrentThread();

        // The answer to a frame is complete, and may be followed by meters, once its mark is there.
        void ReceiveUntil(ReadOnlySpan<byte> mark)
        {
            int length = 0;
            do
            {
                int count = socket.Receive(received, length, received.Length - length, SocketFlags.None);
                Assert.NotEqual(0, count);
                length += count;
            }
            while (received.AsSpan(0, length).IndexOf(mark) < 0);
        }
    }
}
