using System.ComponentModel;
using System.Diagnostics;

namespace SoundFiles;

/// <summary>A run of ffmpeg or ffprobe.</summary>
internal sealed class Ffmpeg : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _errors;

    public Ffmpeg(string program, params string[] arguments)
    {
        ProcessStartInfo start = new(program, ["-v", "error", .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            _process = Process.Start(start)!;
        }
        catch (Win32Exception)
        {
            throw new IOException($"{program} is not installed (Debian: apt-get install ffmpeg)");
        }

        _errors = _process.StandardError.ReadToEndAsync();
    }

    public Stream Output => _process.StandardOutput.BaseStream;

    public Stream Input => _process.StandardInput.BaseStream;

    public string Text => _process.StandardOutput.ReadToEnd();

    /// <summary>Whatever a file is called, it is a file.</summary>
    public static string File(string path) => $"file:{path}";

    /// <summary>Waits for the end, and throws with ffmpeg's own words when it was not a good one.</summary>
    public void Finish()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        if (_process.ExitCode != 0)
        {
            throw new IOException(_errors.Result.Trim().Split('\n')[^1]);
        }
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
