// Uses the package as a program of a user does: mixes live and as a whole, measures, and prints one hash of every bit.
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using AiMixer;

const int sampleRateHz = 48000;
const int channels = 2;

// Integers and exact steps alone: the same programme on every machine.
float[] programme = new float[4 * sampleRateHz * channels];
uint noise = 1;
for (int i = 0; i < programme.Length; i++)
{
    noise = (noise * 1664525) + 1013904223;
    int second = i / (sampleRateHz * channels);
    float level = second switch { 0 => 1.0f, 1 => 0.0625f, 2 => 0.25f, _ => 0.0f };
    programme[i] = level * ((int)noise / 2147483648.0f);
}

float[] live = (float[])programme.Clone();
using (ChannelStrip strip = new(new ChannelStripOptions { SampleRateHz = sampleRateHz, Channels = channels }))
{
    strip.SetGenre(Genre.Auto);
    for (int from = 0; from < live.Length; from += 960 * channels)
        strip.Process(live.AsSpan(from, 960 * channels));
}

MemoryAudioSink mixed = new();
MixReport report = new OfflineMixer(new OfflineMixOptions { Genre = Genre.Rock, TargetLufs = -16 }).Mix(
    new MemoryAudioSource(programme, sampleRateHz, channels), mixed);

float peak = live.Max(Math.Abs);
if (!live.All(float.IsFinite) || peak is < 0.1f or > 1.0f)
    throw new InvalidOperationException($"The live mix peaks at {peak}.");
if (report.ToJson().Length < 100)
    throw new InvalidOperationException("The report is empty.");

using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
hash.AppendData(MemoryMarshal.AsBytes(live.AsSpan()));
hash.AppendData(MemoryMarshal.AsBytes(mixed.ToArray().AsSpan()));
Console.WriteLine($"{AiMixerInfo.Version} on {RuntimeInformation.RuntimeIdentifier}, {AiMixerInfo.NativeBuild}");
Console.WriteLine(Convert.ToHexStringLower(hash.GetHashAndReset()));
