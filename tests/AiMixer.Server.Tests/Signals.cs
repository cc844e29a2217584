using System.Runtime.InteropServices;

namespace AiMixer.Server.Tests;

/// <summary>Audio for the tests, and what the library makes of it.</summary>
internal static class Signals
{
    /// <summary>White noise of a peak, the same every time.</summary>
    public static float[] Noise(int samples, float peak = 0.5f, int seed = 1)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, samples).Select(_ => peak * (2 * random.NextSingle() - 1))];
    }

    public static byte[] Bytes(float[] samples) => MemoryMarshal.AsBytes(samples.AsSpan()).ToArray();

    public static float[] Floats(byte[] bytes) => MemoryMarshal.Cast<byte, float>(bytes).ToArray();

    /// <summary>What a strip makes of a signal: its output late by the latency, and everything that it holds back behind it.</summary>
    public static float[] Mixed(float[] input, Action<ChannelStrip> set, out int latency, int channels = 1, int rate = 48_000)
    {
        using var strip = new ChannelStrip(new ChannelStripOptions { Channels = channels, SampleRateHz = rate });
        set(strip);
        latency = strip.LatencyFrames * channels;
        float[] output = [.. input, .. new float[latency]];
        strip.Process(output);
        return output;
    }
}
