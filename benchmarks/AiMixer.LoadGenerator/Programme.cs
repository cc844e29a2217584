using System.Runtime.InteropServices;

namespace AiMixer.LoadGenerator;

/// <summary>
/// What a stream sends, and what must come back: the audio of a local strip with the same settings, remembered as one
/// fingerprint per frame.
/// </summary>
internal sealed class Programme
{
    public const int SampleRateHz = 48_000;
    public const int FrameSamples = 960;
    public const int FrameBytes = FrameSamples * sizeof(float);
    public const int FramesPerSecond = SampleRateHz / FrameSamples;

    /// <summary>The genre that the streams ask for, so that what is recognised meanwhile changes nothing.</summary>
    public const string Genre = "rock";

    // The input begins again after this; the strip, whose state goes on, gives something new all the same.
    private const int LoopFrames = 10 * FramesPerSecond;

    private readonly byte[] _input;
    private readonly ulong[] _live;
    private readonly ulong[] _aligned;

    /// <param name="seed">Programmes of different seeds differ.</param>
    /// <param name="seconds">How long it is.</param>
    public Programme(int seed, int seconds)
    {
        Frames = seconds * FramesPerSecond;
        float[] loop = Signal(seed);
        _input = MemoryMarshal.AsBytes<float>(loop).ToArray();
        using var strip = new ChannelStrip(new ChannelStripOptions { SampleRateHz = SampleRateHz, Channels = 1, MaxFrames = FrameSamples });
        strip.SetGenre(AiMixer.Genre.Rock);
        LatencySamples = strip.LatencyFrames;
        _live = new ulong[Frames];
        _aligned = new ulong[Frames];

        // The aligned audio lies across two frames of the live audio.
        float[] two = new float[2 * FrameSamples];
        for (int i = 0; i <= Frames; i++)
        {
            Span<float> frame = two.AsSpan(FrameSamples);
            if (i < Frames)
            {
                MemoryMarshal.Cast<byte, float>(Input(i).Span).CopyTo(frame);
            }
            else
            {
                frame.Clear();
            }

            strip.Process(frame);
            if (i < Frames)
            {
                _live[i] = Fingerprint(MemoryMarshal.AsBytes(frame));
            }

            if (i > 0)
            {
                _aligned[i - 1] = Fingerprint(MemoryMarshal.AsBytes(two.AsSpan(LatencySamples, FrameSamples)));
            }

            frame.CopyTo(two);
        }
    }

    public int Frames { get; }

    /// <summary>Delay of what comes back live.</summary>
    public int LatencySamples { get; }

    /// <summary>The first frame of a programme that sounds from beginning to end.</summary>
    public static float[] SoundingFrame()
    {
        float[] samples = Signal(seed: 1);
        int start = 0;
        while (samples.AsSpan(start, FrameSamples).Contains(0))
        {
            start += FrameSamples;
        }

        return samples[start..(start + FrameSamples)];
    }

    public ReadOnlyMemory<byte> Input(int frame) => _input.AsMemory(frame % LoopFrames * FrameBytes, FrameBytes);

    /// <summary>Whether a frame that came back over a WebSocket, late by the latency, is right.</summary>
    public bool IsLive(int frame, ReadOnlySpan<byte> bytes) => bytes.Length == FrameBytes && Fingerprint(bytes) == _live[frame];

    /// <summary>Whether a frame of the answer to an upload, aligned with what was sent, is right.</summary>
    public bool IsAligned(int frame, ReadOnlySpan<byte> bytes) => Fingerprint(bytes) == _aligned[frame];

    /// <summary>Bars of a bass, a noisy beat, a melody and rests, different for every seed.</summary>
    private static float[] Signal(int seed)
    {
        var random = new Random(seed);
        float[] samples = new float[LoopFrames * FrameSamples];
        const int Note = SampleRateHz / 4;
        double phase = 0;
        double bass = 0;
        for (int start = 0; start < samples.Length; start += Note)
        {
            double pitch = 110 * Math.Pow(2, random.Next(25) / 12.0);
            bool rests = random.Next(8) == 0;
            for (int i = 0; i < Note && start + i < samples.Length; i++)
            {
                phase += 2 * Math.PI * pitch / SampleRateHz;
                bass += 2 * Math.PI * pitch / 4 / SampleRateHz;
                double fall = Math.Exp(-6.0 * i / Note);
                double beat = (random.NextDouble() - 0.5) * Math.Exp(-40.0 * i / Note);
                samples[start + i] = rests ? 0 : (float)(0.3 * fall * Math.Sin(phase) + 0.3 * Math.Sin(bass) + 0.4 * beat);
            }
        }

        return samples;
    }

    /// <summary>FNV-1a over 64-bit words, with a shift so that high bits reach the low ones.</summary>
    private static ulong Fingerprint(ReadOnlySpan<byte> bytes)
    {
        ulong hash = 14695981039346656037;
        foreach (ulong word in MemoryMarshal.Cast<byte, ulong>(bytes))
        {
            hash = (hash ^ word) * 1099511628211;
            hash ^= hash >> 29;
        }

        return hash;
    }
}
