using System.Buffers;
using AiMixer.Server.Errors;
using AiMixer.Server.Mixing;

namespace AiMixer.Server.Audio;

/// <summary>What stands in front of the samples of a WAV file (RIFF WAVE, PCM of 16 or 24 bits, or 32-bit float).</summary>
/// <param name="Format">What the samples are.</param>
/// <param name="DataBytes">How many bytes of them there are; <see langword="null"/> when they go on to the end.</param>
internal sealed record WaveHeader(AudioFormat Format, long? DataBytes)
{
    /// <summary>Longest header that is read.</summary>
    public const int LongestBytes = 64 * 1024;

    // The fmt chunk, up to and with the sub-format of WAVE_FORMAT_EXTENSIBLE.
    private const int FormatBytes = 40;
    private const int ShortestFormatBytes = 16;

    private const ushort Integer = 1;
    private const ushort Float = 3;
    private const ushort Extensible = 0xFFFE;

    /// <summary>Reads a header from what has arrived so far.</summary>
    /// <param name="bytes">The beginning of the file.</param>
    /// <param name="samples">Where the samples begin.</param>
    /// <returns><see langword="null"/> when more has to arrive.</returns>
    /// <exception cref="ProblemException">This is no WAV file, or one of a kind that is not understood.</exception>
    public static WaveHeader? Read(in ReadOnlySequence<byte> bytes, out SequencePosition samples)
    {
        samples = bytes.Start;
        var reader = new SequenceReader<byte>(bytes);
        if (!TryReadTag(ref reader, out uint riff) || !TryReadUnsigned(ref reader, out _) || !TryReadTag(ref reader, out uint wave))
        {
            return null;
        }

        if (riff != Tag("RIFF"u8) || wave != Tag("WAVE"u8))
        {
            throw Problems.Malformed("The body is no WAV file: RIFF and WAVE are missing.");
        }

        AudioFormat? format = null;
        Span<byte> chunk = stackalloc byte[FormatBytes];
        while (TryReadTag(ref reader, out uint tag) && TryReadUnsigned(ref reader, out uint length))
        {
            if (tag == Tag("data"u8))
            {
                samples = reader.Position;
                return new WaveHeader(
                    format ?? throw Problems.Malformed("The WAV file has no fmt chunk in front of its data."),
                    length is 0 or > int.MaxValue ? null : length);
            }

            if (tag == Tag("fmt "u8) && length >= ShortestFormatBytes)
            {
                Span<byte> known = chunk[..(int)Math.Min(length, FormatBytes)];
                if (!reader.TryCopyTo(known))
                {
                    return null;
                }

                format = FormatOf(known);
            }

            // Chunks have an even length on the wire.
            long skip = (long)length + (length & 1);
            if (reader.Consumed + skip > LongestBytes)
            {
                throw Problems.Malformed($"The WAV file has no data within its first {LongestBytes} bytes.");
            }

            if (reader.Remaining < skip)
            {
                return null;
            }

            reader.Advance(skip);
        }

        return null;
    }

    private static AudioFormat FormatOf(ReadOnlySpan<byte> chunk)
    {
        ushort code = BitConverter.ToUInt16(chunk);
        if (code == Extensible && chunk.Length >= 26)
        {
            // The first two bytes of the sub-format's GUID are the code.
            code = BitConverter.ToUInt16(chunk[24..]);
        }

        ushort bits = BitConverter.ToUInt16(chunk[14..]);
        SampleFormat samples = (code, bits) switch
        {
            (Integer, 16) => SampleFormat.S16Le,
            (Integer, 24) => SampleFormat.S24Le,
            (Float, 32) => SampleFormat.F32Le,
            _ => throw Problems.Invalid("WAV format", $"code {code}, {bits} bits", "PCM of 16 or 24 bits, or 32-bit float"),
        };
        return new AudioFormat(
            samples,
            StripSettings.SampleRateFrom("WAV sample rate", (int)Math.Min(BitConverter.ToUInt32(chunk[4..]), int.MaxValue)),
            StripSettings.ChannelsFrom("WAV channels", BitConverter.ToUInt16(chunk[2..])));
    }

    private static uint Tag(ReadOnlySpan<byte> text) => BitConverter.ToUInt32(text);

    private static bool TryReadTag(ref SequenceReader<byte> reader, out uint tag) => TryReadUnsigned(ref reader, out tag);

    private static bool TryReadUnsigned(ref SequenceReader<byte> reader, out uint value)
    {
        bool isThere = reader.TryReadLittleEndian(out int number);
        value = (uint)number;
        return isThere;
    }
}
