using System.Runtime.InteropServices;
using AiMixer.Cli.Files;

namespace AiMixer.Cli.Terminal;

/// <summary>
/// Ends the work in good order on Ctrl-C, on a request to terminate and on a closed terminal. Where the work hangs in a
/// read that cannot be interrupted, what is unfinished is removed here and the process ends.
/// </summary>
internal sealed class Interruption : IDisposable
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _signals;

    public Interruption() => _signals =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGINT, End),
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, End),
        PosixSignalRegistration.Create(PosixSignal.SIGHUP, End),
    ];

    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        Array.ForEach(_signals, signal => signal.Dispose());
        _source.Dispose();
    }

    private void End(PosixSignalContext context)
    {
        context.Cancel = true;
        _source.Cancel();
        Task.Delay(Grace).ContinueWith(
            _ =>
            {
                PendingOutput.RemoveUnfinished();
                Environment.Exit((int)ExitCode.Interrupted);
            },
            TaskScheduler.Default);
    }
}
