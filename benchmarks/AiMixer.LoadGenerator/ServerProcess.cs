using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace AiMixer.LoadGenerator;

/// <summary>A server, or the bare echo that it is compared with, as a process of its own on this machine.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    /// <summary>
    /// Environment variable of the runtime: what arrives is dealt with by the thread that noticed it. It suits a generator, whose
    /// peers mean well; what it saves there is left to what is measured, which runs without it.
    /// </summary>
    public const string InlineCompletions = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";

    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(1);

    private readonly Process _process;

    private ServerProcess(Process process, Uri address, Uri http2Address)
    {
        _process = process;
        Address = address;
        Http2Address = http2Address;
    }

    public Uri Address { get; }

    /// <summary>The port for cleartext HTTP/2.</summary>
    public Uri Http2Address { get; }

    /// <summary>Processor time used so far.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>The most memory that was resident since the start, in MiB.</summary>
    public double PeakResidentMiB
    {
        get
        {
            _process.Refresh();
            return _process.PeakWorkingSet64 / (1024.0 * 1024);
        }
    }

    /// <summary>Starts the server that was built with this program.</summary>
    public static Task<ServerProcess> StartServerAsync(int streams) => StartAsync("AiMixer.Server.dll", [], streams);

    /// <summary>Starts an echo that sends back bodies and messages, and does nothing else.</summary>
    public static Task<ServerProcess> StartEchoAsync() => StartAsync("AiMixer.LoadGenerator.dll", ["echo"], streams: 1);

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static async Task<ServerProcess> StartAsync(string assembly, string[] arguments, int streams)
    {
        (int port, int http2Port) = (FreePort(), FreePort());

        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, assembly), .. arguments])
        {
            Environment =
            {
                ["PORT"] = port.ToString(CultureInfo.InvariantCulture),
                ["H2C_PORT"] = http2Port.ToString(CultureInfo.InvariantCulture),
                ["MAX_STREAMS"] = streams.ToString(CultureInfo.InvariantCulture),
                ["LOG_LEVEL"] = "WARN",
            },
        };
        start.Environment.Remove(InlineCompletions);
        var server = new ServerProcess(
            Process.Start(start)!, new Uri($"http://127.0.0.1:{port}"), new Uri($"http://127.0.0.1:{http2Port}"));
        using var client = new HttpClient();
        long began = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(began) < StartLimit && !server._process.HasExited)
        {
            try
            {
                using HttpResponseMessage answer = await client.GetAsync(new Uri(server.Address, "/health"));
                return server;
            }
            catch (HttpRequestException)
            {
                await Task.Delay(100);
            }
        }

        throw new InvalidOperationException($"{assembly} did not start.");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
