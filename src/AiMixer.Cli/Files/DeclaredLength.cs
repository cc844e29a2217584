using System.Buffers.Binary;

namespace AiMixer.Cli.Files;

/// <summary>
/// How long the sound data of a file says it is, against how long it is. Decoders read what is there and keep silent
/// about the rest, but half a recording must not pass for a whole one.
/// </summary>
/// <param name="DeclaredBytes">What the chunk header or the stream says.</param>
/// <param name="PresentBytes">What the file holds.</param>
internal readonly record struct DeclaredLength(long DeclaredBytes, long PresentBytes)
{
    // Programs that write WAV into a pipe cannot know the length; they put the largest number that fits, or nearly.
    private const long UnknownLength = 0x7FFFF000;

    public bool IsTruncated => DeclaredBytes > PresentBytes;

    /// <summary>Reads the chunk headers of RIFF, RIFX, RF64 and AIFF files; null for other formats.</summary>
    public static DeclaredLength? Of(Stream stream)
    {
        long position = stream.Position;
        try
        {
            return OfChunks(stream);
        }
        finally
        {
            stream.Position = position;
        }
    }

    private static DeclaredLength? OfChunks(Stream stream)
    {
        Span<byte> header = stackalloc byte[12];
        stream.Position = 0;
        if (stream.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) < header.Length)
        {
            return null;
        }

        bool bigEndian = header.StartsWith("FORM"u8) || header.StartsWith("RIFX"u8);
        if (!bigEndian && !header.StartsWith("RIFF"u8) && !header.StartsWith("RF64"u8))
        {
            return null;
        }

        long? sizeFromDs64 = null;
        Span<byte> chunk = stackalloc byte[8];
        Span<byte> sizes = stackalloc byte[16];
        while (stream.ReadAtLeast(chunk, chunk.Length, throwOnEndOfStream: false) == chunk.Length)
        {
            long size = bigEndian
                ? BinaryPrimitives.ReadUInt32BigEndian(chunk[4..])
                : BinaryPrimitives.ReadUInt32LittleEndian(chunk[4..]);
            long start = stream.Position;
            if (chunk.StartsWith("ds64"u8) && stream.ReadAtLeast(sizes, sizes.Length, throwOnEndOfStream: false) == 16)
            {
                sizeFromDs64 = BinaryPrimitives.ReadInt64LittleEndian(sizes[8..]);
            }
            else if (chunk.StartsWith("data"u8) || chunk.StartsWith("SSND"u8))
            {
                long present = stream.Length - start;
                long declared = sizeFromDs64 ?? (size >= UnknownLength ? present : size);
                return new DeclaredLength(declared, present);
            }

            // Chunks start at even offsets.
            stream.Position = start + size + (size & 1);
        }

        return null;
    }
}
