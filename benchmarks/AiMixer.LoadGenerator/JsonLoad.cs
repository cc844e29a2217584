using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace AiMixer.LoadGenerator;

/// <summary>One frame after the other as JSON, over a few connections at once, as fast as they are answered.</summary>
internal static class JsonLoad
{
    /// <summary>Asks for some seconds, after a second that does not count.</summary>
    /// <param name="server">The service, or the echo, which gives back what it is sent.</param>
    /// <param name="connections">Connections at once.</param>
    /// <param name="seconds">How long.</param>
    /// <param name="isEcho">Which of both it is.</param>
    public static async Task<JsonResult> RunAsync(ServerProcess server, int connections, int seconds, bool isEcho)
    {
        float[] frame = MemoryMarshal.Cast<byte, float>(new Programme(seed: 1, seconds: 1).Input(7).Span).ToArray();
        byte[] request = Encoding.UTF8.GetBytes(
            $$$"""{"audioBuffer":[{{{string.Join(',', frame.Select(sample => sample.ToString("R", CultureInfo.InvariantCulture)))}}}],"config":{"genre":"rock"}}""");
        using var client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = connections }) { BaseAddress = server.Address };
        byte[] expected = await AskAsync(client, request);
        Check(isEcho ? request : null, frame, expected);
        await AskAllAsync(client, request, expected, connections, TimeSpan.FromSeconds(3));
        TimeSpan before = server.ProcessorTime;
        long start = Stopwatch.GetTimestamp();
        List<float> delays = await AskAllAsync(client, request, expected, connections, TimeSpan.FromSeconds(seconds));
        double elapsed = Stopwatch.GetElapsedTime(start).TotalSeconds;
        double microseconds = (server.ProcessorTime - before).TotalMicroseconds / delays.Count;
        delays.Sort();
        return new JsonResult(delays.Count / elapsed, delays[delays.Count / 2], delays[(int)(0.99 * delays.Count)], delays[^1], microseconds);
    }

    private static async Task<List<float>> AskAllAsync(HttpClient client, byte[] request, byte[] expected, int connections, TimeSpan time)
    {
        long start = Stopwatch.GetTimestamp();
        List<float>[] delays = await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(async () =>
        {
            List<float> own = [];
            while (Stopwatch.GetElapsedTime(start) < time)
            {
                long asked = Stopwatch.GetTimestamp();
                byte[] answer = await AskAsync(client, request);
                own.Add((float)Stopwatch.GetElapsedTime(asked).TotalMilliseconds);
                if (!answer.AsSpan().SequenceEqual(expected))
                {
                    throw new InvalidOperationException("Two equal frames were answered differently.");
                }
            }

            return own;
        })));
        return [.. delays.SelectMany(own => own)];
    }

    private static async Task<byte[]> AskAsync(HttpClient client, byte[] request)
    {
        using var content = new ByteArrayContent(request);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using HttpResponseMessage answer = await client.PostAsync(new Uri("/process-audio", UriKind.Relative), content);
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadAsByteArrayAsync();
    }

    /// <summary>The first answer is what a local strip gives; all others are compared with it.</summary>
    private static void Check(byte[]? echoed, float[] frame, byte[] answer)
    {
        if (echoed is not null)
        {
            if (!answer.AsSpan().SequenceEqual(echoed))
            {
                throw new InvalidOperationException("The echo is none.");
            }

            return;
        }

        using var strip = new ChannelStrip(new ChannelStripOptions { Channels = 1 });
        strip.SetGenre(Genre.Rock);
        float[] mixed = new float[frame.Length + strip.LatencyFrames];
        frame.CopyTo(mixed, 0);
        strip.Process(mixed);
        using JsonDocument json = JsonDocument.Parse(answer);
        float[] processed = [.. json.RootElement.GetProperty("processedBuffer").EnumerateArray().Select(sample => sample.GetSingle())];
        if (!processed.AsSpan().SequenceEqual(mixed.AsSpan(strip.LatencyFrames)))
        {
            throw new InvalidOperationException("A frame came back wrong.");
        }
    }
}

/// <summary>What a run showed.</summary>
internal sealed record JsonResult(double FramesPerSecond, float P50Ms, float P99Ms, float MaxMs, double ServerMicroseconds);
