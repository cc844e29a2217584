using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using AiMixer.Server.Errors;
using AiMixer.Server.Hosting;
using AiMixer.Server.Json;
using AiMixer.Server.Mixing;

namespace AiMixer.Server.Api;

/// <summary>Mixes one buffer.</summary>
internal static class ProcessAudioApi
{
    public static void MapProcessAudio(this IEndpointRouteBuilder app)
    {
        RouteGroupBuilder group = app.MapGroup("/process-audio").WithTags("Processing");
        group.MapPost("", ProcessAsync).WithName("ProcessAudio");
    }

    private static async Task ProcessAsync(HttpContext context, ServerOptions options, BufferMixer mixer)
    {
        MediaTypes.RequireAccept(context.Request, MediaTypes.Json);
        MediaTypes.RequireContentType(context.Request, MediaTypes.Json);
        MixedBuffer mixed;
        using (RequestBody body = await RequestBody.ReadAsync(context).ConfigureAwait(false))
        {
            mixed = Mix(body.Bytes, options, mixer);
        }

        using (mixed)
        {
            context.Response.ContentType = MediaTypes.Json;
            PipeWriter output = context.Response.BodyWriter;
            output.Write("{\"processedBuffer\":"u8);
            JsonText.WriteFloats(output, mixed.Samples);
            output.Write(",\"metrics\":"u8);
            using (var json = new Utf8JsonWriter(output))
            {
                JsonSerializer.Serialize(json, mixed.Metrics, ServerJson.Default.MixMetrics);
            }

            output.Write("}"u8);
            await output.FlushAsync(context.RequestAborted).ConfigureAwait(false);
        }
    }

    private static MixedBuffer Mix(ReadOnlySpan<byte> json, ServerOptions options, BufferMixer mixer)
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
                        samples = reader.ReadFloats(name, LongestBuffer, out count);
                        break;
                    case "config" when config is null:
                        config = reader.Read(name, ServerJson.Default.MixConfig) ?? new MixConfig();
                        break;
                    default:
                        throw name is "audioBuffer" or "config"
                            ? Problems.Malformed($"{name} is given twice.")
                            : Problems.Invalid(name, "unknown", "audioBuffer, config");
                }
            }

            if (samples is null)
            {
                throw Problems.Malformed("audioBuffer is missing.");
            }

            StripSettings settings = StripSettings.From(config, options);
            CheckLength(count, settings);
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

    // Of any sample rate and channels; the real limit follows once they are known.
    private const int LongestBuffer = BufferMixer.LongestSeconds * 192_000 * 2;

    private static void CheckLength(int samples, StripSettings settings)
    {
        int longest = BufferMixer.LongestSeconds * settings.SampleRateHz * settings.Channels;
        if (samples > longest)
        {
            throw Problems.TooLarge(
                $"audioBuffer holds {samples} samples; at most {longest} are allowed, which is {BufferMixer.LongestSeconds} s.");
        }

        if (samples == 0)
        {
            throw Problems.Invalid("audioBuffer", "empty", "at least one sample per channel");
        }

        if (samples % settings.Channels != 0)
        {
            throw Problems.Invalid("audioBuffer", $"{samples} samples long", $"a multiple of the {settings.Channels} channels");
        }
    }
}
