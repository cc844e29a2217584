using System.Buffers;
using System.Net.WebSockets;
using System.Runtime.CompilerServices;
using System.Text.Json;
using AiMixer.Server.Audio;
using AiMixer.Server.Errors;
using AiMixer.Server.Hosting;
using AiMixer.Server.Json;
using AiMixer.Server.Mixing;
using AiMixer.Server.Observability;

namespace AiMixer.Server.Streams;

/// <summary>
/// Mixes over a WebSocket: audio comes and goes in binary messages, everything else in JSON text messages. Every binary
/// message is answered by one as long; the output is late by the chain's latency. docs/API_DOCUMENTATION.md has the protocol.
/// </summary>
internal sealed class SocketStream : IDisposable
{
    // How long a client may take to say "start", and to close when the server has closed.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly WebSocket _socket;
    private readonly StreamSlot _slot;
    private readonly ServerOptions _options;
    private readonly Instruments _instruments;
    private readonly SocketInbox _inbox;
    private readonly ArrayBufferWriter<byte> _text = new(1024);
    private readonly Utf8JsonWriter _json;

    // Whoever processes or sends has the turn: the client's messages, and the server that wants the stream to end.
    private readonly SemaphoreSlim _turn = new(1);
    // Cuts off who does not start, or does not answer the close. Disposed with the stream, so that it keeps nothing of it in memory.
    private readonly Timer _hurry;
    private MixStream? _stream;
    private byte[] _audio = [];
    private bool _isOver;

    public SocketStream(WebSocket socket, StreamSlot slot, ServerOptions options, Instruments instruments)
    {
        _socket = socket;
        _slot = slot;
        _options = options;
        _instruments = instruments;
        _inbox = new SocketInbox(socket);
        _json = new Utf8JsonWriter(_text);
        _hurry = new Timer(_ => AbortUnlessRunning(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Runs until the stream is over and the socket closed.</summary>
    public async Task RunAsync()
    {
        _slot.Attach(() => _ = CloseFromOutsideAsync(), _socket.Abort);
        Action heard = _slot.Touch;
        _hurry.Change(Patience, Timeout.InfiniteTimeSpan);
        try
        {
            while (true)
            {
                WebSocketMessageType kind = await _inbox.ReceiveAsync(heard).ConfigureAwait(false);
                await _turn.WaitAsync().ConfigureAwait(false);
                try
                {
                    if (kind == WebSocketMessageType.Close)
                    {
                        await AnswerCloseAsync().ConfigureAwait(false);
                        return;
                    }

                    // What comes after the end, crossing it on the wire, is dropped.
                    if (!_isOver)
                    {
                        await AnswerAsync(kind).ConfigureAwait(false);
                    }
                }
                finally
                {
                    _turn.Release();
                }
            }
        }
        catch (WebSocketException)
        {
            // Gone, or not speaking the protocol: the socket has said so where it can.
        }
        finally
        {
            _isOver = true;
        }
    }

    public void Dispose()
    {
        _hurry.Dispose();
        _stream?.Dispose();
        _json.Dispose();
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask AnswerAsync(WebSocketMessageType kind)
    {
        try
        {
            if (_inbox.IsTooLong)
            {
                await CloseAsync(WebSocketCloseStatus.MessageTooBig, $"at most {SocketInbox.LongestMessage} bytes").ConfigureAwait(false);
            }
            else if (kind == WebSocketMessageType.Text)
            {
                await HearAsync(Parse()).ConfigureAwait(false);
            }
            else if (_stream is not { } stream)
            {
                await CloseAsync(WebSocketCloseStatus.PolicyViolation, "start is missing").ConfigureAwait(false);
            }
            else if (_inbox.Message.Length % stream.Format.FrameBytes != 0)
            {
                await CloseAsync(WebSocketCloseStatus.InvalidPayloadData, $"no multiple of {stream.Format.FrameBytes} bytes").ConfigureAwait(false);
            }
            else
            {
                await MixAsync(stream).ConfigureAwait(false);
            }
        }
        catch (ProblemException exception)
        {
            await TellAsync(exception.Problem).ConfigureAwait(false);
            if (exception.Problem.Status == StatusCodes.Status400BadRequest || _stream is null)
            {
                await CloseAsync(WebSocketCloseStatus.InvalidPayloadData, "see the error in front of this").ConfigureAwait(false);
            }
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask MixAsync(MixStream stream)
    {
        int length = Mix(stream);
        await _socket.SendAsync(
            _audio.AsMemory(0, length), WebSocketMessageType.Binary, endOfMessage: true, CancellationToken.None).ConfigureAwait(false);
        _slot.Touch();
        if (stream.TakeMeters())
        {
            StreamEvents.WriteMeters(_json, stream);
            await SendTextAsync().ConfigureAwait(false);
        }

        foreach (GenreEvent decision in stream.TakeDecisions())
        {
            StreamEvents.WriteDecision(_json, stream, decision);
            await SendTextAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Processes the message frame by frame.</summary>
    private int Mix(MixStream stream)
    {
        ReadOnlySpan<byte> message = _inbox.Message;
        if (_audio.Length < message.Length)
        {
            _audio = new byte[message.Length];
        }

        int slice = stream.FrameSize * stream.Format.FrameBytes;
        for (int done = 0; done < message.Length; done += slice)
        {
            ReadOnlySpan<byte> frame = message.Slice(done, Math.Min(slice, message.Length - done));
            Pcm.Encode(stream.Process(frame), stream.Format.Samples, _audio.AsSpan(done));
        }

        return message.Length;
    }

    private SocketMessage Parse()
    {
        try
        {
            return JsonSerializer.Deserialize(_inbox.Message, ServerJson.Default.SocketMessage)
                ?? throw Problems.Malformed("The message must be a JSON object.");
        }
        catch (JsonException exception)
        {
            string where = exception.Path is { Length: > 2 } path ? path[2..] : "The message";
            throw Problems.Malformed($"{where} is malformed, of the wrong type or not known.");
        }
    }

    private async ValueTask HearAsync(SocketMessage message)
    {
        switch (message.Type)
        {
            case "start" when _stream is null:
                await StartAsync(message).ConfigureAwait(false);
                break;
            case "start":
                throw Problems.Malformed("start is given twice.");
            case "set" or "end" when _stream is null:
                throw Problems.Malformed("start is missing.");
            case "set":
                Change(_stream!.Strip, message);
                break;
            case "end":
                await EndAsync(_stream!).ConfigureAwait(false);
                await CloseAsync(WebSocketCloseStatus.NormalClosure, "end").ConfigureAwait(false);
                break;
            default:
                throw Problems.Malformed("type must be start, set or end.");
        }
    }

    private async ValueTask StartAsync(SocketMessage message)
    {
        StripSettings settings = StripSettings.From(message.ToConfig(), _options, "");
        var format = new AudioFormat(
            AudioFormat.FormatFrom("format", message.Format ?? "f32le"), settings.SampleRateHz, settings.Channels);
        _stream = new MixStream(settings.ForStream("target"), format, _options.FrameSize, _instruments);
        StreamEvents.WriteStarted(_json, _stream);
        await SendTextAsync().ConfigureAwait(false);
    }

    /// <summary>Checks everything before anything changes.</summary>
    private void Change(ChannelStrip strip, SocketMessage message)
    {
        if (message.Format is not null || message.SampleRate is not null || message.Channels is not null)
        {
            throw Problems.Malformed("format, sampleRate and channels belong to start.");
        }

        StripSettings settings = StripSettings.From(message.ToConfig(), _options, "").ForStream("target");
        Parameter[] released = [.. (message.Parameters ?? new Dictionary<string, float?>())
            .Where(pair => pair.Value is null)
            .Select(pair => StripSettings.ParameterFrom($"parameters.{pair.Key}", pair.Key))];
        foreach (Parameter parameter in settings.Parameters.Select(pair => pair.Key).Concat(released))
        {
            if (parameter.IsSetup)
            {
                throw Problems.Invalid($"parameters.{parameter.Key}", "given while the stream runs", "in start only, because the latency depends on it");
            }
        }

        if (message.Genre is not null)
        {
            strip.SetGenre(settings.Genre);
        }

        if (message.Bypass is bool bypass)
        {
            strip.Bypass = bypass;
        }

        if (message.Intensity is not null)
        {
            strip.Intensity = settings.IntensityPercent;
        }

        foreach ((Parameter parameter, float value) in settings.Parameters)
        {
            strip.Set(parameter.Id, value);
        }

        foreach (Parameter parameter in released)
        {
            strip.Release(parameter.Id);
        }
    }

    /// <summary>Sends what the chain holds back, and the summary.</summary>
    private async ValueTask EndAsync(MixStream stream)
    {
        int slice = stream.FrameSize;
        for (int left = stream.LatencyFrames; left > 0; left -= slice)
        {
            int length = Flush(stream, Math.Min(left, slice));
            await _socket.SendAsync(
                _audio.AsMemory(0, length), WebSocketMessageType.Binary, endOfMessage: true, CancellationToken.None).ConfigureAwait(false);
        }

        StreamEvents.WriteSummary(_json, stream, ignoredBytes: 0);
        await SendTextAsync().ConfigureAwait(false);
    }

    private int Flush(MixStream stream, int frames)
    {
        int length = frames * stream.Format.FrameBytes;
        if (_audio.Length < length)
        {
            _audio = new byte[length];
        }

        Pcm.Encode(stream.Flush(frames), stream.Format.Samples, _audio);
        return length;
    }

    /// <summary>The server wants the stream to end: it is told, may go on for a while, and is ended in good order.</summary>
    private async Task CloseFromOutsideAsync()
    {
        await _turn.WaitAsync().ConfigureAwait(false);
        try
        {
            StreamEnding ending = _slot.Ending;
            if (_isOver)
            {
                return;
            }

            StreamEvents.WriteClosing(_json, ending, ending == StreamEnding.Draining ? _options.Drain.TotalSeconds : 0);
            await SendTextAsync().ConfigureAwait(false);
            if (ending == StreamEnding.Draining && _stream is not null)
            {
                return;
            }

            if (_stream is { } stream)
            {
                await EndAsync(stream).ConfigureAwait(false);
            }

            await CloseAsync(WebSocketCloseStatus.EndpointUnavailable, ending == StreamEnding.Idle ? "idle" : "draining").ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is WebSocketException or ObjectDisposedException or InvalidOperationException)
        {
            // The client was faster.
        }
        finally
        {
            _turn.Release();
        }
    }

    private ValueTask TellAsync(Problem problem)
    {
        _json.WriteStartObject();
        _json.WriteString("type"u8, "error"u8);
        _json.WritePropertyName("problem"u8);
        JsonSerializer.Serialize(_json, problem, ServerJson.Default.Problem);
        _json.WriteEndObject();
        return SendTextAsync();
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask SendTextAsync()
    {
        _json.Flush();
        await _socket.SendAsync(
            _text.WrittenMemory, WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None).ConfigureAwait(false);
        _text.ResetWrittenCount();
        _json.Reset(_text);
        _slot.Touch();
    }

    /// <summary>Says that this was all. The client has a moment to answer; then it is cut off.</summary>
    private async ValueTask CloseAsync(WebSocketCloseStatus status, string reason)
    {
        _isOver = true;
        await _socket.CloseOutputAsync(status, reason, CancellationToken.None).ConfigureAwait(false);
        _hurry.Change(Patience, Timeout.InfiniteTimeSpan);
    }

    private async ValueTask AnswerCloseAsync()
    {
        if (!_isOver)
        {
            _isOver = true;
            await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None).ConfigureAwait(false);
        }
    }

    private void AbortUnlessRunning()
    {
        if (_stream is null || _isOver)
        {
            _socket.Abort();
        }
    }
}
