using System.Text;

namespace AiMixer.Onnx.Tests;

/// <summary>Writes messages in the wire format of Protocol Buffers: all that a model file consists of.</summary>
internal static class Protobuf
{
    internal static byte[] Message(params byte[][] fields) => [.. fields.SelectMany(field => field)];

    internal static byte[] Field(int number, byte[] content) =>
        [.. Varint((ulong)((number << 3) | 2)), .. Varint((ulong)content.Length), .. content];

    internal static byte[] Field(int number, string text) => Field(number, Encoding.UTF8.GetBytes(text));

    internal static byte[] Field(int number, long value) => [.. Varint((ulong)(number << 3)), .. Varint((ulong)value)];

    private static List<byte> Varint(ulong value)
    {
        List<byte> bytes = [];
        for (; value >= 0x80; value >>= 7)
        {
            bytes.Add((byte)(value | 0x80));
        }

        bytes.Add((byte)value);
        return bytes;
    }
}
