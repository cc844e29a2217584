using System.Diagnostics;
using System.Net.Http.Headers;

namespace AiMixer.LoadGenerator;

/// <summary>One frame after the other, over a few connections at once, as fast as they are answered.</summary>
internal static class FrameLoad
{
    /// <summary>Asks for some seconds, after a second that does not count.</summary>
    /// <param name="server">The service, or the echo, which gives back what it is sent.</param>
    /// <param name="format">How the frames travel.</param>
    /// <param name="genre">Whose profile mixes them.</param>
    /// <param name="connections">Connections at once.</param>
    /// <param name="seconds">How long.</param>
    /// <param name="isEcho">Which of both it is.</param>
    public static async Task<FrameResult> RunAsync(ServerProcess server, FrameFormat format, Genre genre, int connections, int seconds, bool isEcho)
    {
        float[] frame = Programme.SoundingFrame();
        var request = FrameRequest.Of(format, frame, genre);
        using var client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = connections }) { BaseAddress = server.Address };
        byte[] expected = await AskAsync(client, request);
        if (!(isEcho ? expected.AsSpan().SequenceEqual(request.Body) : format.Samples(expected).AsSpan().SequenceEqual(Mixed(frame, genre))))
        {
            throw new InvalidOperationException("A frame came back wrong.");
        }

        await AskAllAsync(client, request, expected, connections, TimeSpan.FromSeconds(3));
        TimeSpan before = server.ProcessorTime;
        long start = Stopwatch.GetTimestamp();
        List<float> delays = await AskAllAsync(client, request, expected, connections, TimeSpan.FromSeconds(seconds));
        double elapsed = Stopwatch.GetElapsedTime(start).TotalSeconds;
        double microseconds = (server.ProcessorTime - before).TotalMicroseconds / delays.Count;
        delays.Sort();
        return new FrameResult(delays.Count / elapsed, delays[delays.Count / 2], delays[(int)(0.99 * delays.Count)], delays[^1], microseconds);
    }

    private static async Task<List<float>> AskAllAsync(HttpClient client, FrameRequest request, byte[] expected, int connections, TimeSpan time)
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

    private static async Task<byte[]> AskAsync(HttpClient client, FrameRequest request)
    {
        using var content = new ByteArrayContent(request.Body);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(request.MediaType);
        using HttpResponseMessage answer = await client.PostAsync(request.Address, content);
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadAsByteArrayAsync();
    }

    /// <summary>What a local strip gives, without its latency.</summary>
    private static ReadOnlySpan<float> Mixed(float[] frame, Genre genre)
    {
        using var strip = new ChannelStrip(new ChannelStripOptions { Channels = 1 });
        strip.SetGenre(genre);
        float[] mixed = new float[frame.Length + strip.LatencyFrames];
        frame.CopyTo(mixed, 0);
        strip.Process(mixed);
        return mixed.AsSpan(strip.LatencyFrames);
    }
}

/// <summary>What a run showed.</summary>
internal sealed record FrameResult(double FramesPerSecond, float P50Ms, float P99Ms, float MaxMs, double ServerMicroseconds);
