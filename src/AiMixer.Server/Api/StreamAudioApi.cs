using System.IO.Pipelines;
using System.Net.WebSockets;
using AiMixer.Server.Audio;
using AiMixer.Server.Errors;
using AiMixer.Server.Hosting;
using AiMixer.Server.Mixing;
using AiMixer.Server.Observability;
using AiMixer.Server.Security;
using AiMixer.Server.Streams;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Net.Http.Headers;

namespace AiMixer.Server.Api;

/// <summary>Mixes audio while it arrives: an upload that is answered meanwhile, or a WebSocket.</summary>
internal static class StreamAudioApi
{
    private const string AudioQuery = "audio";

    // Over HTTP/2 a WebSocket begins with CONNECT.
    private static readonly string[] SocketMethods = [HttpMethods.Get, HttpMethods.Connect];

    public static void MapStreamAudio(this IEndpointRouteBuilder app)
    {
        RouteGroupBuilder group = app.MapGroup(MixStream.Endpoint).WithTags("Streaming").RequireAuthorization(Scopes.Process);
        group.MapPost("", UploadAsync).WithName("StreamAudio")
            .WithSummary("Mixes audio while it is uploaded.")
            .WithDescription("Answers with Server-Sent Events, one per frame, or with the processed audio (Accept: application/octet-stream), while the upload goes on.")
            .Accepts<byte[]>(MediaTypes.Binary, MediaTypes.Wave)
            .Produces<string>(StatusCodes.Status200OK, MediaTypes.EventStream, MediaTypes.Binary)
            .WithProblems(400, 406, 408, 415, 422, 503);
        group.MapMethods("", SocketMethods, SocketAsync).WithName("StreamAudioSocket")
            .WithSummary("Mixes audio over a WebSocket.")
            .Produces(StatusCodes.Status101SwitchingProtocols)
            .WithProblems(426, 503);
    }

    private static async Task UploadAsync(
        HttpContext context, ServerOptions options, StreamSlots slots, Instruments instruments, TimeProvider clock)
    {
        MediaTypeHeaderValue type = MediaTypes.RequireContentType(context.Request, MediaTypes.Binary, MediaTypes.Wave);
        string answer = MediaTypes.RequireAccept(context.Request, MediaTypes.EventStream, MediaTypes.Binary);
        bool withAudio = WithAudio(context.Request.Query);
        MixConfig config = MixQuery.Read(context.Request.Query, AudioQuery);
        using StreamSlot slot = slots.Enter();
        Unlimit(context);

        PipeReader body = context.Request.BodyReader;
        slot.Attach(body.CancelPendingRead, context.Abort);
        WaveHeader header = type.MediaType.Equals(MediaTypes.Wave, StringComparison.OrdinalIgnoreCase)
            ? await ReadHeaderAsync(body, slot).ConfigureAwait(false)
            : new WaveHeader(AudioFormat.From(type, options), DataBytes: null);
        AudioFormat format = header.Format;
        config = config with { SampleRate = format.SampleRateHz, Channels = format.Channels };
        using var stream = new MixStream(
            StripSettings.From(config, options, "").ForStream("target"), format, options.FrameSize, instruments);

        context.Response.Headers["X-Accel-Buffering"] = "no";
        if (answer == MediaTypes.Binary)
        {
            context.Response.ContentType = format.MediaType;
            var binary = new BinaryStreamOutput(context.Response, stream);
            await RunAsync(binary).ConfigureAwait(false);
        }
        else
        {
            context.Response.ContentType = MediaTypes.EventStream;
            using var events = new EventStreamOutput(context.Response.BodyWriter, stream, clock, withAudio);
            await RunAsync(events).ConfigureAwait(false);
        }

        Task RunAsync(IStreamOutput output) =>
            new UploadStream(stream, output, slot, body, context.Response.BodyWriter, options.Drain, header.DataBytes).RunAsync();
    }

    private static async Task SocketAsync(
        HttpContext context, ServerOptions options, StreamSlots slots, Instruments instruments)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            context.Response.Headers.Upgrade = "websocket";
            throw Problems.UpgradeRequired();
        }

        using StreamSlot slot = slots.Enter();
        using WebSocket socket = await context.WebSockets.AcceptWebSocketAsync(WebSocketProtocol.Accepted(context.Request)).ConfigureAwait(false);
        using var session = new SocketStream(socket, slot, options, instruments);
        await session.RunAsync().ConfigureAwait(false);
    }

    private static bool WithAudio(IQueryCollection query) => query[AudioQuery] switch
    {
        [] => false,
        ["base64"] => true,
        var other => throw Problems.Invalid(AudioQuery, other.ToString(), "base64"),
    };

    /// <summary>Live audio is as long and as slow as it is; that it does not stand still is watched by its slot.</summary>
    private static void Unlimit(HttpContext context)
    {
        context.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = null;
        if (context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = null;
        }
    }

    private static async Task<WaveHeader> ReadHeaderAsync(PipeReader body, StreamSlot slot)
    {
        while (true)
        {
            ReadResult read = await body.ReadAsync().ConfigureAwait(false);
            WaveHeader? header = null;
            SequencePosition samples = read.Buffer.Start;
            try
            {
                header = WaveHeader.Read(read.Buffer, out samples);
            }
            finally
            {
                // Also after a refusal: the connection goes on with its next request.
                body.AdvanceTo(samples, header is null ? read.Buffer.End : samples);
            }

            slot.Touch();
            if (header is not null)
            {
                return header;
            }

            if (read.IsCompleted)
            {
                throw Problems.Malformed("The WAV file ends inside its header.");
            }

            if (slot.Ending != StreamEnding.None)
            {
                throw Problems.TooSlow("No audio came.");
            }
        }
    }
}
