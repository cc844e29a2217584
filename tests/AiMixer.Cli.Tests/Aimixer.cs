using System.Diagnostics;
using System.Text;

namespace AiMixer.Cli.Tests;

/// <summary>What a run of a program left: exit code, bytes on standard output, text on standard error.</summary>
internal sealed record Outcome(int ExitCode, byte[] Data, string Errors)
{
    public string Text => Encoding.UTF8.GetString(Data);

    public string[] ErrorLines => Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}

/// <summary>Runs the built <c>aimixer</c> as its users do: as a process of its own.</summary>
internal static class Aimixer
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly Dictionary<string, string> NoMore = [];

    public static Outcome Run(params string[] arguments) => RunWith([], arguments);

    /// <summary>Runs with bytes on standard input.</summary>
    public static Outcome RunWith(byte[] input, params string[] arguments) =>
        Wait(Start(arguments), input);

    /// <summary>Runs with more in its environment.</summary>
    public static Outcome RunIn(IReadOnlyDictionary<string, string> environment, params string[] arguments) =>
        Wait(Launch(StartInfo(Host, [Program, .. arguments], environment)), []);

    /// <summary>Runs a shell command in which "$AIMIXER" is the program.</summary>
    public static Outcome Shell(string command) => Shell(command, NoMore);

    /// <summary>Runs a shell command in which "$AIMIXER" is the program, with more in its environment.</summary>
    public static Outcome Shell(string command, IReadOnlyDictionary<string, string> environment)
    {
        ProcessStartInfo start = StartInfo("/bin/bash", ["-c", command], environment);
        start.Environment["AIMIXER"] = $"{Host} {Program}";
        return Wait(Launch(start), []);
    }

    public static Process Start(params string[] arguments) => Launch(StartInfo(Host, [Program, .. arguments], NoMore));

    /// <summary>Starts on a terminal of its own, of 80 columns; standard input and output are what is typed and shown there.</summary>
    public static Process StartOnTerminal(IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        string command = string.Join(' ', new[] { Host, Program }.Concat(arguments).Select(word => $"'{word}'"));
        ProcessStartInfo start = StartInfo("script", ["-qefc", $"stty cols 80 rows 24; {command}", "/dev/null"], environment);
        start.Environment["TERM"] = "xterm";
        return Launch(start);
    }

    public static Outcome Wait(Process process, byte[] input)
    {
        using (process)
        {
            Task<string> errors = process.StandardError.ReadToEndAsync();
            using MemoryStream data = new();
            Task output = process.StandardOutput.BaseStream.CopyToAsync(data);
            try
            {
                process.StandardInput.BaseStream.Write(input);
                process.StandardInput.Close();
            }
            catch (IOException)
            {
                // The program may end without reading everything; its exit code tells whether that was right.
            }

            if (!process.WaitForExit(Patience))
            {
                process.Kill();
                throw new TimeoutException("aimixer did not end");
            }

            Task.WaitAll(errors, output);
            return new Outcome(process.ExitCode, data.ToArray(), errors.Result);
        }
    }

    private static string Host => Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    private static string Program => Path.Combine(AppContext.BaseDirectory, "AiMixer.Cli.dll");

    private static ProcessStartInfo StartInfo(string program, string[] arguments, IReadOnlyDictionary<string, string> environment)
    {
        ProcessStartInfo start = new(program, arguments);
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        return start;
    }

    private static Process Launch(ProcessStartInfo start)
    {
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        start.UseShellExecute = false;
        return Process.Start(start)!;
    }
}
