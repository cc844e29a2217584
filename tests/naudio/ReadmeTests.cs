using System.Diagnostics;
using NAudio.Wave;

namespace AiMixer.NAudio.Tests;

/// <summary>The example of the README is this code, and this code runs; and so does the sample.</summary>
public sealed class ReadmeTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("aimixer-test-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void The_example_is_what_runs_here()
    {
        string[] here = Repository.Lines("tests/naudio/ReadmeTests.cs", "// README begins", "// README ends");
        Assert.NotEmpty(here);
        Assert.Equal(here, Repository.Lines("src/AiMixer.NAudio/README.md", "```csharp", "```"));
    }

    [Fact]
    public void The_example_runs()
    {
        string input = WriteSong();
        string output = Path.Combine(_folder.FullName, "mixed.wav");

        // README begins
        using var reader = new WaveFileReader(input);
        using var strip = new StripSampleProvider(reader.ToSampleProvider());
        using var meter = new MeterSampleProvider(strip);
        strip.Strip.SetGenre(Genre.Rock);
        WaveFileWriter.CreateWaveFile16(output, meter);
        Console.WriteLine($"{meter.Reading.IntegratedLufs} LUFS");
        // README ends
        using var mixed = new WaveFileReader(output);
        Assert.Equal(reader.SampleCount, mixed.SampleCount);
        Assert.InRange(meter.Reading.IntegratedLufs, -40, 0);
    }

    [Fact]
    public void The_sample_writes_the_mix()
    {
        string input = WriteSong();
        string output = Path.Combine(_folder.FullName, "mixed.wav");

        Assert.Equal(0, RunSample(input, output));
        using var mixed = new WaveFileReader(output);
        Assert.Equal(48000, mixed.SampleCount);
        Assert.Equal(1, RunSample(Path.Combine(_folder.FullName, "none.wav"), output));
        Assert.Equal(2, RunSample());
    }

    private string WriteSong()
    {
        string path = Path.Combine(_folder.FullName, "song.wav");
        WaveFileWriter.CreateWaveFile16(path, new ArrayProvider(StripSampleProviderTests.Programme(48000, 2), 48000, 2, 960));
        return path;
    }

    private static int RunSample(params string[] arguments)
    {
        string host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        using Process process = Process.Start(host, [Path.Combine(AppContext.BaseDirectory, "NAudioPlayer.dll"), .. arguments]);
        process.WaitForExit();
        return process.ExitCode;
    }
}
