using System.Globalization;
using System.Net;

namespace AiMixer.Server.Tests;

/// <summary>
/// Memory stays flat while clients of every kind come and go. A few rounds by default; SOAK_SECONDS in the environment
/// makes it as long as wanted.
/// </summary>
public sealed class SoakTests
{
    private const int Rounds = 16;

    // The collector lets its heap grow for a while before it settles: what is compared is after that.
    private const int WarmUpRounds = 8;

    // How far the heap swings between two collections. Forty clients come per round: one forgotten stream would be far more.
    private const double SlackMiB = 24;

    // What the deployment grants an instance.
    private const double GrantedMiB = 256;

    [Fact]
    public async Task Memory_stays_flat_while_clients_come_and_go()
    {
        int seconds = int.TryParse(Environment.GetEnvironmentVariable("SOAK_SECONDS"), CultureInfo.InvariantCulture, out int set) ? set : 0;
        await using ServerProcess server = await ServerProcess.StartAsync("LOG_LEVEL=WARN");
        await RunAsync(server, WarmUpRounds, seconds / 2);
        double before = ResidentMiB(server);
        int rounds = await RunAsync(server, Rounds, seconds / 2);
        double after = ResidentMiB(server);

        TestContext.Current.TestOutputHelper?.WriteLine($"{rounds} rounds: resident {before:F1} MiB, then {after:F1} MiB");
        Assert.InRange(after - before, double.NegativeInfinity, SlackMiB);
        Assert.InRange(after, 0, GrantedMiB);
    }

    private static async Task<int> RunAsync(ServerProcess server, int fewest, int seconds)
    {
        long start = Environment.TickCount64;
        int rounds = 0;
        while (rounds < fewest || Environment.TickCount64 - start < 1000L * seconds)
        {
            await RoundAsync(server);
            rounds++;
        }

        return rounds;
    }

    /// <summary>Streams that end well, that break off and that are never started; buffers, good and bad.</summary>
    private static async Task RoundAsync(ServerProcess server)
    {
        byte[] second = Signals.Bytes(Signals.Noise(48_000));
        byte[] frame = second[..3840];
        await Task.WhenAll(Enumerable.Range(0, 20).Select(async i =>
        {
            using SocketClient client = await SocketClient.StartAsync(server.Address, """{"type":"start","genre":"rock"}""");
            for (int sent = 1; sent <= 50; sent++)
            {
                await client.SendAsync(frame);
                await client.ReceiveAudioAsync(sent * frame.Length);
            }

            // Every other one goes without a word.
            if (i % 2 == 0)
            {
                await client.SayAsync("""{"type":"end"}""");
                await client.ReceiveToEndAsync();
            }
        }));
        await Task.WhenAll(Enumerable.Range(0, 10).Select(async i =>
        {
            using SocketClient silent = await SocketClient.ConnectAsync(server.Address);
            using RawConnection broken = await RawConnection.OpenAsync(server.Address);
            await broken.SendAsync("POST /stream-audio HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/octet-stream\r\nContent-Length: 100000\r\n\r\n0123");
            using var upload = new ByteArrayContent(second);
            upload.Headers.ContentType = new("application/octet-stream");
            using HttpResponseMessage streamed = await server.Client.PostAsync(new Uri("/stream-audio?audio=base64", UriKind.Relative), upload);
            await streamed.Content.ReadAsByteArrayAsync();
            using var bad = new StringContent("""{"audioBuffer":[0.1,""", System.Text.Encoding.UTF8, "application/json");
            using HttpResponseMessage refused = await server.Client.PostAsync(new Uri("/process-audio", UriKind.Relative), bad);
            Assert.Equal((HttpStatusCode.OK, HttpStatusCode.BadRequest), (streamed.StatusCode, refused.StatusCode));
        }));
    }

    private static double ResidentMiB(ServerProcess server)
    {
        string line = File.ReadLines($"/proc/{server.Id}/status").First(text => text.StartsWith("VmRSS:", StringComparison.Ordinal));
        return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
    }
}
