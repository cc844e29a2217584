using System.Buffers;

namespace AiMixer.Server.Json;

/// <summary>Writes arrays of floats as JSON, without anything between the numbers but commas.</summary>
internal static class JsonText
{
    // Room is asked for this many numbers at a time.
    private const int Batch = 256;

    /// <summary>Writes an array.</summary>
    /// <param name="output">Takes the UTF-8.</param>
    /// <param name="values">Finite numbers.</param>
    public static void WriteFloats(IBufferWriter<byte> output, ReadOnlySpan<float> values)
    {
        output.Write("["u8);
        for (int done = 0; done < values.Length; done += Batch)
        {
            ReadOnlySpan<float> batch = values.Slice(done, Math.Min(Batch, values.Length - done));
            Span<byte> text = output.GetSpan(batch.Length * (FloatFormatter.LongestNumber + 1));
            int at = 0;
            if (done > 0)
            {
                text[at++] = (byte)',';
            }

            for (int i = 0; i < batch.Length; i++)
            {
                if (i > 0)
                {
                    text[at++] = (byte)',';
                }

                at += FloatFormatter.Format(batch[i], text[at..]);
            }

            output.Advance(at);
        }

        output.Write("]"u8);
    }
}
