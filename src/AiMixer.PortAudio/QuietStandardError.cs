using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace AiMixer.PortAudio;

/// <summary>
/// Keeps ALSA and JACK from writing to standard error while they look for devices: a dozen lines about cards that are not
/// there, also where all is well. What matters comes as a status. Does nothing where there is no such file descriptor.
/// </summary>
internal sealed partial class QuietStandardError : IDisposable
{
    private const int StandardError = 2;
    private const int WriteOnly = 1;

    private readonly int _kept = -1;

    public QuietStandardError()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        int nowhere = open("/dev/null"u8, WriteOnly);
        if (nowhere < 0)
        {
            return;
        }

        _kept = dup(StandardError);
        if (_kept >= 0)
        {
            _ = dup2(nowhere, StandardError);
        }

        _ = close(nowhere);
    }

    public void Dispose()
    {
        if (_kept >= 0)
        {
            _ = dup2(_kept, StandardError);
            _ = close(_kept);
        }
    }

    [LibraryImport("libc")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    private static partial int open(ReadOnlySpan<byte> path, int flags);

    [LibraryImport("libc")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    private static partial int dup(int descriptor);

    [LibraryImport("libc")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    private static partial int dup2(int from, int to);

    [LibraryImport("libc")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    private static partial int close(int descriptor);
}
