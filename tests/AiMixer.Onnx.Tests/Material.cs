using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace AiMixer.Onnx.Tests;

/// <summary>Sound as MFCC frames: speech, music, noise and silence made here, or recordings from a folder.</summary>
internal static class Material
{
    internal const int Coefficients = 13;

    /// <summary>Names a folder of recordings to test with as well.</summary>
    internal const string FolderVariable = "AIMIXER_RECORDINGS";

    private const string Text =
        "The mixing desk was quiet. Seven people stood around it, and nobody said what everybody was thinking: " +
        "who had turned the master down by twenty decibels, just before the second verse?";

    private static readonly string[] Voices = ["en-us+m3", "en-gb+f2", "de+m5", "fr+f4", "es+m1"];

    // Chords that ring and decay, a beat with hats, a bass line with vibrato, a sweep, noises, silence.
    private static readonly string[] Expressions =
    [
        "aevalsrc=exprs='0.15*exp(-3*mod(t,1))*(sin(2*PI*220*t)+sin(2*PI*277.2*t)+sin(2*PI*329.6*t)+0.4*sin(2*PI*660*t))'",
        "aevalsrc=exprs='0.7*exp(-18*mod(t,0.5))*sin(2*PI*55*t)+0.2*exp(-60*mod(t+0.25,0.5))*(2*random(0)-1)'",
        "aevalsrc=exprs='0.3*sin(2*PI*110*t+3*sin(2*PI*5*t))+0.1*sin(2*PI*1760*t)*gt(sin(2*PI*3*t),0)'",
        "aevalsrc=exprs='0.5*sin(2*PI*(40*t+400*t*t))'",
        "anoisesrc=color=pink:amplitude=0.3:seed=1",
        "anoisesrc=color=white:amplitude=0.01:seed=2",
        "anullsrc=channel_layout=mono",
    ];

    private static readonly Lazy<float[][]> Made = new(Make);

    /// <summary>Frames of each kind of sound, one array each.</summary>
    internal static float[][] Synthesised => Made.Value;

    /// <summary>
    /// Frames of up to 20 s of a hundred recordings from all over the folder that the environment names; empty without one.
    /// </summary>
    internal static float[][] Recordings()
    {
        if (Environment.GetEnvironmentVariable(FolderVariable) is not { Length: > 0 } folder)
        {
            return [];
        }

        string[] files = [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Where(file => Path.GetExtension(file) is ".wav" or ".flac" or ".ogg" or ".mp3" or ".opus")
            .Order(StringComparer.Ordinal)];
        int step = Math.Max(1, files.Length / 100);
        return [.. files.Where((_, i) => i % step == 0)
            .Select(file => Frames(["-t", "20", "-i", file]))
            .Where(frames => frames.Length > 0)];
    }

    /// <summary>Stretches of 50 to 300 frames, half of them 300, from anywhere.</summary>
    internal static IEnumerable<ReadOnlyMemory<float>> Windows(float[][] sounds, int count)
    {
        Random random = new(5);
        for (int i = 0; i < count; i++)
        {
            float[] sound = sounds[i % sounds.Length];
            int frames = sound.Length / Coefficients;
            int length = Math.Min(frames, random.Next(2) == 0 ? 300 : random.Next(50, 301));
            int first = random.Next(frames - length + 1);
            yield return sound.AsMemory(first * Coefficients, length * Coefficients);
        }
    }

    private static float[][] Make()
    {
        List<float[]> all = [Frames(["-i", Repository.DemoClip])];
        string file = Path.GetTempFileName();
        foreach (string voice in Voices)
        {
            Run("espeak-ng", ["-v", voice, "-w", file, Text]);
            all.Add(Frames(["-i", file]));
        }

        File.Delete(file);
        all.AddRange(Expressions.Select(expression => Frames(["-f", "lavfi", "-t", "12", "-i", expression])));
        return [.. all];
    }

    private static float[] Frames(string[] input)
    {
        byte[] bytes = Run("ffmpeg", ["-v", "error", "-nostdin", .. input, "-ac", "1", "-ar", "48000", "-f", "f32le", "-"]);
        ReadOnlySpan<float> samples = MemoryMarshal.Cast<byte, float>(bytes);
        using MfccExtractor extractor = new();
        float[] frames = new float[extractor.FramesFor(samples.Length) * Coefficients];
        extractor.Process(samples, frames);
        return frames;
    }

    private static byte[] Run(string program, string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        using MemoryStream output = new();
        process.StandardOutput.BaseStream.CopyTo(output);
        process.WaitForExit();
        return process.ExitCode == 0
            ? output.ToArray()
            : throw new InvalidOperationException(string.Create(
                CultureInfo.InvariantCulture, $"{program} {string.Join(' ', arguments)}: exit code {process.ExitCode}"));
    }
}
