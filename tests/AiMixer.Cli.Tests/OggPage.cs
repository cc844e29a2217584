using System.Buffers.Binary;

namespace AiMixer.Cli.Tests;

/// <summary>A page of an Ogg file in memory (RFC 3533, section 6).</summary>
internal sealed class OggPage(Memory<byte> bytes)
{
    /// <summary>Frames up to the end of the last packet that ends on it.</summary>
    public long Granule => BinaryPrimitives.ReadInt64LittleEndian(bytes.Span[6..]);

    /// <summary>All pages of a file, in order.</summary>
    public static IEnumerable<OggPage> Of(byte[] file)
    {
        for (int at = 0, size; at < file.Length; at += size)
        {
            int segments = file[at + 26];
            size = 27 + segments + file.AsSpan(at + 27, segments).ToArray().Sum(length => length);
            yield return new OggPage(file.AsMemory(at, size));
        }
    }

    public void MarkAsLast()
    {
        Span<byte> page = bytes.Span;
        page[5] |= 4;
        page.Slice(22, 4).Clear();
        uint checksum = 0;
        foreach (byte value in page)
        {
            checksum ^= (uint)value << 24;
            for (int bit = 0; bit < 8; bit++)
            {
                checksum = (checksum << 1) ^ ((checksum >> 31) * 0x04C11DB7);
            }
        }

        BinaryPrimitives.WriteUInt32LittleEndian(page[22..], checksum);
    }
}
