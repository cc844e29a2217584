using System.Globalization;

namespace AiMixer.LoadGenerator;

/// <summary>The measurements, printed as the tables of benchmarks/results/service.md.</summary>
internal static class Measurements
{
    private const int Rounds = 3;
    private const int WarmUpStreams = 20;
    private const int WarmUpSeconds = 5;

    /// <summary>One run with a fixed number of streams.</summary>
    /// <returns>The exit code: 0 when every frame was right and in time.</returns>
    public static async Task<int> StreamsAsync(int streams, int seconds, Transport transport)
    {
        await using ServerProcess server = await StartWarmAsync(streams, transport);
        Console.Write(StreamResult.Heading);
        return Tell(await StreamLoad.RunAsync(server, transport, streams, seconds)) ? 0 : 1;
    }

    /// <summary>More and more streams until a frame is late, then between the last two, in steps of a twentieth.</summary>
    public static async Task<int> FindAsync(int most, int seconds, Transport transport)
    {
        await using ServerProcess server = await StartWarmAsync(most, transport);
        Console.Write(StreamResult.Heading);
        (int good, int bad) = (0, 0);
        for (int streams = 100; bad == 0 && streams <= most; streams += 100)
        {
            (good, bad) = Tell(await StreamLoad.RunAsync(server, transport, streams, seconds)) ? (streams, 0) : (good, streams);
        }

        while (bad - good > Math.Max(10, good / 20))
        {
            int between = (good + bad) / 2;
            (good, bad) = Tell(await StreamLoad.RunAsync(server, transport, between, seconds)) ? (between, bad) : (good, between);
        }

        Console.WriteLine($"\n{good} streams without a late frame.");
        return good > 0 ? 0 : 1;
    }

    /// <summary>Streams of the service and of the bare echo in turn, so that both see the same machine.</summary>
    public static async Task<int> OverheadAsync(int streams, int seconds)
    {
        await using ServerProcess server = await StartWarmAsync(streams, Transport.WebSocket);
        await using ServerProcess echo = await StartWarmAsync(streams, Transport.Echo);
        Console.Write(StreamResult.Heading);
        bool areGood = true;
        for (int round = 1; round <= Rounds; round++)
        {
            areGood &= Tell(await StreamLoad.RunAsync(server, Transport.WebSocket, streams, seconds));
            areGood &= Tell(await StreamLoad.RunAsync(echo, Transport.Echo, streams, seconds));
        }

        return areGood ? 0 : 1;
    }

    /// <summary>Frames to the service and to the bare echo in turn.</summary>
    public static async Task<int> FramesAsync(FrameFormat format, Genre genre, int connections, int seconds)
    {
        await using ServerProcess server = await ServerProcess.StartServerAsync(streams: 1);
        await using ServerProcess echo = await ServerProcess.StartEchoAsync();
        Console.Write("| round | what | frames/s | p50 ms | p99 ms | max ms | server's CPU per frame, us |\n|--:|---|--:|--:|--:|--:|--:|\n");
        for (int round = 1; round <= Rounds; round++)
        {
            foreach ((string name, ServerProcess measured, bool isEcho) in new[] { ("service", server, false), ("echo", echo, true) })
            {
                FrameResult result = await FrameLoad.RunAsync(measured, format, genre, connections, seconds, isEcho);
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {round} | {name} | {result.FramesPerSecond:F0} | {result.P50Ms:F2} | {result.P99Ms:F2} | {result.MaxMs:F1} | {result.ServerMicroseconds:F0} |"));
            }
        }

        return 0;
    }

    /// <summary>A server whose code is compiled, as that of one that runs for a while is.</summary>
    private static async Task<ServerProcess> StartWarmAsync(int streams, Transport transport)
    {
        ServerProcess server = transport == Transport.Echo
            ? await ServerProcess.StartEchoAsync()
            : await ServerProcess.StartServerAsync(Math.Max(streams, WarmUpStreams));
        await StreamLoad.RunAsync(server, transport, WarmUpStreams, WarmUpSeconds);
        return server;
    }

    private static bool Tell(StreamResult result)
    {
        Console.WriteLine(result.Row());
        foreach (string failure in result.Failures)
        {
            Console.Error.WriteLine(failure);
        }

        return result.IsGood;
    }
}
