using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace AiMixer.Onnx.Tests;

/// <summary>
/// A process that has no library of ONNX Runtime, as on musl: these tests, copied without it, started with a variable set.
/// </summary>
public sealed class WithoutTheRuntime : IDisposable
{
    private const string Variable = "AIMIXER_WITHOUT_ONNX_RUNTIME";

    private readonly string _folder = Directory.CreateTempSubdirectory("aimixer-onnx-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "The copy must end before its tests begin.")]
    internal static void Probe()
    {
        if (Environment.GetEnvironmentVariable(Variable) is null)
        {
            return;
        }

        Console.WriteLine($"supported: {OnnxGenreClassifier.IsSupported}");
        for (int attempt = 0; attempt < 2; attempt++)
        {
            try
            {
                new OnnxGenreClassifier().Dispose();
            }
            catch (DllNotFoundException exception)
            {
                Console.WriteLine(exception.Message);
            }
        }

        Console.WriteLine($"core: {new GenreClassifier().Classify(new float[13]).Likeliest}");
        Environment.Exit(0);
    }

    [Fact]
    public void Without_its_library_it_says_what_to_do_and_the_core_still_answers()
    {
        foreach (string file in Directory.EnumerateFiles(AppContext.BaseDirectory))
        {
            if (!Path.GetFileName(file).Contains("onnxruntime", StringComparison.Ordinal))
            {
                File.Copy(file, Path.Combine(_folder, Path.GetFileName(file)));
            }
        }

        ProcessStartInfo start = new("dotnet", [Path.Combine(_folder, "AiMixer.Onnx.Tests.dll")]) { RedirectStandardOutput = true };
        start.Environment[Variable] = "1";
        using Process process = Process.Start(start)!;
        string said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();

        Assert.Equal(0, process.ExitCode);
        Assert.Contains("supported: False", said, StringComparison.Ordinal);
        Assert.Equal(2, said.Split("ONNX Runtime's native library could not be loaded on").Length - 1);
        Assert.Contains("musl", said, StringComparison.Ordinal);
        Assert.Contains(nameof(GenreClassifier), said, StringComparison.Ordinal);
        Assert.Contains("core: ", said, StringComparison.Ordinal);
    }

    [Fact]
    public void With_its_library_it_is_supported() => Assert.True(OnnxGenreClassifier.IsSupported);
}
