using System.ComponentModel;
using System.Diagnostics;

namespace AiMixer.Cli.Files;

/// <summary>
/// Sound in a format that libsndfile does not read, or does not read well (1.2.0 calls many intact files of Opus malformed),
/// decoded by the ffmpeg program where that is installed. The first bytes tell the format: ffmpeg's own guesses find sound in
/// anything.
/// </summary>
/// <param name="Format">What ffmpeg calls the container.</param>
/// <param name="Name">What people call what is in it.</param>
internal sealed record ForeignSound(string Format, string Name)
{
    /// <summary>Everything that is decoded so, for messages.</summary>
    public const string Names = "Opus, AAC, M4A, MP4, WebM, Matroska and WMA";

    private const int SignatureBytes = 36;
    private const int OggPacketOffset = 28;
    private const int MovieTypeOffset = 4;

    // A frame of AAC begins with twelve set bits, as one of MP3 does, but names no layer.
    private const int AacMask = 0xFFF6;
    private const int AacSync = 0xFFF0;

    /// <summary>What a stream holds; null where libsndfile is to be asked.</summary>
    public static ForeignSound? In(Stream stream)
    {
        byte[] start = new byte[SignatureBytes];
        stream.Position = 0;
        int count = stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        stream.Position = 0;
        return count < start.Length ? null : Of(start);
    }

    /// <summary>Decodes to WAV with the samples that the codec gives, in a spool file.</summary>
    /// <param name="path">Where the sound is.</param>
    /// <param name="name">Name for messages.</param>
    /// <param name="cancellation">Stops ffmpeg too.</param>
    public FileStream Decode(string path, string name, CancellationToken cancellation)
    {
        using Process ffmpeg = Start(path, name);
        using CancellationTokenRegistration stopping = cancellation.Register(() => ffmpeg.Kill());
        Task<string> complaints = ffmpeg.StandardError.ReadToEndAsync(CancellationToken.None);
        FileStream decoded = SpoolFile.Holding(ffmpeg.StandardOutput.BaseStream, cancellation);
        try
        {
            ffmpeg.WaitForExit();
            cancellation.ThrowIfCancellationRequested();
            string complaint = complaints.Result.Trim();
            // It goes on after what it complains of; half a recording must not pass for a whole one.
            return ffmpeg.ExitCode == 0 && complaint.Length == 0 && decoded.Length > 0
                ? decoded
                : throw Failure.Unreadable(name, $"{Name} that ffmpeg cannot decode: {FirstLine(complaint)} (an intact file is needed)");
        }
        catch
        {
            decoded.Dispose();
            throw;
        }
    }

    private static ForeignSound? Of(ReadOnlySpan<byte> start)
    {
        if (start.StartsWith("OggS"u8) && !start[OggPacketOffset..].StartsWith("\u0001vorbis"u8))
        {
            return new("ogg", start[OggPacketOffset..].StartsWith("OpusHead"u8) ? "Opus" : "Ogg without Vorbis");
        }

        if (start[MovieTypeOffset..].StartsWith("ftyp"u8))
        {
            return new("mov", "M4A or MP4");
        }

        if (start.StartsWith((ReadOnlySpan<byte>)[0x1A, 0x45, 0xDF, 0xA3]))
        {
            return new("matroska", "WebM or Matroska");
        }

        if (start.StartsWith((ReadOnlySpan<byte>)[0x30, 0x26, 0xB2, 0x75, 0x8E, 0x66, 0xCF, 0x11]))
        {
            return new("asf", "WMA");
        }

        return (((start[0] << 8) | start[1]) & AacMask) == AacSync ? new("aac", "AAC") : null;
    }

    private Process Start(string path, string name)
    {
        ProcessStartInfo start = new(
            "ffmpeg",
            [
                // Nothing that a file names is followed anywhere else.
                "-v", "error", "-nostdin", "-protocol_whitelist", "file,pipe", "-f", Format, "-i", $"file:{path}",
                // The first sound, its samples one after the other whatever its time stamps say.
                "-map", "0:a:0", "-af", "asetpts=N/SR/TB", "-c:a", "pcm_f32le", "-f", "wav", "pipe:1",
            ])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception)
        {
            throw Failure.Unreadable(
                name, $"{Name}, which ffmpeg decodes, but it is not installed (Debian: apt-get install ffmpeg; macOS: brew install ffmpeg)");
        }
    }

    private static string FirstLine(string complaint) => complaint.Length == 0 ? "it holds no sound" : complaint.Split('\n')[0].Trim();
}
