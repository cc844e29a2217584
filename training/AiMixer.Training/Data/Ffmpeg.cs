using System.Diagnostics;
using System.Runtime.InteropServices;

namespace AiMixer.Training.Data;

/// <summary>Decoding by the ffmpeg program, for what libsndfile does not take.</summary>
internal static class Ffmpeg
{
    /// <summary>Decodes a file to mono at 48 kHz.</summary>
    /// <exception cref="DataException">ffmpeg is missing, or cannot read the file either.</exception>
    public static float[] Decode(string path)
    {
        ProcessStartInfo start = new(
            "ffmpeg",
            ["-v", "error", "-nostdin", "-i", path, "-f", "f32le", "-ac", "1", "-ar", $"{SoundFile.SampleRateHz}", "pipe:1"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Start(start, path);
        Task<string> complaint = process.StandardError.ReadToEndAsync();
        using MemoryStream output = new();
        process.StandardOutput.BaseStream.CopyTo(output);
        process.WaitForExit();
        return process.ExitCode == 0 && output.Length >= sizeof(float)
            ? MemoryMarshal.Cast<byte, float>(output.ToArray()).ToArray()
            : throw new DataException($"{path}: neither libsndfile nor ffmpeg can read it: {complaint.Result.Trim()}");
    }

    private static Process Start(ProcessStartInfo start, string path)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            throw new DataException($"{path}: libsndfile cannot read it, and ffmpeg, which might, is not installed");
        }
    }
}
