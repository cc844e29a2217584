using System.Net.WebSockets;
using System.Runtime.CompilerServices;

namespace AiMixer.Server.Streams;

/// <summary>Receives whole messages into memory that grows up to a limit and is used again.</summary>
internal sealed class SocketInbox(WebSocket socket)
{
    /// <summary>Longest message, in bytes; that is 170 ms of stereo at 48 kHz in 32-bit floats.</summary>
    public const int LongestMessage = 64 * 1024;

    private const int FirstBytes = 8 * 1024;

    private byte[] _bytes = new byte[FirstBytes];
    private int _length;

    /// <summary>The last message.</summary>
    public ReadOnlySpan<byte> Message => _bytes.AsSpan(0, _length);

    /// <summary>Whether the last message was longer than the limit; what came of it is no use.</summary>
    public bool IsTooLong { get; private set; }

    /// <summary>Waits for the next message.</summary>
    /// <param name="heard">Called whenever something arrives.</param>
    /// <returns>Its kind.</returns>
    /// <exception cref="WebSocketException">The client is gone, or does not speak the protocol.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<WebSocketMessageType> ReceiveAsync(Action heard)
    {
        _length = 0;
        while (true)
        {
            ValueWebSocketReceiveResult result =
                await socket.ReceiveAsync(_bytes.AsMemory(_length), CancellationToken.None).ConfigureAwait(false);
            heard();
            _length += result.Count;
            if (result.EndOfMessage)
            {
                return result.MessageType;
            }

            if (_length == LongestMessage)
            {
                IsTooLong = true;
                return result.MessageType;
            }

            if (_length == _bytes.Length)
            {
                Array.Resize(ref _bytes, Math.Min(2 * _bytes.Length, LongestMessage));
            }
        }
    }
}
