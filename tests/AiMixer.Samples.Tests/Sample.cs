using System.Diagnostics;

namespace AiMixer.Samples.Tests;

/// <summary>What a run of a sample left.</summary>
internal sealed record Outcome(int ExitCode, string Text, string Errors);

/// <summary>Runs a built sample as its users do: as a process of its own.</summary>
internal static class Sample
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    public static Outcome Run(string name, params string[] arguments) => RunIn(AppContext.BaseDirectory, new Dictionary<string, string>(), name, arguments);

    /// <summary>Runs in a folder, with more in the environment.</summary>
    public static Outcome RunIn(string folder, IReadOnlyDictionary<string, string> environment, string name, params string[] arguments)
    {
        string host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        ProcessStartInfo start = new(host, [Path.Combine(AppContext.BaseDirectory, name + ".dll"), .. arguments])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string variable, string value) in environment)
        {
            start.Environment[variable] = value;
        }

        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        Task<string> text = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(Patience))
        {
            process.Kill();
            throw new TimeoutException($"{name} did not end");
        }

        return new Outcome(process.ExitCode, text.Result, errors.Result);
    }
}
