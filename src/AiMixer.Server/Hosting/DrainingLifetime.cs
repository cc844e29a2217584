using System.Runtime.InteropServices;
using AiMixer.Server.Streams;

namespace AiMixer.Server.Hosting;

/// <summary>
/// Ends the server in good order on SIGTERM, SIGINT and SIGQUIT: readiness goes off at once, running streams are told and
/// may finish, then the host stops.
/// </summary>
internal sealed partial class DrainingLifetime(
    IHostApplicationLifetime application, Draining draining, StreamSlots streams, ServerOptions options, ILogger<DrainingLifetime> logger)
    : IHostLifetime, IDisposable
{
    private PosixSignalRegistration[] _signals = [];

    public Task WaitForStartAsync(CancellationToken cancellationToken)
    {
        _signals =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal),
            PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal),
            PosixSignalRegistration.Create(PosixSignal.SIGQUIT, OnSignal),
        ];
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        draining.Begin();
        return Task.CompletedTask;
    }

    /// <summary>Tells everyone, waits for the streams as long as the settings allow, and stops the host.</summary>
    public async Task EndAsync()
    {
        LogDraining(streams.Active);
        draining.Begin();
        await streams.WaitUntilIdleAsync(options.Drain).ConfigureAwait(false);
        application.StopApplication();
    }

    public void Dispose() => Array.ForEach(_signals, signal => signal.Dispose());

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        if (!draining.IsOn)
        {
            _ = EndAsync();
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Asked to end; {Streams} streams are running")]
    private partial void LogDraining(int streams);
}
