using System.Globalization;
using System.Runtime.InteropServices;
using AiMixer;

namespace SoundFiles;

/// <summary>A sound file as a source: whatever ffmpeg decodes, mixed down to stereo when it has more channels.</summary>
public sealed class FfmpegSource : IAudioSource
{
    private readonly string _path;
    private Ffmpeg _decoder;

    /// <summary>Opens a file.</summary>
    /// <exception cref="IOException">It cannot be read, has no sound, or ffmpeg is not installed.</exception>
    public FfmpegSource(string path)
    {
        _path = path;
        using Ffmpeg probe = new(
            "ffprobe", "-select_streams", "a:0", "-show_entries", "stream=sample_rate,channels:format=duration", "-of", "flat", Ffmpeg.File(path));
        Dictionary<string, string> said = probe.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split('='))
            .ToDictionary(pair => pair[0].Split('.')[^1], pair => pair[1].Trim('"'));
        probe.Finish();
        if (!said.TryGetValue("sample_rate", out string? rate))
        {
            throw new IOException($"{path}: there is no sound in it");
        }

        SampleRateHz = int.Parse(rate, CultureInfo.InvariantCulture);
        Channels = Math.Min(2, int.Parse(said["channels"], CultureInfo.InvariantCulture));
        if (double.TryParse(said.GetValueOrDefault("duration"), CultureInfo.InvariantCulture, out double seconds))
        {
            TotalFrames = (long)(seconds * SampleRateHz);
        }

        _decoder = Decode();
    }

    /// <inheritdoc/>
    public int SampleRateHz { get; }

    /// <inheritdoc/>
    public int Channels { get; }

    /// <inheritdoc/>
    public long? TotalFrames { get; }

    /// <inheritdoc/>
    public int Read(Span<float> interleaved)
    {
        Span<byte> bytes = MemoryMarshal.AsBytes(interleaved[..(interleaved.Length / Channels * Channels)]);
        int read = _decoder.Output.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        if (read < bytes.Length)
        {
            _decoder.Finish();
        }

        return read / sizeof(float) / Channels;
    }

    /// <inheritdoc/>
    public void Rewind()
    {
        _decoder.Dispose();
        _decoder = Decode();
    }

    /// <inheritdoc/>
    public void Dispose() => _decoder.Dispose();

    private Ffmpeg Decode() => new(
        "ffmpeg", "-i", Ffmpeg.File(_path), "-map", "a:0", "-f", "f32le", "-ar", $"{SampleRateHz}", "-ac", $"{Channels}", "pipe:1");
}
