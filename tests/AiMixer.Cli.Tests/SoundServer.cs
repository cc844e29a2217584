using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace AiMixer.Cli.Tests;

/// <summary>
/// A sound server of one test: PulseAudio with a sink that plays into nothing, in real time, and keeps every sample for
/// whoever records it.
/// </summary>
internal sealed class SoundServer : IDisposable
{
    private const string Sink = "heard";

    private readonly ScratchFolder _folder;
    private readonly Process _server;

    private SoundServer(ScratchFolder folder, Process server)
    {
        _folder = folder;
        _server = server;
    }

    /// <summary>What a program needs in its environment to play here.</summary>
    public IReadOnlyDictionary<string, string> Environment => EnvironmentIn(_folder);

    /// <summary>Starts one for 32-bit floats; skips the test, visibly, where that is not possible.</summary>
    public static SoundServer Start(int sampleRateHz, int channels)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "a sound server to listen to is there on Linux only");
        Assert.SkipUnless(NativeLibrary.TryLoad("libportaudio.so.2", out _), "libportaudio2 is not installed");
        ScratchFolder folder = new();
        ProcessStartInfo start = new("pulseaudio")
        {
            ArgumentList =
            {
                "-n", "--daemonize=no", "--use-pid-file=no", "--exit-idle-time=-1", "--realtime=no", "--high-priority=no",
                "-L", $"module-native-protocol-unix auth-anonymous=1 socket={Socket(folder)}",
                "-L", $"module-null-sink sink_name={Sink} format=float32le rate={sampleRateHz} channels={channels}",
            },
        };
        Process? server = TryStart(start, folder);
        if (server is null)
        {
            folder.Dispose();
            Assert.Skip("pulseaudio is not installed");
        }

        server.BeginErrorReadLine();
        SoundServer sound = new(folder, server);
        if (!sound.WaitUntilReady())
        {
            sound.Dispose();
            Assert.Skip("pulseaudio does not run here");
        }

        return sound;
    }

    /// <summary>Begins to record what is played.</summary>
    public SoundRecording Record(int sampleRateHz, int channels)
    {
        ProcessStartInfo start = new("parec")
        {
            ArgumentList = { "--raw", "-d", $"{Sink}.monitor", "--format=float32le", $"--rate={sampleRateHz}", $"--channels={channels}", "--latency-msec=20" },
        };
        Process recorder = TryStart(start, _folder) ?? throw new InvalidOperationException("parec is not installed");
        return new SoundRecording(recorder);
    }

    public void Dispose()
    {
        _server.Kill();
        _server.WaitForExit();
        _server.Dispose();
        _folder.Dispose();
    }

    private static string Socket(ScratchFolder folder) => folder["native"];

    private static Dictionary<string, string> EnvironmentIn(ScratchFolder folder) => new()
    {
        ["PULSE_SERVER"] = $"unix:{Socket(folder)}",
        ["HOME"] = folder.Path,
        ["XDG_RUNTIME_DIR"] = folder.Path,
        ["XDG_CONFIG_HOME"] = folder.Path,
    };

    private static Process? TryStart(ProcessStartInfo start, ScratchFolder folder)
    {
        foreach ((string name, string value) in EnvironmentIn(folder))
        {
            start.Environment[name] = value;
        }

        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }

    private bool WaitUntilReady()
    {
        while (!_server.HasExited)
        {
            using Process? asked = TryStart(new ProcessStartInfo("pactl") { ArgumentList = { "list", "short", "sinks" } }, _folder);
            if (asked is null)
            {
                return false;
            }

            string sinks = asked.StandardOutput.ReadToEnd();
            asked.WaitForExit();
            if (asked.ExitCode == 0 && sinks.Contains(Sink, StringComparison.Ordinal))
            {
                return true;
            }

            Thread.Sleep(50);
        }

        return false;
    }
}
