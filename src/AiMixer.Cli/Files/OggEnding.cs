using System.Buffers.Binary;

namespace AiMixer.Cli.Files;

/// <summary>
/// How an Ogg stream ends. Ogg declares no length; its last page carries a mark instead (RFC 3533, section 6).
/// </summary>
/// <param name="IsThere">False when the last page is cut or carries no mark.</param>
/// <param name="FramesBehind">
/// Frames behind the first mark. There are encoders that mark several pages, the empty ones that pad the end among them; what
/// follows the first is not decoded.
/// </param>
internal readonly record struct OggEnding(bool IsThere, long FramesBehind)
{
    /// <summary>What is to be said when it is not there.</summary>
    public const string Missing = "truncated: the stream does not go on to its end (an intact file is needed)";

    private const int HeaderBytes = 27;
    private const int FlagsOffset = 5;
    private const int GranuleOffset = 6;
    private const int SerialOffset = 14;
    private const int SegmentCountOffset = 26;
    private const int EndOfStream = 4;

    // A page has at most 255 segments of 255 bytes.
    private const int PageBytesMax = HeaderBytes + 255 + (255 * 255);

    /// <summary>Looks at what can hold the last page and the short ones ahead of it; null for other formats.</summary>
    public static OggEnding? Of(Stream stream)
    {
        long position = stream.Position;
        try
        {
            return OfTail(stream);
        }
        finally
        {
            stream.Position = position;
        }
    }

    private static OggEnding? OfTail(Stream stream)
    {
        Span<byte> capture = stackalloc byte[4];
        stream.Position = 0;
        if (stream.ReadAtLeast(capture, capture.Length, throwOnEndOfStream: false) < capture.Length ||
            !capture.SequenceEqual("OggS"u8))
        {
            return null;
        }

        // The last page starts somewhere in the last stretch that a page can fill.
        byte[] tail = new byte[(int)Math.Min(PageBytesMax, stream.Length)];
        stream.Position = stream.Length - tail.Length;
        stream.ReadExactly(tail);
        int page = tail.AsSpan().LastIndexOf("OggS"u8);
        if (page < 0 || tail.Length - page < HeaderBytes)
        {
            return default(OggEnding);
        }

        ReadOnlySpan<byte> last = tail.AsSpan(page);
        int segments = last[SegmentCountOffset];
        int size = HeaderBytes + segments;
        for (int i = 0; i < segments && HeaderBytes + i < last.Length; i++)
        {
            size += last[HeaderBytes + i];
        }

        bool isThere = size <= last.Length && IsMarked(last);
        return new OggEnding(isThere, isThere ? Granule(last) - Granule(FirstMarked(tail, last)) : 0);
    }

    // Ahead of the last page, which is marked, or that one itself.
    private static ReadOnlySpan<byte> FirstMarked(ReadOnlySpan<byte> tail, ReadOnlySpan<byte> last)
    {
        for (ReadOnlySpan<byte> rest = tail; rest.Length > last.Length; rest = rest[1..])
        {
            rest = rest[rest.IndexOf("OggS"u8)..];
            bool sameStream = rest.Slice(SerialOffset, 4).SequenceEqual(last.Slice(SerialOffset, 4));
            if (sameStream && IsMarked(rest) && Granule(rest) >= 0 && Granule(rest) <= Granule(last))
            {
                return rest;
            }
        }

        return last;
    }

    private static bool IsMarked(ReadOnlySpan<byte> page) => (page[FlagsOffset] & EndOfStream) != 0;

    // Frames up to the end of the last packet that ends on the page.
    private static long Granule(ReadOnlySpan<byte> page) => BinaryPrimitives.ReadInt64LittleEndian(page[GranuleOffset..]);
}
