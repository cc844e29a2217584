using System.Diagnostics;

namespace AiMixer.LoadGenerator;

/// <summary>Many streams at once, each paced in real time, their frames spread evenly over the 20 ms.</summary>
internal static class StreamLoad
{
    // Different enough to be checked, few enough not to fill the caches of the machine that is measured.
    private const int Programmes = 4;

    private static readonly TimeSpan LastAnswers = TimeSpan.FromSeconds(10);

    /// <summary>Runs the streams.</summary>
    /// <param name="server">Who serves them.</param>
    /// <param name="transport">How.</param>
    /// <param name="streams">How many.</param>
    /// <param name="seconds">How long.</param>
    public static async Task<StreamResult> RunAsync(ServerProcess server, Transport transport, int streams, int seconds)
    {
        Programme[] programmes = [.. Enumerable.Range(1, Math.Min(Programmes, streams)).Select(seed => new Programme(seed, seconds))];
        StreamClient[] clients = [.. Enumerable.Range(0, streams).Select(i => Create(transport, programmes[i % programmes.Length]))];
        try
        {
            Uri address = transport == Transport.Upload ? server.Http2Address : server.Address;
            foreach (StreamClient[] some in clients.Chunk(8))
            {
                await Task.WhenAll(some.Select(client => client.StartAsync(address, key: null)));
            }

            GC.Collect();
            string loadBefore = LoadAverage();
            (TimeSpan serverBefore, TimeSpan ownBefore) = (server.ProcessorTime, Environment.CpuUsage.TotalTime);
            long began = Stopwatch.GetTimestamp();
            double sentLateMs = 0;
            var pacer = new Thread(() => sentLateMs = Pace(clients, programmes[0].Frames)) { Priority = ThreadPriority.AboveNormal };
            pacer.Start();
            await Task.Run(pacer.Join);
            double elapsed = Stopwatch.GetElapsedTime(began).TotalSeconds;
            double serverCores = (server.ProcessorTime - serverBefore).TotalSeconds / elapsed;
            double ownCores = (Environment.CpuUsage.TotalTime - ownBefore).TotalSeconds / elapsed;
            Task ends = Task.WhenAll(clients.Select(client => client.EndAsync()));
            bool ended = await Task.WhenAny(ends, Task.Delay(LastAnswers)) == ends;
            return StreamResult.Of(
                transport, seconds, clients, serverCores, ownCores, server.PeakResidentMiB, sentLateMs, $"{loadBefore} / {LoadAverage()}", ended);
        }
        finally
        {
            foreach (StreamClient client in clients)
            {
                await client.DisposeAsync();
            }
        }
    }

    private static StreamClient Create(Transport transport, Programme programme) => transport switch
    {
        Transport.Upload => new UploadClient(programme),
        _ => new SocketClient(programme, isEcho: transport == Transport.Echo),
    };

    /// <summary>Sends every frame when it is due.</summary>
    /// <returns>By how much the latest was sent late, in ms: what no server could make good.</returns>
    private static double Pace(StreamClient[] clients, int frames)
    {
        long period = Stopwatch.Frequency / Programme.FramesPerSecond;
        long start = Stopwatch.GetTimestamp() + period;
        for (int i = 0; i < clients.Length; i++)
        {
            clients[i].Begin(start + period * i / clients.Length);
        }

        long latest = 0;
        for (int frame = 0; frame < frames; frame++)
        {
            foreach (StreamClient client in clients)
            {
                long late;
                while ((late = Stopwatch.GetTimestamp() - client.DueAt(frame)) < 0)
                {
                    Thread.Sleep(1);
                }

                latest = Math.Max(latest, late);
                client.Send(frame);
            }
        }

        return 1000.0 * latest / Stopwatch.Frequency;
    }

    private static string LoadAverage() => File.ReadAllText("/proc/loadavg").Split(' ')[0];
}

/// <summary>How a stream travels.</summary>
internal enum Transport
{
    WebSocket,
    Upload,

    /// <summary>Over a WebSocket to the bare echo rather than to the service.</summary>
    Echo,
}
