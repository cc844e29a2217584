using System.Buffers;

namespace AiMixer;

/// <summary>Collects a mixed programme in memory.</summary>
public sealed class MemoryAudioSink : IAudioSink
{
    private readonly ArrayBufferWriter<float> _samples = new();

    /// <inheritdoc/>
    public void Write(ReadOnlySpan<float> interleaved) => _samples.Write(interleaved);

    /// <summary>A copy of everything written so far, interleaved.</summary>
    /// <returns>A new array.</returns>
    public float[] ToArray() => _samples.WrittenSpan.ToArray();
}
