using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using AiMixer.Server.Json;

namespace AiMixer.LoadGenerator;

/// <summary>What reading and writing a frame as JSON takes: the service's own code, and System.Text.Json, in turn.</summary>
internal static class TextSpeed
{
    private const int Rounds = 30;
    private const int FramesPerRound = 500;

    /// <summary>Prints medians of all rounds after the first third, in which code is compiled.</summary>
    /// <returns>The exit code: 0 when both read and write the same numbers.</returns>
    public static int Run()
    {
        float[] frame = Programme.SoundingFrame();
        byte[] text = JsonSerializer.SerializeToUtf8Bytes(frame);
        byte[] member = [.. "{\"audioBuffer\":"u8, .. text, (byte)'}'];
        var own = new ArrayBufferWriter<byte>(text.Length);
        var framework = new ArrayBufferWriter<byte>(text.Length);
        float[] read = new float[frame.Length];
        (string Name, Action Work)[] works =
        [
            ("service, read", () => Read(member, read)),
            ("service, write", () => Write(own, frame)),
            ("System.Text.Json, read", () => JsonSerializer.Deserialize<float[]>(text)),
            ("System.Text.Json, write", () => WriteWithFramework(framework, frame)),
        ];
        double[][] microseconds = [.. works.Select(_ => new double[Rounds])];
        for (int round = 0; round < Rounds; round++)
        {
            for (int i = 0; i < works.Length; i++)
            {
                long start = Stopwatch.GetTimestamp();
                for (int j = 0; j < FramesPerRound; j++)
                {
                    works[i].Work();
                }

                microseconds[i][round] = Stopwatch.GetElapsedTime(start).TotalMicroseconds / FramesPerRound;
            }
        }

        Console.Write($"| what, {frame.Length} floats, {text.Length} bytes | us |\n|---|--:|\n");
        for (int i = 0; i < works.Length; i++)
        {
            double[] settled = [.. microseconds[i].Skip(Rounds / 3).Order()];
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {works[i].Name} | {settled[settled.Length / 2]:F1} |"));
        }

        float[] back = JsonSerializer.Deserialize<float[]>([(byte)'[', .. own.WrittenSpan, (byte)']'])!;
        return read.AsSpan().SequenceEqual(frame) && back.AsSpan().SequenceEqual(frame) ? 0 : 1;
    }

    private static void Read(byte[] json, float[] frame)
    {
        var reader = new JsonObjectReader(json);
        reader.NextMember(out string? name);
        float[] values = reader.ReadFloats(name!, frame.Length, out int count);
        values.AsSpan(0, count).CopyTo(frame);
        ArrayPool<float>.Shared.Return(values);
    }

    private static void Write(ArrayBufferWriter<byte> output, float[] frame)
    {
        output.ResetWrittenCount();
        JsonText.WriteElements(output, frame, isFirst: true);
    }

    private static void WriteWithFramework(ArrayBufferWriter<byte> output, float[] frame)
    {
        output.ResetWrittenCount();
        using var writer = new Utf8JsonWriter(output);
        JsonSerializer.Serialize(writer, frame);
    }
}
