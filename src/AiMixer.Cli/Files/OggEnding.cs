namespace AiMixer.Cli.Files;

/// <summary>
/// Whether an Ogg stream goes on to its end. Ogg declares no length; its last page carries a mark instead (RFC 3533,
/// section 6).
/// </summary>
internal static class OggEnding
{
    private const int HeaderBytes = 27;
    private const int FlagsOffset = 5;
    private const int SegmentCountOffset = 26;
    private const int EndOfStream = 4;

    // A page has at most 255 segments of 255 bytes.
    private const int PageBytesMax = HeaderBytes + 255 + (255 * 255);

    /// <summary>False when the last page is cut or does not say that it is the last; true for other formats.</summary>
    public static bool IsThere(Stream stream)
    {
        long position = stream.Position;
        try
        {
            return HasEnding(stream);
        }
        finally
        {
            stream.Position = position;
        }
    }

    private static bool HasEnding(Stream stream)
    {
        Span<byte> capture = stackalloc byte[4];
        stream.Position = 0;
        if (stream.ReadAtLeast(capture, capture.Length, throwOnEndOfStream: false) < capture.Length ||
            !capture.SequenceEqual("OggS"u8))
        {
            return true;
        }

        // The last page starts somewhere in the last stretch that a page can fill.
        byte[] tail = new byte[(int)Math.Min(PageBytesMax, stream.Length)];
        stream.Position = stream.Length - tail.Length;
        stream.ReadExactly(tail);
        int page = tail.AsSpan().LastIndexOf("OggS"u8);
        if (page < 0 || tail.Length - page < HeaderBytes)
        {
            return false;
        }

        ReadOnlySpan<byte> last = tail.AsSpan(page);
        int segments = last[SegmentCountOffset];
        int size = HeaderBytes + segments;
        for (int i = 0; i < segments && HeaderBytes + i < last.Length; i++)
        {
            size += last[HeaderBytes + i];
        }

        return size <= last.Length && (last[FlagsOffset] & EndOfStream) != 0;
    }
}
