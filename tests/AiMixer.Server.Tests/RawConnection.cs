using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace AiMixer.Server.Tests;

/// <summary>A client that writes HTTP/1.1 by hand, as well or as badly as a test wants.</summary>
internal sealed class RawConnection : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly List<byte> _received = [];

    public static async Task<RawConnection> OpenAsync(Uri address)
    {
        var connection = new RawConnection();
        await connection._socket.ConnectAsync(IPAddress.Loopback, address.Port);
        return connection;
    }

    /// <summary>Everything received so far, as one byte per character.</summary>
    public string Text => Encoding.Latin1.GetString([.. _received]);

    public Task SendAsync(string text) => SendAsync(Encoding.Latin1.GetBytes(text));

    public async Task SendAsync(byte[] bytes)
    {
        int sent = 0;
        while (sent < bytes.Length)
        {
            sent += await _socket.SendAsync(bytes.AsMemory(sent));
        }
    }

    public async Task SendChunkAsync(byte[] bytes)
    {
        await SendAsync(bytes.Length.ToString("x", CultureInfo.InvariantCulture) + "\r\n");
        await SendAsync([.. bytes, .. "\r\n"u8]);
    }

    /// <summary>Says that nothing more comes; receiving goes on.</summary>
    public void CloseSending() => _socket.Shutdown(SocketShutdown.Send);

    /// <summary>Receives until a text is there, so many times.</summary>
    public async Task<string> ReceiveUntilAsync(string text, int times = 1)
    {
        while (Text.Split(text).Length <= times)
        {
            Assert.True(await ReceiveAsync(), $"closed before '{text}' came; received: {Text}");
        }

        return Text;
    }

    /// <summary>Receives until the server closes.</summary>
    public async Task<string> ReceiveToEndAsync()
    {
        while (await ReceiveAsync())
        {
        }

        return Text;
    }

    public void Dispose() => _socket.Dispose();

    private async Task<bool> ReceiveAsync()
    {
        byte[] buffer = new byte[64 * 1024];
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            int count = await _socket.ReceiveAsync(buffer, limit.Token);
            _received.AddRange(buffer.AsSpan(0, count));
            return count > 0;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
