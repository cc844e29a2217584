using System.Collections.Concurrent;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace AiMixer.Cli.Files;

/// <summary>
/// An output that appears whole or not at all. It is written beside its place under a temporary name and renamed when
/// complete; standard output and devices get the finished bytes in one go.
/// </summary>
internal sealed class PendingOutput : IDisposable
{
    private static readonly ConcurrentDictionary<string, bool> Unfinished = new();

    private const nint StandardOutputDescriptor = 1;

    private readonly string _target;
    private readonly string? _temporary;
    private readonly FileStream _stream;
    private bool _committed;

    private PendingOutput(string name, string target, string? temporary, FileStream stream)
    {
        Name = name;
        _target = target;
        _temporary = temporary;
        _stream = stream;
    }

    /// <summary>Name for messages.</summary>
    public string Name { get; }

    /// <summary>Seekable; write the content here.</summary>
    public Stream Stream => _stream;

    /// <summary>Claims a place to write to. Fails at once where nothing can be written, not after the work is done.</summary>
    public static PendingOutput Create(string target)
    {
        try
        {
            if (target == Device.Standard || Device.Is(target))
            {
                return new PendingOutput(NameOf(target), target, null, SpoolFile.Create());
            }

            if (Directory.Exists(target))
            {
                throw Failure.CannotWrite(target, "is a folder (a file name is needed)");
            }

            // A rename would replace a link by a file; whoever made the link wants the file behind it replaced.
            string place = RealPath.Of(target);
            string folder = Path.GetDirectoryName(place)!;
            string unique = Path.GetFileNameWithoutExtension(Path.GetRandomFileName());
            string temporary = Path.Combine(folder, $".aimixer-{unique}.part");
            FileStream stream = new(temporary, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read, 1 << 16);
            Unfinished[temporary] = true;
            return new PendingOutput(target, place, temporary, stream);
        }
        catch (Exception exception) when (exception is not Failure && Failure.IsFileSystem(exception))
        {
            throw Failure.CannotWrite(NameOf(target), exception);
        }
    }

    /// <summary>Writes text as UTF-8.</summary>
    public void WriteText(string text)
    {
        try
        {
            _stream.Write(Encoding.UTF8.GetBytes(text));
        }
        catch (Exception exception) when (Failure.IsFileSystem(exception))
        {
            throw Failure.CannotWrite(Name, exception);
        }
    }

    /// <summary>Puts the finished output in its place.</summary>
    public void Commit()
    {
        try
        {
            if (_temporary is null)
            {
                _stream.Position = 0;
                using Stream device = OpenDevice();
                _stream.CopyTo(device);
                device.Flush();
            }
            else
            {
                _stream.Dispose();
                File.Move(_temporary, _target, overwrite: true);
            }

            _committed = true;
        }
        catch (Exception exception) when (Failure.IsFileSystem(exception))
        {
            throw Failure.CannotWrite(Name, exception);
        }
    }

    public void Dispose()
    {
        try
        {
            _stream.Dispose();
        }
        catch (Exception exception) when (!_committed && Failure.IsFileSystem(exception))
        {
            // The failure to write was reported when it happened; flushing the rest fails again.
        }

        if (_temporary is not null)
        {
            Unfinished.TryRemove(_temporary, out _);
            if (!_committed)
            {
                File.Delete(_temporary);
            }
        }
    }

    /// <summary>For a run that is ended from outside while it cannot clean up by itself.</summary>
    public static void RemoveUnfinished()
    {
        foreach (string temporary in Unfinished.Keys)
        {
            File.Delete(temporary);
        }
    }

    // The console's own stream keeps silent when the reader of a pipe has gone; a plain file stream says so.
    private Stream OpenDevice() => (_target == Device.Standard, OperatingSystem.IsWindows()) switch
    {
        (false, _) => new FileStream(_target, FileMode.Open, FileAccess.Write, FileShare.ReadWrite),
        (true, true) => Console.OpenStandardOutput(),
        (true, false) => new FileStream(new SafeFileHandle(StandardOutputDescriptor, ownsHandle: false), FileAccess.Write),
    };

    private static string NameOf(string target) => target == Device.Standard ? "standard output" : target;
}
