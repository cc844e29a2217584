using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace AiMixer.Server.Audio;

/// <summary>
/// Samples as bytes and back. Integers are the float times 2^15 or 2^23, rounded to the nearest (ties to even), without
/// dither; what lies beyond full scale is clipped. Reading integers back gives the same integers.
/// </summary>
internal static class Pcm
{
    private const float Scale16 = 1 << 15;
    private const float Scale24 = 1 << 23;

    public static int SampleBytes(SampleFormat format) => format switch
    {
        SampleFormat.S16Le => 2,
        SampleFormat.S24Le => 3,
        _ => 4,
    };

    /// <summary>Reads samples.</summary>
    /// <param name="bytes">Whole samples.</param>
    /// <param name="format">How they are written.</param>
    /// <param name="samples">As many.</param>
    public static void Decode(ReadOnlySpan<byte> bytes, SampleFormat format, Span<float> samples)
    {
        switch (format)
        {
            case SampleFormat.F32Le:
                bytes[..(samples.Length * 4)].CopyTo(MemoryMarshal.AsBytes(samples));
                break;
            case SampleFormat.S16Le:
                for (int i = 0; i < samples.Length; i++)
                {
                    samples[i] = BinaryPrimitives.ReadInt16LittleEndian(bytes[(2 * i)..]) / Scale16;
                }

                break;
            default:
                for (int i = 0; i < samples.Length; i++)
                {
                    int value = bytes[3 * i] | bytes[3 * i + 1] << 8 | (sbyte)bytes[3 * i + 2] << 16;
                    samples[i] = value / Scale24;
                }

                break;
        }
    }

    /// <summary>Writes samples.</summary>
    /// <param name="samples">Finite samples.</param>
    /// <param name="format">How to write them.</param>
    /// <param name="bytes">Room for them.</param>
    public static void Encode(ReadOnlySpan<float> samples, SampleFormat format, Span<byte> bytes)
    {
        switch (format)
        {
            case SampleFormat.F32Le:
                MemoryMarshal.AsBytes(samples).CopyTo(bytes);
                break;
            case SampleFormat.S16Le:
                for (int i = 0; i < samples.Length; i++)
                {
                    float value = Math.Clamp(MathF.Round(samples[i] * Scale16), -Scale16, Scale16 - 1);
                    BinaryPrimitives.WriteInt16LittleEndian(bytes[(2 * i)..], (short)value);
                }

                break;
            default:
                for (int i = 0; i < samples.Length; i++)
                {
                    int value = (int)Math.Clamp(MathF.Round(samples[i] * Scale24), -Scale24, Scale24 - 1);
                    bytes[3 * i] = (byte)value;
                    bytes[3 * i + 1] = (byte)(value >> 8);
                    bytes[3 * i + 2] = (byte)(value >> 16);
                }

                break;
        }
    }
}
