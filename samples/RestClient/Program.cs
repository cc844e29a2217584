using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using SoundFiles;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (args.Length != 2 || !Uri.TryCreate(args[0], UriKind.Absolute, out Uri? server))
{
    Console.Error.WriteLine("usage: RestClient http://localhost:8082 FILE");
    return 2;
}

try
{
    using FfmpegSource source = new(args[1]);

    // Over HTTP/1.1 HttpClient reads no answer before the upload is over: a long stream would wait for itself.
    using HttpClient client = new()
    {
        BaseAddress = server,
        DefaultRequestVersion = HttpVersion.Version20,
        DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
    };
    if (Environment.GetEnvironmentVariable("AI_MIXER_KEY") is { } key)
    {
        client.DefaultRequestHeaders.Add("X-API-Key", key);
    }

    JsonElement health = await client.GetFromJsonAsync<JsonElement>("/health");
    Console.WriteLine($"{server}: {health.GetProperty("status")}, version {health.GetProperty("version")}");

    float[] samples = ReadAll(source);
    int middle = samples.Length / 2 / source.Channels * source.Channels;
    float[] buffer = samples[middle..Math.Min(samples.Length, middle + (source.SampleRateHz * source.Channels))];
    await BufferAsJsonAsync(client, source, buffer);
    await BufferAsAudioAsync(client, source, buffer);
    await StreamForEventsAsync(client, source, samples);
    await StreamForAudioAsync(client, source, samples);
    return 0;
}
catch (Exception exception) when (exception is IOException or HttpRequestException)
{
    Console.Error.WriteLine($"RestClient: {exception.Message}");
    return 1;
}

// One second as numbers in JSON: easy from anywhere.
static async Task BufferAsJsonAsync(HttpClient client, FfmpegSource source, float[] buffer)
{
    var body = new { audioBuffer = buffer, config = new { genre = "rock", sampleRate = source.SampleRateHz, channels = source.Channels } };
    using HttpResponseMessage answer = await CheckedAsync(await client.PostAsJsonAsync("/process-audio", body));
    JsonElement json = await answer.Content.ReadFromJsonAsync<JsonElement>();
    JsonElement metrics = json.GetProperty("metrics");
    Console.WriteLine($"JSON: {json.GetProperty("processedBuffer").GetArrayLength()} samples, {metrics.GetProperty("lufs")} LUFS, {metrics.GetProperty("truePeak")} dBTP");
}

// The same as raw floats: a quarter of the bytes, and bit for bit what the chain gave.
static async Task BufferAsAudioAsync(HttpClient client, FfmpegSource source, float[] buffer)
{
    using HttpResponseMessage answer = await CheckedAsync(await client.PostAsync("/process-audio?genre=rock", Audio(source, buffer)));
    byte[] mixed = await answer.Content.ReadAsByteArrayAsync();
    Console.WriteLine($"raw audio: {mixed.Length / sizeof(float)} samples, {answer.Headers.GetValues("AI-Mixer-Metrics").Single()}");
}

// The whole file as a stream, answered by events while the upload goes on: one for each frame, and named ones.
static async Task StreamForEventsAsync(HttpClient client, FfmpegSource source, float[] samples)
{
    using HttpResponseMessage answer = await SendAsync(client, source, samples, "text/event-stream");
    using StreamReader reader = new(await answer.Content.ReadAsStreamAsync());
    Dictionary<string, int> counts = [];
    string name = "frame";
    while (await reader.ReadLineAsync() is { } line)
    {
        if (line.StartsWith("event: ", StringComparison.Ordinal))
        {
            name = line[7..];
        }
        else if (line.StartsWith("data: ", StringComparison.Ordinal))
        {
            counts[name] = counts.GetValueOrDefault(name) + 1;
            if (name is "started" or "genre" or "summary")
            {
                Console.WriteLine($"event {name}: {line[6..]}");
            }
        }
        else if (line.Length == 0)
        {
            name = "frame";
        }
    }

    Console.WriteLine($"events: {string.Join(", ", counts.Select(pair => $"{pair.Value} {pair.Key}"))}");
}

// The same stream, answered by the mix itself.
static async Task StreamForAudioAsync(HttpClient client, FfmpegSource source, float[] samples)
{
    using HttpResponseMessage answer = await SendAsync(client, source, samples, "application/octet-stream");
    byte[] mixed = await answer.Content.ReadAsByteArrayAsync();
    Console.WriteLine($"mixed stream: {mixed.Length / sizeof(float)} samples of {samples.Length}");
}

static async Task<HttpResponseMessage> SendAsync(HttpClient client, FfmpegSource source, float[] samples, string accept)
{
    using HttpRequestMessage request = new(HttpMethod.Post, "/stream-audio?genre=auto")
    {
        Content = Audio(source, samples),
        Version = client.DefaultRequestVersion,
        VersionPolicy = client.DefaultVersionPolicy,
    };
    request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(accept));
    return await CheckedAsync(await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead));
}

static Upload Audio(FfmpegSource source, float[] samples) => new(samples, source.SampleRateHz, source.Channels);

// What the service refuses it explains: application/problem+json says what was wrong, and what is allowed.
static async Task<HttpResponseMessage> CheckedAsync(HttpResponseMessage answer)
{
    if (!answer.IsSuccessStatusCode)
    {
        throw new HttpRequestException($"{(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
    }

    return answer;
}

static float[] ReadAll(FfmpegSource source)
{
    List<float> all = [];
    float[] block = new float[source.SampleRateHz * source.Channels];
    for (int frames; (frames = source.Read(block)) > 0;)
    {
        all.AddRange(block.AsSpan(0, frames * source.Channels));
    }

    return [.. all];
}
