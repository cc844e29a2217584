using System.ComponentModel;
using System.Diagnostics;
using AiMixer.Bindings.Generator;
using Xunit;

namespace AiMixer.Bindings.Tests;

/// <summary>The machine's C compiler and Clang. A test that needs an absent one is skipped, visibly.</summary>
internal static class CCompiler
{
    /// <summary>Compiles and runs a C program and returns what it printed.</summary>
    public static string Run(TemporaryFolder folder, string source)
    {
        string program = Path.Combine(folder.Path, "program");
        Compile(folder, source, ["-o", program]);
        return Execute(program, []);
    }

    /// <summary>Compiles a shared library under the name that the loader looks for.</summary>
    public static string SharedLibrary(TemporaryFolder folder, string source)
    {
        string library = Path.Combine(folder.Path, RuntimePlatform.LibraryFileName);
        Compile(folder, source, ["-shared", "-fPIC", "-o", library]);
        return library;
    }

    public static Clang RequireClang()
    {
        RequireTool("clang");
        return new Clang("clang");
    }

    private static void Compile(TemporaryFolder folder, string source, string[] arguments)
    {
        RequireTool("cc");
        string include = Path.GetDirectoryName(Repository.Header)!;
        Execute("cc", ["-std=c99", "-Wall", "-Werror", "-I", include, folder.Write("source.c", source), .. arguments]);
    }

    private static void RequireTool(string tool)
    {
        try
        {
            Execute(tool, ["--version"]);
        }
        catch (Win32Exception)
        {
            Assert.Skip($"{tool} is not installed");
        }
    }

    private static string Execute(string program, string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program} failed:\n{error.Result}");
        return output;
    }
}
