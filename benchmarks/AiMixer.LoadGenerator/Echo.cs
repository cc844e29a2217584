using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Hosting;

namespace AiMixer.LoadGenerator;

/// <summary>The least that Kestrel can do with a body: read it whole and send it back.</summary>
internal static class Echo
{
    public static async Task RunAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "Echo" });
        builder.WebHost.UseKestrelCore();
        int port = int.Parse(Environment.GetEnvironmentVariable("PORT")!, CultureInfo.InvariantCulture);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenLocalhost(port));
        await using WebApplication app = builder.Build();
        app.Run(async context =>
        {
            byte[] body = new byte[context.Request.ContentLength ?? 0];
            await context.Request.Body.ReadExactlyAsync(body);
            context.Response.ContentType = context.Request.ContentType;
            context.Response.ContentLength = body.Length;
            await context.Response.Body.WriteAsync(body);
        });
        await app.RunAsync();
    }
}
