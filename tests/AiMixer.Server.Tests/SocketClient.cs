using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace AiMixer.Server.Tests;

/// <summary>A WebSocket client of /stream-audio that keeps what it hears.</summary>
internal sealed class SocketClient : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ClientWebSocket _socket = new();

    /// <summary>Audio received, put together.</summary>
    public List<byte> Audio { get; } = [];

    /// <summary>Lengths of the binary messages received.</summary>
    public List<int> Lengths { get; } = [];

    /// <summary>Events received.</summary>
    public List<JsonElement> Events { get; } = [];

    public WebSocketCloseStatus? CloseStatus => _socket.CloseStatus;

    public static Task<SocketClient> ConnectAsync(RunningServer server) => ConnectAsync(server.Address);

    public static async Task<SocketClient> ConnectAsync(Uri server)
    {
        var client = new SocketClient();
        Uri address = new UriBuilder(server) { Scheme = "ws", Path = "/stream-audio" }.Uri;
        await client._socket.ConnectAsync(address, CancellationToken.None);
        return client;
    }

    /// <summary>Connects and starts; waits until the server has.</summary>
    public static Task<SocketClient> StartAsync(RunningServer server, string start = """{"type":"start"}""") =>
        StartAsync(server.Address, start);

    public static async Task<SocketClient> StartAsync(Uri server, string start)
    {
        SocketClient client = await ConnectAsync(server);
        await client.SayAsync(start);
        await client.ReceiveUntilAsync("started");
        return client;
    }

    public Task SayAsync(string text) =>
        _socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, CancellationToken.None);

    public Task SendAsync(byte[] audio) =>
        _socket.SendAsync(audio, WebSocketMessageType.Binary, true, CancellationToken.None);

    public Task CloseAsync() => _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);

    /// <summary>Receives until an event of a type has come.</summary>
    public async Task<JsonElement> ReceiveUntilAsync(string type)
    {
        while (Events.FindLast(e => e.GetProperty("type").GetString() == type) is not { ValueKind: JsonValueKind.Object })
        {
            Assert.True(await ReceiveAsync(), $"closed with {CloseStatus} before {type} came");
        }

        return Events.FindLast(e => e.GetProperty("type").GetString() == type);
    }

    /// <summary>Receives as long as something is missing.</summary>
    public async Task ReceiveWhileAsync(Func<bool> isMissing)
    {
        while (isMissing())
        {
            Assert.True(await ReceiveAsync(), $"closed with {CloseStatus}");
        }
    }

    /// <summary>Receives until so much audio has come.</summary>
    public async Task ReceiveAudioAsync(int bytes)
    {
        while (Audio.Count < bytes)
        {
            Assert.True(await ReceiveAsync(), $"closed with {CloseStatus} after {Audio.Count} of {bytes} bytes");
        }
    }

    /// <summary>Receives until so much audio has come, or until the server closes.</summary>
    /// <returns>Why it closed, if it did.</returns>
    public async Task<WebSocketCloseStatus?> ReceiveAudioOrCloseAsync(int bytes)
    {
        while (Audio.Count < bytes)
        {
            if (!await ReceiveAsync())
            {
                return CloseStatus;
            }
        }

        return null;
    }

    /// <summary>Receives until the server closes, and closes too.</summary>
    public async Task<WebSocketCloseStatus?> ReceiveToEndAsync()
    {
        while (await ReceiveAsync())
        {
        }

        if (_socket.State == WebSocketState.CloseReceived)
        {
            await CloseAsync();
        }

        return CloseStatus;
    }

    public void Dispose() => _socket.Dispose();

    private async Task<bool> ReceiveAsync()
    {
        byte[] buffer = new byte[128 * 1024];
        int length = 0;
        using var limit = new CancellationTokenSource(Patience);
        WebSocketReceiveResult result;
        do
        {
            result = await _socket.ReceiveAsync(new ArraySegment<byte>(buffer, length, buffer.Length - length), limit.Token);
            length += result.Count;
        }
        while (!result.EndOfMessage);

        switch (result.MessageType)
        {
            case WebSocketMessageType.Binary:
                Audio.AddRange(buffer.AsSpan(0, length));
                Lengths.Add(length);
                return true;
            case WebSocketMessageType.Text:
                Events.Add(JsonDocument.Parse(buffer.AsMemory(0, length)).RootElement.Clone());
                return true;
            default:
                return false;
        }
    }
}
