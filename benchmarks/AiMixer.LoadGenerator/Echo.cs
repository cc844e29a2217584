using System.Globalization;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;

namespace AiMixer.LoadGenerator;

/// <summary>The least that Kestrel can do with a body, or with the messages of a WebSocket: read each whole and send it back.</summary>
internal static class Echo
{
    private const int LongestMessage = 64 * 1024;

    public static async Task RunAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "Echo" });
        builder.WebHost.UseKestrelCore();
        int port = int.Parse(Environment.GetEnvironmentVariable("PORT")!, CultureInfo.InvariantCulture);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenLocalhost(port));
        await using WebApplication app = builder.Build();
        app.UseWebSockets();
        app.Run(context => context.WebSockets.IsWebSocketRequest ? AnswerMessagesAsync(context) : AnswerBodyAsync(context));
        await app.RunAsync();
    }

    private static async Task AnswerBodyAsync(HttpContext context)
    {
        byte[] body = new byte[context.Request.ContentLength ?? 0];
        await context.Request.Body.ReadExactlyAsync(body);
        context.Response.ContentType = context.Request.ContentType;
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body);
    }

    private static async Task AnswerMessagesAsync(HttpContext context)
    {
        using WebSocket socket = await context.WebSockets.AcceptWebSocketAsync();
        byte[] message = new byte[LongestMessage];
        int length = 0;
        while (true)
        {
            ValueWebSocketReceiveResult result = await socket.ReceiveAsync(message.AsMemory(length), CancellationToken.None);
            if (result.MessageType == WebSocketMessageType.Close)
            {
                await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
                return;
            }

            length += result.Count;
            if (result.EndOfMessage)
            {
                await socket.SendAsync(message.AsMemory(0, length), result.MessageType, endOfMessage: true, CancellationToken.None);
                length = 0;
            }
        }
    }
}
