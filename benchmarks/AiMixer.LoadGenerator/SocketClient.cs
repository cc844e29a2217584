using System.Net.WebSockets;
using System.Text;

namespace AiMixer.LoadGenerator;

/// <summary>A stream over a WebSocket.</summary>
/// <param name="programme">What is sent.</param>
/// <param name="isEcho">Whether what is sent comes back as it is, from the bare echo.</param>
internal sealed class SocketClient(Programme programme, bool isEcho) : StreamClient(programme)
{
    private readonly ClientWebSocket _socket = new();
    private readonly byte[] _buffer = new byte[16 * 1024];
    private Task _receiving = Task.CompletedTask;

    public override async Task StartAsync(Uri server, string? key)
    {
        if (key is not null)
        {
            _socket.Options.SetRequestHeader("X-API-Key", key);
        }

        var address = new UriBuilder(server) { Scheme = "ws", Path = "/stream-audio" };
        await _socket.ConnectAsync(address.Uri, CancellationToken.None);
        byte[] start = Encoding.UTF8.GetBytes(
            $$"""{"type":"start","format":"f32le","sampleRate":{{Programme.SampleRateHz}},"channels":1,"genre":"{{Programme.Genre}}"}""");
        await _socket.SendAsync(start.AsMemory(), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
        (WebSocketMessageType kind, int length) = await ReceiveAsync();
        string said = Encoding.UTF8.GetString(_buffer.AsSpan(0, length));
        if (kind != WebSocketMessageType.Text || !said.Contains(isEcho ? "\"start\"" : "\"started\"", StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"The stream did not start: {said}");
        }

        _receiving = Task.Run(ReceiveAllAsync);
    }

    public override async Task EndAsync()
    {
        await _receiving;
        if (Failure is not null)
        {
            return;
        }

        if (isEcho)
        {
            await _socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
            return;
        }

        await _socket.SendAsync("{\"type\":\"end\"}"u8.ToArray().AsMemory(), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
        while ((await ReceiveAsync()).Kind != WebSocketMessageType.Close)
        {
        }

        await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
    }

    public override ValueTask DisposeAsync()
    {
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }

    protected override ValueTask WriteAsync(ReadOnlyMemory<byte> frame) =>
        _socket.SendAsync(frame, WebSocketMessageType.Binary, endOfMessage: true, CancellationToken.None);

    private async Task ReceiveAllAsync()
    {
        try
        {
            while (Answered < Programme.Frames && Failure is null)
            {
                (WebSocketMessageType kind, int length) = await ReceiveAsync();
                switch (kind)
                {
                    case WebSocketMessageType.Binary:
                        ReadOnlySpan<byte> frame = _buffer.AsSpan(0, length);
                        NoteBits(isEcho ? frame.SequenceEqual(Programme.Input(Answered).Span) : Programme.IsLive(Answered, frame));
                        NoteAnswer();
                        break;
                    case WebSocketMessageType.Close:
                        Failure ??= $"closed: {_socket.CloseStatus} {_socket.CloseStatusDescription}";
                        break;
                }
            }
        }
        catch (WebSocketException exception)
        {
            Failure ??= exception.Message;
        }
    }

    private async ValueTask<(WebSocketMessageType Kind, int Length)> ReceiveAsync()
    {
        int length = 0;
        while (true)
        {
            ValueWebSocketReceiveResult result = await _socket.ReceiveAsync(_buffer.AsMemory(length), CancellationToken.None);
            length += result.Count;
            if (result.EndOfMessage)
            {
                return (result.MessageType, length);
            }
        }
    }
}
