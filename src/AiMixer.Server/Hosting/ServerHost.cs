using System.Text.Json;
using AiMixer.Server.Api;
using AiMixer.Server.Errors;
using AiMixer.Server.Json;
using AiMixer.Server.Mixing;
using AiMixer.Server.Observability;
using AiMixer.Server.Security;
using AiMixer.Server.Streams;
using Microsoft.AspNetCore.Connections;

namespace AiMixer.Server.Hosting;

/// <summary>Puts the server together and runs it.</summary>
public static partial class ServerHost
{
    private const int Done = 0;
    private const int Broken = 1;
    private const int Usage = 2;

    // When the streams are over, what else is being answered has this long.
    private static readonly TimeSpan LastRequests = TimeSpan.FromSeconds(3);

    // So often a WebSocket is pinged, and so long the answer may take.
    private static readonly TimeSpan SocketPing = TimeSpan.FromSeconds(15);

    /// <summary>Runs the server until it is asked to end.</summary>
    /// <param name="environment">Gives the value of an environment variable, or <see langword="null"/>.</param>
    /// <param name="errors">Takes the one line that says why the server does not start.</param>
    /// <returns>The exit code: 0 ended, 1 could not run, 2 a setting makes no sense.</returns>
    public static async Task<int> RunAsync(Func<string, string?> environment, TextWriter errors)
    {
        try
        {
            await using WebApplication app = Build(ServerOptions.From(environment));
            await app.StartAsync().ConfigureAwait(false);
            if (app.Logger.IsEnabled(LogLevel.Information))
            {
                string addresses = string.Join(", ", app.Urls);
                LogListening(app.Logger, addresses);
            }

            await app.WaitForShutdownAsync().ConfigureAwait(false);
            return Done;
        }
        catch (SettingException exception)
        {
            await errors.WriteLineAsync($"aimixer: {exception.Message}").ConfigureAwait(false);
            return Usage;
        }
        catch (Exception exception) when (exception is IOException or AddressInUseException or DllNotFoundException)
        {
            await errors.WriteLineAsync($"aimixer: {exception.Message}").ConfigureAwait(false);
            return Broken;
        }
    }

    /// <summary>The server, ready to start.</summary>
    internal static WebApplication Build(ServerOptions options)
    {
        // Nothing but the settings above decides: no files, no command line, no hidden environment variables.
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "AiMixer.Server" });
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel => Listener.Configure(kestrel, options));
        builder.Logging.SetMinimumLevel(options.LogLevel);
        builder.Logging.AddFilter("Microsoft", (LogLevel)Math.Max((int)options.LogLevel, (int)LogLevel.Warning));
        builder.Logging.Configure(logging => logging.ActivityTrackingOptions = ActivityTrackingOptions.TraceId | ActivityTrackingOptions.SpanId);
        builder.Logging.AddJsonConsole(console =>
        {
            console.IncludeScopes = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";
            console.JsonWriterOptions = new JsonWriterOptions { Indented = false };
        });
        builder.Services.AddRoutingCore();
        builder.Services.AddSecurity(options.Security);
        builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, ServerJson.Default));
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = LastRequests);
        builder.Services.AddOpenApi(document => document.AddDocumentTransformer(ReferenceApi.Describe));
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<Draining>();
        builder.Services.AddSingleton<StreamSlots>();
        builder.Services.AddSingleton<Instruments>();
        builder.Services.AddSingleton<StripPool>();
        builder.Services.AddSingleton<BufferMixer>();
        builder.Services.AddSingleton<BodyBudget>();
        builder.Services.AddSingleton<IHostLifetime, DrainingLifetime>();

        WebApplication app = builder.Build();

        // Files are read at the start, where what is wrong with them stops it, rather than for the first caller.
        _ = app.Services.GetRequiredService<KeyRing>();
        app.UseMiddleware<RequestLog>();
        app.UseMiddleware<ProblemMiddleware>();
        app.UseWebSockets(new WebSocketOptions { KeepAliveInterval = SocketPing, KeepAliveTimeout = SocketPing });
        app.UseRouting();
        app.UseSecurity();
        app.MapHealth();
        app.MapProcessAudio();
        app.MapStreamAudio();
        app.MapAnalysis();
        app.MapParameters();
        app.MapMetrics();
        app.MapReference();
        return app;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Listening on {Addresses}")]
    private static partial void LogListening(ILogger logger, string addresses);
}
