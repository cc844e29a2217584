using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace AiMixer.Bindings.Generator;

/// <summary>Clang as a reader of C: it knows the language, we only read what it reports.</summary>
internal sealed class Clang(string executable)
{
    // Freestanding and for one target, so that neither the machine's C library nor its platform has a say in the
    // result; every type that the bindings accept has the same size on all of them.
    private static readonly string[] Dialect =
        ["-x", "c", "-std=c99", "-ffreestanding", "--target=x86_64-unknown-linux-gnu"];

    public static Clang FromEnvironment() =>
        new(Environment.GetEnvironmentVariable("CLANG") is { Length: > 0 } named ? named : "clang");

    /// <summary>Every macro defined after the header was read, one <c>#define</c> per line.</summary>
    public string Macros(string headerPath) => Run([.. Dialect, "-dM", "-E", headerPath], input: "");

    /// <summary>The syntax tree, as JSON, of the header followed by some more source text.</summary>
    public string SyntaxTree(string headerPath, string followedBy) =>
        Run([.. Dialect, "-include", headerPath, "-fsyntax-only", "-Xclang", "-ast-dump=json", "-"], followedBy);

    private string Run(IEnumerable<string> arguments, string input)
    {
        ProcessStartInfo start = new(executable, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            StandardOutputEncoding = Encoding.UTF8,
        };

        using Process process = Start(start);
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        process.WaitForExit();
        return process.ExitCode == 0
            ? output.Result
            : throw new GeneratorException($"clang refused the header:\n{error.Result.TrimEnd()}");
    }

    private Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception exception)
        {
            throw new GeneratorException(
                $"clang could not be started as '{executable}' ({exception.Message}). The bindings are read from " +
                "Clang's syntax tree: install it (Debian and Ubuntu: apt-get install clang) or name it in the " +
                "environment variable CLANG.");
        }
    }
}
