using System.Buffers;

namespace AiMixer.Server.Json;

/// <summary>Writes floats as JSON, with nothing between the numbers but commas.</summary>
internal static class JsonText
{
    // Room is asked for this many numbers at a time.
    private const int Batch = 256;

    /// <summary>Writes elements of an array, without its brackets.</summary>
    /// <param name="output">Takes the UTF-8.</param>
    /// <param name="values">Finite numbers.</param>
    /// <param name="isFirst">Whether these are the first ones of the array.</param>
    public static void WriteElements(IBufferWriter<byte> output, ReadOnlySpan<float> values, bool isFirst)
    {
        for (int done = 0; done < values.Length; done += Batch)
        {
            ReadOnlySpan<float> batch = values.Slice(done, Math.Min(Batch, values.Length - done));
            Span<byte> text = output.GetSpan(batch.Length * (FloatFormatter.LongestNumber + 1));
            int at = 0;
            for (int i = 0; i < batch.Length;)
            {
                if (!isFirst && batch.Length - i >= FloatLanes.Count && FloatLanes.TryFormat(batch.Slice(i, FloatLanes.Count), text[at..], out int written))
                {
                    at += written;
                    i += FloatLanes.Count;
                    continue;
                }

                if (!isFirst)
                {
                    text[at++] = (byte)',';
                }

                isFirst = false;
                at += FloatFormatter.Format(batch[i++], text[at..]);
            }

            output.Advance(at);
        }
    }
}
