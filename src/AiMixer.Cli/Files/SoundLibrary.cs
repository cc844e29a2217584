using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace AiMixer.Cli.Files;

/// <summary>libsndfile's description of an open sound file (SF_INFO).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct SoundFileInfo
{
    public long Frames;
    public int SampleRateHz;
    public int Channels;
    public int Format;
    public int Sections;
    public int Seekable;
}

/// <summary>The functions libsndfile reads and writes through (SF_VIRTUAL_IO).</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct SoundFileIo
{
    public delegate* unmanaged[Cdecl]<nint, long> Length;
    public delegate* unmanaged[Cdecl]<long, int, nint, long> Seek;
    public delegate* unmanaged[Cdecl]<void*, long, nint, long> Read;
    public delegate* unmanaged[Cdecl]<void*, long, nint, long> Write;
    public delegate* unmanaged[Cdecl]<nint, long> Tell;
}

/// <summary>An open SNDFILE.</summary>
internal sealed class SoundFileHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    public SoundFileHandle()
        : base(ownsHandle: true)
    {
    }

    /// <summary>Closes and returns libsndfile's error number, 0 for success.</summary>
    public int CloseChecked()
    {
        if (IsClosed || IsInvalid)
        {
            return 0;
        }

        nint open = handle;
        SetHandleAsInvalid();
        return SoundLibrary.sf_close(open);
    }

    protected override bool ReleaseHandle() => SoundLibrary.sf_close(handle) == 0;
}

/// <summary>The entry points of libsndfile 1.x that this program uses, and the search for the library.</summary>
internal static unsafe partial class SoundLibrary
{
    public const int ModeRead = 0x10;
    public const int ModeWrite = 0x20;

    public const int TypeMask = 0x0FFF0000;
    public const int SubtypeMask = 0x0000FFFF;
    public const int TypeWav = 0x010000;
    public const int TypeAiff = 0x020000;
    public const int TypeRaw = 0x040000;
    public const int TypeWavExtensible = 0x130000;
    public const int TypeFlac = 0x170000;
    public const int TypeOgg = 0x200000;
    public const int TypeRf64 = 0x220000;
    public const int TypeMpeg = 0x230000;
    public const int SubtypePcm16 = 0x0002;
    public const int SubtypePcm24 = 0x0003;
    public const int SubtypeFloat = 0x0006;
    public const int SubtypeVorbis = 0x0060;

    public const int CommandSetAddPeakChunk = 0x1050;
    public const int CommandSetVbrQuality = 0x1300;

    private const string Name = "sndfile";

    static SoundLibrary() => NativeLibrary.SetDllImportResolver(typeof(SoundLibrary).Assembly, Resolve);

    [LibraryImport(Name)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial SoundFileHandle sf_open_virtual(SoundFileIo* io, int mode, SoundFileInfo* info, nint user);

    [LibraryImport(Name)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial int sf_close(nint file);

    [LibraryImport(Name)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial int sf_error(SoundFileHandle file);

    [LibraryImport(Name, EntryPoint = "sf_strerror")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    private static partial byte* ErrorText(SoundFileHandle file);

    [LibraryImport(Name, EntryPoint = "sf_strerror")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    private static partial byte* ErrorTextOfOpen(nint noFile);

    [LibraryImport(Name)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial int sf_command(SoundFileHandle file, int command, void* data, int size);

    [LibraryImport(Name)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial int sf_format_check(SoundFileInfo* info);

    [LibraryImport(Name)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial long sf_readf_float(SoundFileHandle file, float* samples, long frames);

    [LibraryImport(Name)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial long sf_seek(SoundFileHandle file, long frames, int whence);

    [LibraryImport(Name)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial long sf_writef_float(SoundFileHandle file, float* samples, long frames);

    [LibraryImport(Name)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial long sf_writef_int(SoundFileHandle file, int* samples, long frames);

    [LibraryImport(Name)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial byte* sf_get_string(SoundFileHandle file, int kind);

    [LibraryImport(Name, StringMarshalling = StringMarshalling.Utf8)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial int sf_set_string(SoundFileHandle file, int kind, string text);

    /// <summary>What went wrong with an open file, in libsndfile's words without the full stop.</summary>
    public static string ErrorOf(SoundFileHandle file) => Text(ErrorText(file));

    /// <summary>Why the last open failed.</summary>
    public static string ErrorOfOpen() => Text(ErrorTextOfOpen(0));

    private static string Text(byte* text) => (Marshal.PtrToStringUTF8((nint)text) ?? "unknown error").Trim().TrimEnd('.');

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

        throw new Failure(
            ExitCode.Broken,
            $"libsndfile is not installed; tried {string.Join(", ", candidates)} (Debian: apt-get install libsndfile1; " +
            "macOS: brew install libsndfile; Windows: put sndfile.dll beside the program)");
    }

    private static string[] Candidates()
    {
        if (OperatingSystem.IsWindows())
        {
            return ["sndfile.dll", "libsndfile-1.dll"];
        }

        return OperatingSystem.IsMacOS()
            ? ["libsndfile.1.dylib", "/opt/homebrew/lib/libsndfile.1.dylib", "/usr/local/lib/libsndfile.1.dylib"]
            : ["libsndfile.so.1", "libsndfile.so"];
    }
}
