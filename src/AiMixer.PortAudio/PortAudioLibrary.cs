using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace AiMixer.PortAudio;

/// <summary>PortAudio's description of a device (PaDeviceInfo).</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct DeviceInfo
{
    public int StructVersion;
    public byte* Name;
    public int HostApi;
    public int MaxInputChannels;
    public int MaxOutputChannels;
    public double DefaultLowInputLatencySeconds;
    public double DefaultLowOutputLatencySeconds;
    public double DefaultHighInputLatencySeconds;
    public double DefaultHighOutputLatencySeconds;
    public double DefaultSampleRateHz;
}

/// <summary>The beginning of PortAudio's description of a sound system (PaHostApiInfo).</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct HostApiInfo
{
    public int StructVersion;
    public int Type;
    public byte* Name;
}

/// <summary>What a stream is to be like (PaStreamParameters).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct StreamParameters
{
    public int Device;
    public int Channels;
    public CULong SampleFormat;
    public double SuggestedLatencySeconds;
    public nint HostApiSpecific;
}

/// <summary>What a stream has become (PaStreamInfo).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct StreamInfo
{
    public int StructVersion;
    public double InputLatencySeconds;
    public double OutputLatencySeconds;
    public double SampleRateHz;
}

/// <summary>The entry points of PortAudio 19 that are used, and the search for the library.</summary>
internal static unsafe partial class PortAudioLibrary
{
    public const int NoError = 0;
    public const int OutputUnderflowed = -9980;
    public const int NoDevice = -1;

    private const string Name = "portaudio";

    static PortAudioLibrary() => NativeLibrary.SetDllImportResolver(typeof(PortAudioLibrary).Assembly, Resolve);

    /// <summary>paFloat32: samples of 32 bits, full scale +/-1.</summary>
    public static CULong Float32 => new(1);

    [LibraryImport(Name)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial int Pa_Initialize();

    [LibraryImport(Name)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial int Pa_Terminate();

    [LibraryImport(Name)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial int Pa_GetDeviceCount();

    [LibraryImport(Name)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial int Pa_GetDefaultOutputDevice();

    [LibraryImport(Name)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial DeviceInfo* Pa_GetDeviceInfo(int device);

    [LibraryImport(Name)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial HostApiInfo* Pa_GetHostApiInfo(int hostApi);

    [LibraryImport(Name)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial int Pa_OpenStream(
        nint* stream, StreamParameters* input, StreamParameters* output, double sampleRateHz, CULong framesPerBuffer, CULong flags, nint callback, nint user);

    [LibraryImport(Name)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial StreamInfo* Pa_GetStreamInfo(nint stream);

    [LibraryImport(Name)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial int Pa_StartStream(nint stream);

    [LibraryImport(Name)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial int Pa_StopStream(nint stream);

    [LibraryImport(Name)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial int Pa_CloseStream(nint stream);

    [LibraryImport(Name)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial int Pa_WriteStream(nint stream, float* samples, CULong frames);

    [LibraryImport(Name)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    private static partial byte* Pa_GetErrorText(int code);

    /// <summary>What a code means, in PortAudio's words.</summary>
    public static string ErrorText(int code) => Text(Pa_GetErrorText(code));

    public static string Text(byte* text) => Marshal.PtrToStringUTF8((nint)text) ?? "";

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path)
    {
        if (name != Name)
        {
            return 0;
        }

        string[] candidates = Candidates();
        foreach (string candidate in candidates)
        {
            if (NativeLibrary.TryLoad(candidate, assembly, path, out nint library))
            {
                return library;
            }
        }

        throw new DllNotFoundException(
            $"PortAudio is not installed; tried {string.Join(", ", candidates)} (Debian: apt-get install libportaudio2; " +
            "macOS: brew install portaudio; Windows: put portaudio.dll beside the program)");
    }

    private static string[] Candidates()
    {
        if (OperatingSystem.IsWindows())
        {
            return ["portaudio.dll", "libportaudio.dll", "portaudio_x64.dll"];
        }

        return OperatingSystem.IsMacOS()
            ? ["libportaudio.2.dylib", "/opt/homebrew/lib/libportaudio.2.dylib", "/usr/local/lib/libportaudio.2.dylib"]
            : ["libportaudio.so.2", "libportaudio.so"];
    }
}
