using System.Diagnostics;

namespace AiMixer.Cli.Tests;

/// <summary>ffmpeg, where it is installed: encodes what the tests cannot and decodes what the program wrote.</summary>
internal static class Ffmpeg
{
    private static readonly Lazy<bool> Present = new(() => Run("-version") == 0);

    /// <summary>Skips the test, visibly, on machines without ffmpeg.</summary>
    public static void SkipWithout() => Assert.SkipUnless(Present.Value, "ffmpeg is not installed");

    public static void Convert(string from, string to, params string[] options) =>
        Assert.Equal(0, Run(["-v", "error", "-y", "-i", from, .. options, to]));

    private static int Run(params string[] arguments)
    {
        ProcessStartInfo start = new("ffmpeg") { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        Array.ForEach(arguments, start.ArgumentList.Add);
        try
        {
            using Process process = Process.Start(start)!;
            process.StandardInput.Close();
            Task<string> errors = process.StandardError.ReadToEndAsync();
            process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            _ = errors.Result;
            return process.ExitCode;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return -1;
        }
    }
}
