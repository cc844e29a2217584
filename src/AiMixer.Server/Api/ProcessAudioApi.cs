using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using AiMixer.Server.Audio;
using AiMixer.Server.Errors;
using AiMixer.Server.Hosting;
using AiMixer.Server.Json;
using AiMixer.Server.Mixing;
using AiMixer.Server.Observability;
using AiMixer.Server.Security;
using Microsoft.Net.Http.Headers;

namespace AiMixer.Server.Api;

/// <summary>Mixes one buffer, as JSON or as raw audio.</summary>
internal static class ProcessAudioApi
{
    private const string Path = "/process-audio";

    /// <summary>Carries the metrics where the body is audio.</summary>
    public const string MetricsHeader = "AI-Mixer-Metrics";

    // Text goes to the client in pieces of about this many samples.
    private const int SamplesPerFlush = 8192;

    public static void MapProcessAudio(this IEndpointRouteBuilder app)
    {
        RouteGroupBuilder group = app.MapGroup(Path).WithTags("Processing").RequireAuthorization(Scopes.Process);
        group.MapPost("", ProcessAsync).WithName("ProcessAudio")
            .WithSummary("Mixes a buffer of up to 10 s.")
            .WithDescription("The answer is as long as the buffer and aligned with it. Each buffer is a programme of its own; what follows on from what came before belongs to /stream-audio. Raw audio goes in and out as application/octet-stream, with the settings in the query string and the metrics in the header AI-Mixer-Metrics.")
            .Accepts<ProcessAudioRequest>(MediaTypes.Json, MediaTypes.Binary)
            .Produces<ProcessAudioResponse>(StatusCodes.Status200OK, MediaTypes.Json, MediaTypes.Binary)
            .WithProblems(400, 406, 408, 413, 415, 422, 503);
    }

    private static async Task ProcessAsync(HttpContext context, ServerOptions options, BufferMixer mixer, Instruments instruments)
    {
        MediaTypeHeaderValue type = MediaTypes.RequireContentType(context.Request, MediaTypes.Json, MediaTypes.Binary);
        bool isJson = type.MediaType.Equals(MediaTypes.Json, StringComparison.OrdinalIgnoreCase);
        string answer = isJson
            ? MediaTypes.RequireAccept(context.Request, MediaTypes.Json, MediaTypes.Binary)
            : MediaTypes.RequireAccept(context.Request, MediaTypes.Binary, MediaTypes.Json);

        MixedBuffer mixed;
        AudioFormat format;
        using (RequestBody body = await RequestBody.ReadAsync(context).ConfigureAwait(false))
        {
            mixed = isJson
                ? FromJson(body.Bytes, options, mixer, out format)
                : FromBinary(body.Bytes, AudioFormat.From(type, options), context.Request.Query, options, mixer, out format);
        }

        using (mixed)
        {
            instruments.NoteProcessing(Path, mixed.StartTimestamp, mixed.Metrics.Peak);
            if (mixed.IsRecognised)
            {
                instruments.CountGenre(mixed.Metrics.Genre);
            }

            await (answer == MediaTypes.Json ? WriteJsonAsync(context, mixed) : WriteBinaryAsync(context, mixed, format)).ConfigureAwait(false);
        }
    }

    private static MixedBuffer FromJson(ReadOnlySpan<byte> json, ServerOptions options, BufferMixer mixer, out AudioFormat format)
    {
        var reader = new JsonObjectReader(json);
        float[]? samples = null;
        int count = 0;
        MixConfig? config = null;
        try
        {
            while (reader.NextMember(out string? name))
            {
                switch (name)
                {
                    case "audioBuffer" when samples is null:
                        samples = reader.ReadFloats(name, BufferMixer.LongestBuffer, out count);
                        break;
                    case "config" when config is null:
                        config = reader.Read(name, ServerJson.Default.MixConfig) ?? new MixConfig();
                        break;
                    default:
                        throw JsonObjectReader.Unexpected(name, "audioBuffer", "config");
                }
            }

            if (samples is null)
            {
                throw Problems.Missing("audioBuffer");
            }

            StripSettings settings = StripSettings.From(config ?? new MixConfig(), options, "config.");
            BufferMixer.CheckLength("audioBuffer", count, settings.SampleRateHz, settings.Channels);
            format = new AudioFormat(SampleFormat.F32Le, settings.SampleRateHz, settings.Channels);
            return mixer.Mix(samples.AsSpan(0, count), settings);
        }
        finally
        {
            if (samples is not null)
            {
                ArrayPool<float>.Shared.Return(samples);
            }
        }
    }

    private static MixedBuffer FromBinary(
        ReadOnlySpan<byte> bytes, AudioFormat declared, IQueryCollection query, ServerOptions options, BufferMixer mixer, out AudioFormat format)
    {
        format = declared;
        MixConfig config = MixQuery.Read(query) with { SampleRate = format.SampleRateHz, Channels = format.Channels };
        StripSettings settings = StripSettings.From(config, options, "");
        if (bytes.Length % format.FrameBytes != 0)
        {
            throw Problems.Invalid("the body", $"{bytes.Length} bytes long", $"a multiple of {format.FrameBytes} bytes");
        }

        int count = bytes.Length / Pcm.SampleBytes(format.Samples);
        BufferMixer.CheckLength("the body", count, settings.SampleRateHz, settings.Channels);
        float[] samples = ArrayPool<float>.Shared.Rent(count);
        try
        {
            Pcm.Decode(bytes, format.Samples, samples.AsSpan(0, count));
            return mixer.Mix(samples.AsSpan(0, count), settings);
        }
        finally
        {
            ArrayPool<float>.Shared.Return(samples);
        }
    }

    private static async Task WriteJsonAsync(HttpContext context, MixedBuffer mixed)
    {
        context.Response.ContentType = MediaTypes.Json;
        PipeWriter output = context.Response.BodyWriter;
        output.Write("{\"processedBuffer\":["u8);
        for (int done = 0; done < mixed.Length; done += SamplesPerFlush)
        {
            int count = Math.Min(SamplesPerFlush, mixed.Length - done);
            JsonText.WriteElements(output, mixed.Samples.Slice(done, count), isFirst: done == 0);
            if (done + count < mixed.Length)
            {
                await output.FlushAsync(context.RequestAborted).ConfigureAwait(false);
            }
        }

        output.Write("],\"metrics\":"u8);
        using (var json = new Utf8JsonWriter(output))
        {
            JsonSerializer.Serialize(json, mixed.Metrics, ServerJson.Default.MixMetrics);
        }

        output.Write("}"u8);
        await output.FlushAsync(context.RequestAborted).ConfigureAwait(false);
    }

    private static async Task WriteBinaryAsync(HttpContext context, MixedBuffer mixed, AudioFormat format)
    {
        int length = mixed.Length * Pcm.SampleBytes(format.Samples);
        context.Response.ContentType = format.MediaType;
        context.Response.ContentLength = length;
        context.Response.Headers[MetricsHeader] = JsonSerializer.Serialize(mixed.Metrics, ServerJson.Default.MixMetrics);
        byte[] bytes = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            Pcm.Encode(mixed.Samples, format.Samples, bytes);
            await context.Response.BodyWriter.WriteAsync(bytes.AsMemory(0, length), context.RequestAborted).ConfigureAwait(false);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }
}
