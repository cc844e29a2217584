using System.Globalization;

namespace AiMixer;

/// <summary>Reads from a source that somebody else wrote: what it returns is checked.</summary>
internal static class SourceReader
{
    /// <returns>The samples read, whole frames; empty at the end.</returns>
    internal static Span<float> Read(IAudioSource source, Span<float> buffer, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        int frames = source.Read(buffer);
        int room = buffer.Length / source.Channels;
        if (frames < 0 || frames > room)
        {
            throw new InvalidOperationException(string.Create(
                CultureInfo.InvariantCulture, $"The source said it read {frames} frames into room for {room}."));
        }

        return buffer[..(frames * source.Channels)];
    }
}
