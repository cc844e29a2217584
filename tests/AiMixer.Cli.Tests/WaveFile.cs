using System.Buffers.Binary;
using System.Text;

namespace AiMixer.Cli.Tests;

/// <summary>
/// A WAV and AIFF codec of the tests' own, so that what the program reads and writes is not judged by the library it
/// uses itself.
/// </summary>
internal static class WaveFile
{
    private const int FormatPcm = 1;
    private const int FormatFloat = 3;
    private const int FormatExtensible = 0xFFFE;

    public static byte[] Encode(Sound sound, int bits, bool isFloat = false, bool extensible = false)
    {
        byte[] data = EncodeSamples(sound.Samples, bits, isFloat, bigEndian: false);
        using MemoryStream stream = new();
        using BinaryWriter writer = new(stream);
        int formatSize = extensible ? 40 : 16;
        int format = isFloat ? FormatFloat : FormatPcm;
        writer.Write("RIFF"u8);
        writer.Write(4 + 8 + formatSize + 8 + data.Length + (data.Length & 1));
        writer.Write("WAVEfmt "u8);
        writer.Write(formatSize);
        writer.Write((ushort)(extensible ? FormatExtensible : format));
        writer.Write((ushort)sound.Channels);
        writer.Write(sound.SampleRateHz);
        writer.Write(sound.SampleRateHz * sound.Channels * bits / 8);
        writer.Write((ushort)(sound.Channels * bits / 8));
        writer.Write((ushort)bits);
        if (extensible)
        {
            writer.Write((ushort)22);
            writer.Write((ushort)bits);
            writer.Write((1 << sound.Channels) - 1);
            writer.Write((ushort)format);
            writer.Write([0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71]);
        }

        writer.Write("data"u8);
        writer.Write(data.Length);
        writer.Write(data);
        writer.Write(new byte[data.Length & 1]);
        return stream.ToArray();
    }

    public static byte[] EncodeAiff(Sound sound)
    {
        byte[] data = EncodeSamples(sound.Samples, 16, isFloat: false, bigEndian: true);
        using MemoryStream stream = new();
        stream.Write("FORM"u8);
        WriteBigEndian32(stream, 4 + 8 + 18 + 8 + 8 + data.Length);
        stream.Write("AIFFCOMM"u8);
        WriteBigEndian32(stream, 18);
        WriteBigEndian16(stream, sound.Channels);
        WriteBigEndian32(stream, sound.Frames);
        WriteBigEndian16(stream, 16);
        // The rate as an 80-bit float: exponent biased by 16383, explicit leading one.
        int exponent = (int)Math.Floor(Math.Log2(sound.SampleRateHz));
        WriteBigEndian16(stream, 16383 + exponent);
        byte[] mantissa = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(mantissa, (ulong)sound.SampleRateHz << (63 - exponent));
        stream.Write(mantissa);
        stream.Write("SSND"u8);
        WriteBigEndian32(stream, 8 + data.Length);
        stream.Write(new byte[8]);
        stream.Write(data);
        return stream.ToArray();
    }

    /// <summary>Decodes PCM of 16 or 24 bits and float; returns the bits too.</summary>
    public static (Sound Sound, int Bits, bool IsFloat) Decode(byte[] file)
    {
        Assert.Equal("RIFF", Encoding.ASCII.GetString(file, 0, 4));
        Assert.Equal(file.Length - 8, BitConverter.ToInt32(file, 4));
        Assert.Equal("WAVE", Encoding.ASCII.GetString(file, 8, 4));
        int format = 0, channels = 0, rate = 0, bits = 0;
        for (int at = 12; at + 8 <= file.Length;)
        {
            string id = Encoding.ASCII.GetString(file, at, 4);
            int size = BitConverter.ToInt32(file, at + 4);
            int body = at + 8;
            if (id == "fmt ")
            {
                format = BitConverter.ToUInt16(file, body);
                channels = BitConverter.ToUInt16(file, body + 2);
                rate = BitConverter.ToInt32(file, body + 4);
                bits = BitConverter.ToUInt16(file, body + 14);
                format = format == FormatExtensible ? BitConverter.ToUInt16(file, body + 24) : format;
            }
            else if (id == "data")
            {
                Assert.True(body + size <= file.Length, "the data chunk reaches beyond the file");
                float[] samples = DecodeSamples(file.AsSpan(body, size), bits, format == FormatFloat);
                return (new Sound(samples, rate, channels), bits, format == FormatFloat);
            }

            at = body + size + (size & 1);
        }

        throw new InvalidDataException("no data chunk");
    }

    private static byte[] EncodeSamples(float[] samples, int bits, bool isFloat, bool bigEndian)
    {
        int width = bits / 8;
        byte[] data = new byte[samples.Length * width];
        for (int i = 0; i < samples.Length; i++)
        {
            int value = isFloat
                ? BitConverter.SingleToInt32Bits(samples[i])
                : (int)Math.Clamp(Math.Round(samples[i] * Math.Pow(2, bits - 1)), -Math.Pow(2, bits - 1), Math.Pow(2, bits - 1) - 1);
            for (int b = 0; b < width; b++)
            {
                int place = bigEndian ? width - 1 - b : b;
                data[(i * width) + place] = (byte)(value >> (8 * b));
            }
        }

        return data;
    }

    private static float[] DecodeSamples(ReadOnlySpan<byte> data, int bits, bool isFloat)
    {
        int width = bits / 8;
        float[] samples = new float[data.Length / width];
        for (int i = 0; i < samples.Length; i++)
        {
            ReadOnlySpan<byte> raw = data.Slice(i * width, width);
            samples[i] = (bits, isFloat) switch
            {
                (32, true) => BinaryPrimitives.ReadSingleLittleEndian(raw),
                (16, false) => BinaryPrimitives.ReadInt16LittleEndian(raw) / 32768f,
                (24, false) => (((sbyte)raw[2] << 16) | (raw[1] << 8) | raw[0]) / 8388608f,
                _ => throw new InvalidDataException($"{bits} bits"),
            };
        }

        return samples;
    }

    private static void WriteBigEndian32(MemoryStream stream, int value) =>
        stream.Write([(byte)(value >> 24), (byte)(value >> 16), (byte)(value >> 8), (byte)value]);

    private static void WriteBigEndian16(MemoryStream stream, int value) =>
        stream.Write([(byte)(value >> 8), (byte)value]);
}
