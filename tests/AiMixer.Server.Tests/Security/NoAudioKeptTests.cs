using System.Globalization;
using System.Net.Http.Headers;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace AiMixer.Server.Tests.Security;

/// <summary>Audio goes through the server and stays nowhere: not on the disk, not in the logs, at no level.</summary>
public sealed class NoAudioKeptTests
{
    // Two samples that follow each other again and again, and that nothing else is likely to hold. They are exact in 16 bits
    // too, so that they can be told in every format.
    private const float First = 0.123443603515625f;
    private const float Second = -0.345672607421875f;

    // More than anything that is kept in memory for a while would be, were it buffered to a file.
    private const int Seconds = 9;

    // Of the requests below those whose audio is processed.
    private const int Served = 7;

    private static float[] Pattern(int samples) => [.. Enumerable.Range(0, samples).Select(i => i % 2 == 0 ? First : Second)];

    private static byte[] Pattern16(int samples) =>
        MemoryMarshal.AsBytes<short>(Pattern(samples).Select(sample => (short)(sample * 32768)).ToArray()).ToArray();

    [Fact]
    public async Task No_audio_reaches_files_or_logs_whatever_the_endpoint_and_however_much_is_logged()
    {
        await using ServerProcess server = await ServerProcess.StartAsync("LOG_LEVEL=TRACE");
        List<string> written = [];
        int served = 0;
        foreach ((string path, string contentType, byte[] body, string accept) in Requests())
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(body) };
            request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
            request.Headers.TryAddWithoutValidation("Accept", accept);
            using HttpResponseMessage answer = await server.Client.SendAsync(request, TestContext.Current.CancellationToken);
            await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
            Assert.True((int)answer.StatusCode < 500, $"{answer.StatusCode} for {path}");
            served += answer.IsSuccessStatusCode ? 1 : 0;
            written.AddRange(OpenForWriting(server.Id));
        }

        Assert.InRange(served, Served, int.MaxValue);
        written.AddRange(await StreamOverSocketAsync(server));
        written.AddRange(OpenForWriting(server.Id));
        Assert.Equal(0, await server.EndAsync());

        Assert.Contains("/process-audio", server.Output, StringComparison.Ordinal);
        AssertHoldsNoAudio("the log", Encoding.UTF8.GetBytes(server.Output));
        Assert.DoesNotContain(written, path => !path.StartsWith(server.Folder, StringComparison.Ordinal));
        foreach (string file in Directory.EnumerateFiles(server.Folder, "*", SearchOption.AllDirectories))
        {
            AssertHoldsNoAudio(file, await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken));
        }
    }

    [Fact]
    public async Task The_requests_above_are_to_every_endpoint_that_takes_a_body()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        IEnumerable<string> endpoints = server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Contains("POST") == true)
            .Select(endpoint => endpoint.RoutePattern.RawText!.TrimEnd('/'))
            .Where(path => !path.StartsWith("/health", StringComparison.Ordinal));

        Assert.Contains("/stream-audio", endpoints);
        Assert.Empty(endpoints.Except(Requests().Select(request => request.Path.Split('?')[0])));
    }

    [Fact]
    public void Audio_would_be_found_in_each_of_its_forms()
    {
        foreach (byte[] form in Forms())
        {
            byte[] file = [.. Encoding.UTF8.GetBytes("something in front of it "), .. form, .. "and behind it"u8];
            Assert.ThrowsAny<Exception>(() => AssertHoldsNoAudio("a file", file));
        }

        for (int shift = 0; shift < 3; shift++)
        {
            byte[] base64 = Encoding.ASCII.GetBytes(Convert.ToBase64String([.. new byte[shift], .. Signals.Bytes(Pattern(960))]));
            Assert.ThrowsAny<Exception>(() => AssertHoldsNoAudio("a file", base64));
        }

        Assert.ThrowsAny<Exception>(() => AssertHoldsNoAudio("a file", Encoding.UTF8.GetBytes(Json("audioBuffer", Pattern(960)))));
        AssertHoldsNoAudio("a file", "nothing of it"u8.ToArray());
    }

    private static IEnumerable<(string Path, string ContentType, byte[] Body, string Accept)> Requests()
    {
        float[] audio = Pattern(48_000 * Seconds);
        byte[] json = Encoding.UTF8.GetBytes(Json("audioBuffer", audio, ",\"config\":{\"bypass\":true}"));
        byte[] raw = Signals.Bytes(audio);
        const string Raw = "application/octet-stream; format=f32le";

        yield return ("/process-audio", "application/json", json, "application/json");
        yield return ("/process-audio?bypass=true", Raw, raw, "application/octet-stream");
        yield return ("/process-audio?bypass=true", "application/octet-stream; format=s16le", Pattern16(audio.Length), "application/octet-stream");
        yield return ("/stream-audio?bypass=true", Raw, raw, "text/event-stream");
        yield return ("/stream-audio?bypass=true&audio=base64", Raw, raw, "text/event-stream");
        yield return ("/stream-audio?bypass=true", Raw, raw, "application/octet-stream");
        yield return ("/stream-audio?bypass=true", "audio/wav", [.. WaveHeader(2 * audio.Length), .. Pattern16(audio.Length)], "application/octet-stream");
        yield return ("/extract-features", "application/json", Encoding.UTF8.GetBytes(Json("audioBuffer", audio)), "application/json");

        // Features are none, but who mistakes the field sends audio there.
        yield return ("/classify-genre", "application/json", Encoding.UTF8.GetBytes(Json("features", audio)), "application/json");

        // What is refused, with audio in the part that is complained about.
        yield return ("/process-audio", "application/json", json[..^40], "application/json");
        yield return ("/process-audio", "application/json", [.. json.AsSpan(0, 60_000), .. "1e400"u8, .. json.AsSpan(60_000)], "application/json");
        yield return ("/process-audio", "application/json", Encoding.UTF8.GetBytes(Json("audioBufer", audio)), "application/json");
        yield return ("/process-audio", "text/plain", raw, "application/json");
        yield return ("/stream-audio", Raw, raw, "image/png");
    }

    private static string Json(string field, float[] samples, string more = "") =>
        $$"""{"{{field}}":[{{string.Join(',', samples.Select(x => x.ToString("R", CultureInfo.InvariantCulture)))}}]{{more}}}""";

    private static byte[] WaveHeader(int bytes) =>
    [
        .. "RIFF"u8, .. BitConverter.GetBytes(36 + bytes), .. "WAVEfmt "u8, .. BitConverter.GetBytes(16), 1, 0, 1, 0,
        .. BitConverter.GetBytes(48_000), .. BitConverter.GetBytes(96_000), 2, 0, 16, 0, .. "data"u8, .. BitConverter.GetBytes(bytes),
    ];

    private static async Task<IEnumerable<string>> StreamOverSocketAsync(ServerProcess server)
    {
        byte[] frame = Signals.Bytes(Pattern(960));
        using SocketClient client = await SocketClient.StartAsync(server.Address, """{"type":"start","bypass":true}""");
        for (int i = 1; i <= 100; i++)
        {
            await client.SendAsync(frame);
            await client.ReceiveAudioAsync(i * frame.Length);
        }

        IEnumerable<string> written = OpenForWriting(server.Id);

        // Audio in the place of a message, which cannot be read and is told so.
        await client.SayAsync(Json("audio", Pattern(960)));
        await client.ReceiveToEndAsync();
        return written;
    }

    /// <summary>Files that a process holds open for writing; what is no file, or no file of a disk, does not count.</summary>
    private static string[] OpenForWriting(int process)
    {
        const int AccessMode = 3;
        List<string> found = [];
        foreach (FileInfo handle in new DirectoryInfo($"/proc/{process}/fd").EnumerateFiles())
        {
            try
            {
                string target = handle.LinkTarget ?? "";
                string flags = File.ReadLines($"/proc/{process}/fdinfo/{handle.Name}").First(line => line.StartsWith("flags:", StringComparison.Ordinal));
                bool isFile = target.StartsWith('/') && !target.StartsWith("/dev/", StringComparison.Ordinal) &&
                    !target.StartsWith("/proc/", StringComparison.Ordinal) && !target.StartsWith("/memfd:", StringComparison.Ordinal);
                if (isFile && (Convert.ToInt32(flags[6..].Trim(), 8) & AccessMode) != 0)
                {
                    found.Add(target);
                }
            }
            catch (IOException)
            {
                // Closed meanwhile.
            }
        }

        return [.. found];
    }

    /// <summary>The audio as bytes of either format, as decimal text, and as base64 however it falls on the three bytes of a group.</summary>
    private static IEnumerable<byte[]> Forms()
    {
        byte[] raw = Signals.Bytes(Pattern(6));
        yield return raw[..16];
        yield return Pattern16(8);
        yield return Encoding.ASCII.GetBytes(First.ToString("R", CultureInfo.InvariantCulture));
        yield return Encoding.ASCII.GetBytes(First.ToString("F5", CultureInfo.InvariantCulture));
        yield return Encoding.ASCII.GetBytes(Second.ToString("R", CultureInfo.InvariantCulture));
        for (int shift = 0; shift < 3; shift++)
        {
            // Whole groups from inside the audio.
            yield return Encoding.ASCII.GetBytes(Convert.ToBase64String(raw.AsSpan(shift, 12)));
        }
    }

    private static void AssertHoldsNoAudio(string where, byte[] bytes)
    {
        foreach (byte[] form in Forms())
        {
            Assert.True(bytes.AsSpan().IndexOf(form) < 0, $"{where} holds audio: {Encoding.Latin1.GetString(form)}");
        }
    }
}
