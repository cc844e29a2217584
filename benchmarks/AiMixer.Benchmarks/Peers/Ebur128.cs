using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace AiMixer.Benchmarks.Peers;

/// <summary>The loudness meter libebur128.</summary>
internal sealed unsafe partial class Ebur128 : IDisposable
{
    private const string Library = "libebur128.so.1";

    // M, S, I, range, sample peak and true peak: what the library's meter always measures.
    private const int Modes = 0b1 | 0b11 | 0b101 | 0b1011 | 0b10001 | 0b110001;

    private readonly int _channels;
    private readonly nint _state;

    public Ebur128(int sampleRateHz, int channels)
    {
        _channels = channels;
        _state = ebur128_init((uint)channels, new CULong((uint)sampleRateHz), Modes);
    }

    public static bool IsInstalled => NativeLibrary.TryLoad(Library, out _);

    public void Add(ReadOnlySpan<float> interleaved)
    {
        fixed (float* samples = interleaved)
        {
            _ = ebur128_add_frames_float(_state, samples, (nuint)(interleaved.Length / _channels));
        }
    }

    public void Dispose()
    {
        nint state = _state;
        ebur128_destroy(&state);
    }

    [LibraryImport(Library)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    private static partial nint ebur128_init(uint channels, CULong sampleRateHz, int mode);

    [LibraryImport(Library)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    private static partial int ebur128_add_frames_float(nint state, float* interleaved, nuint frames);

    [LibraryImport(Library)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    private static partial void ebur128_destroy(nint* state);
}
