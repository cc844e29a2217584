using System.Diagnostics;
using System.Text.Json;

namespace AiMixer.Server.Tests;

/// <summary>The server as a process of its own.</summary>
public sealed class ProcessTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private static Process Start(string port)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "AiMixer.Server.dll")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PORT"] = port;
        return Process.Start(start)!;
    }

    [Fact]
    public async Task On_sigterm_streams_are_told_nothing_is_lost_and_the_process_ends_in_good_order()
    {
        using Process server = Start("0");
        try
        {
            var address = new Uri(await ListeningAsync(server));
            using RawConnection stream = await RawConnection.OpenAsync(address);
            await stream.SendAsync("POST /stream-audio HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/octet-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
            await stream.SendChunkAsync(Signals.Bytes(Signals.Noise(960)));
            await stream.ReceiveUntilAsync("processed");

            long signalled = Stopwatch.GetTimestamp();
            using (Process kill = Process.Start("kill", ["-TERM", $"{server.Id}"]))
            {
                await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
            }

            await stream.ReceiveUntilAsync("\"reason\":\"draining\"");
            await stream.SendChunkAsync(Signals.Bytes(Signals.Noise(960)));
            await stream.SendAsync("0\r\n\r\n");
            string text = await stream.ReceiveUntilAsync("event: summary");
            Assert.Contains("\"frames\":1920", text + await stream.ReceiveToEndAsync(), StringComparison.Ordinal);
            await server.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Limit, TestContext.Current.CancellationToken);

            Assert.Equal(0, server.ExitCode);
            Assert.True(Stopwatch.GetElapsedTime(signalled) < Limit);
        }
        finally
        {
            server.Kill();
        }
    }

    [Fact]
    public async Task A_bad_setting_ends_the_process_with_code_2_and_one_line()
    {
        using Process server = Start("eighty");
        string errors = await server.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await server.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(2, server.ExitCode);
        Assert.Equal("aimixer: PORT=eighty is not possible (0 to 65535)\n", errors);
    }

    /// <summary>Waits for the line that says where the server listens; the log is one JSON object per line.</summary>
    private static async Task<string> ListeningAsync(Process server)
    {
        while (await server.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            JsonElement entry = JsonDocument.Parse(line).RootElement;
            if (entry.GetProperty("State").TryGetProperty("Addresses", out JsonElement addresses))
            {
                return addresses.GetString()!.Split(',')[0];
            }
        }

        throw new InvalidOperationException("The server did not start: " + await server.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
    }
}
