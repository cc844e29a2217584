using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace AiMixer.Samples.Tests;

/// <summary>ffmpeg, which the samples read sound files with, and the tests what they wrote.</summary>
internal static class Ffmpeg
{
    private static readonly Lazy<bool> Present = new(() =>
    {
        try
        {
            return Run("-version").Length > 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    });

    /// <summary>Skips the test, visibly, on machines without ffmpeg.</summary>
    public static void SkipWithout() => Assert.SkipUnless(Present.Value, "ffmpeg is not installed");

    /// <summary>Writes the first seconds of a file to another.</summary>
    public static void Cut(string from, int seconds, string to) => Run("-v", "error", "-y", "-i", from, "-t", $"{seconds}", to);

    /// <summary>Writes so many seconds of a file, over and over, to another.</summary>
    public static void Repeat(string from, int seconds, string to) => Run("-v", "error", "-y", "-stream_loop", "-1", "-i", from, "-t", $"{seconds}", to);

    /// <summary>The samples of a file, interleaved, at its own rate.</summary>
    public static float[] Decode(string file) => MemoryMarshal.Cast<byte, float>(Run("-v", "error", "-i", file, "-f", "f32le", "pipe:1")).ToArray();

    private static byte[] Run(params string[] arguments)
    {
        ProcessStartInfo start = new("ffmpeg", arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        using MemoryStream output = new();
        process.StandardOutput.BaseStream.CopyTo(output);
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, errors.Result);
        return output.ToArray();
    }
}
