using System.Runtime.InteropServices;
using AiMixer;

namespace SoundFiles;

/// <summary>A sound file that a mix is written to: WAV with 24 bits, or whatever else ffmpeg encodes by the name's ending.</summary>
public sealed class FfmpegSink : IAudioSink, IDisposable
{
    private readonly string _path;
    private readonly string _unfinished;
    private readonly Ffmpeg _encoder;

    /// <summary>Begins a file; it appears under its name with <see cref="Finish"/>.</summary>
    /// <exception cref="IOException">ffmpeg is not installed.</exception>
    public FfmpegSink(string path, int sampleRateHz, int channels)
    {
        _path = path;
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        _unfinished = Path.Combine(folder, $".unfinished-{Path.GetFileName(path)}");
        string[] format = path.EndsWith(".wav", StringComparison.OrdinalIgnoreCase) ? ["-c:a", "pcm_s24le"] : [];
        _encoder = new Ffmpeg(
            "ffmpeg", ["-f", "f32le", "-ar", $"{sampleRateHz}", "-ac", $"{channels}", "-i", "pipe:0", .. format, "-y", Ffmpeg.File(_unfinished)]);
    }

    /// <inheritdoc/>
    public void Write(ReadOnlySpan<float> interleaved) => _encoder.Input.Write(MemoryMarshal.AsBytes(interleaved));

    /// <summary>Completes the file.</summary>
    /// <exception cref="IOException">It could not be written.</exception>
    public void Finish()
    {
        _encoder.Finish();
        File.Move(_unfinished, _path, overwrite: true);
    }

    /// <summary>Leaves nothing behind of a file that was not finished.</summary>
    public void Dispose()
    {
        _encoder.Dispose();
        File.Delete(_unfinished);
    }
}
