using System.Buffers;
using System.Text.Json;
using AiMixer.Server.Json;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;

namespace AiMixer.Benchmarks;

/// <summary>960 samples as JSON, read and written by the service and by System.Text.Json.</summary>
[GroupBenchmarksBy(BenchmarkLogicalGroupRule.ByCategory)]
[CategoriesColumn]
public class JsonBenchmarks
{
    private const string Read = "read";
    private const string Write = "write";

    private readonly float[] _samples = Material.Music(Material.BlockFrames, 1);
    private readonly ArrayBufferWriter<byte> _output = new(1 << 16);
    private byte[] _json = [];

    [GlobalSetup]
    public void Prepare() => _json = JsonSerializer.SerializeToUtf8Bytes(new Body(_samples));

    [Benchmark(Baseline = true, Description = "AI Mixer"), BenchmarkCategory(Read)]
    public int OurRead()
    {
        var reader = new JsonObjectReader(_json);
        reader.NextMember(out string? name);
        float[] samples = reader.ReadFloats(name!, _samples.Length, out int count);
        ArrayPool<float>.Shared.Return(samples);
        return count;
    }

    [Benchmark(Description = "System.Text.Json"), BenchmarkCategory(Read)]
    public int TheirRead() => JsonSerializer.Deserialize<Body>(_json)!.audioBuffer.Length;

    [Benchmark(Baseline = true, Description = "AI Mixer"), BenchmarkCategory(Write)]
    public int OurWrite()
    {
        _output.ResetWrittenCount();
        JsonText.WriteElements(_output, _samples, isFirst: true);
        return _output.WrittenCount;
    }

    [Benchmark(Description = "System.Text.Json"), BenchmarkCategory(Write)]
    public int TheirWrite()
    {
        _output.ResetWrittenCount();
        using Utf8JsonWriter writer = new(_output);
        JsonSerializer.Serialize(writer, _samples);
        return _output.WrittenCount;
    }

    // Named as in the API.
#pragma warning disable IDE1006
    public sealed record Body(float[] audioBuffer);
#pragma warning restore IDE1006
}
