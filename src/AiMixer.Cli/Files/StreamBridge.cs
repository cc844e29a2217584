using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace AiMixer.Cli.Files;

/// <summary>
/// Lets libsndfile work on a .NET stream. The stream's own exceptions are kept, because libsndfile only knows that
/// something failed, while the user wants to read "no space left on device".
/// </summary>
internal sealed unsafe class StreamBridge : IDisposable
{
    private readonly Stream _stream;
    private GCHandle _self;

    public StreamBridge(Stream stream)
    {
        _stream = stream;
        _self = GCHandle.Alloc(this);
    }

    /// <summary>The first exception of the stream, if it threw.</summary>
    public Exception? Error { get; private set; }

    /// <summary>Opens a sound file on the stream; the handle is invalid when libsndfile refuses.</summary>
    public SoundFileHandle Open(int mode, ref SoundFileInfo info)
    {
        SoundFileIo io = new()
        {
            Length = &Length,
            Seek = &Seek,
            Read = &Read,
            Write = &Write,
            Tell = &Tell,
        };
        fixed (SoundFileInfo* pointer = &info)
        {
            return SoundLibrary.sf_open_virtual(&io, mode, pointer, GCHandle.ToIntPtr(_self));
        }
    }

    /// <summary>Call only after the sound file is closed: closing may still write.</summary>
    public void Dispose()
    {
        if (_self.IsAllocated)
        {
            _self.Free();
        }
    }

    private static StreamBridge From(nint user) => (StreamBridge)GCHandle.FromIntPtr(user).Target!;

    // Nothing may be thrown through native frames: failures are kept and reported by the caller.
    private long Guarded<T>(Func<Stream, T, long> work, T argument)
    {
        try
        {
            return work(_stream, argument);
        }
        catch (Exception exception) when (Failure.IsFileSystem(exception) || exception is ObjectDisposedException)
        {
            Error ??= exception;
            return -1;
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static long Length(nint user) => From(user).Guarded(static (stream, _) => stream.Length, 0);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static long Seek(long offset, int whence, nint user) =>
        From(user).Guarded(static (stream, to) => stream.Seek(to.offset, (SeekOrigin)to.whence), (offset, whence));

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static long Tell(nint user) => From(user).Guarded(static (stream, _) => stream.Position, 0);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static long Read(void* target, long count, nint user) => Math.Max(0, From(user).Guarded(
        static (stream, to) => stream.ReadAtLeast(
            new Span<byte>((void*)to.target, (int)to.count), (int)to.count, throwOnEndOfStream: false),
        (target: (nint)target, count: Math.Min(count, int.MaxValue))));

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static long Write(void* source, long count, nint user) => Math.Max(0, From(user).Guarded(
        static (stream, from) =>
        {
            stream.Write(new ReadOnlySpan<byte>((void*)from.source, (int)from.count));
            return from.count;
        },
        (source: (nint)source, count: Math.Min(count, int.MaxValue))));
}
