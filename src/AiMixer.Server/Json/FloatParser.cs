using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace AiMixer.Server.Json;

/// <summary>
/// Reads JSON numbers as the nearest 32-bit float. Nearly all go through one division of doubles; the few whose rounding
/// that cannot decide, and those out of the ordinary, are left to the framework.
/// </summary>
internal static class FloatParser
{
    // So many digits fit a signed 64-bit integer, which the processor turns into a double in one instruction.
    private const int FastDigits = 18;

    // A double carries 29 bits more than a float. Where they stand this close to one half, the two roundings above (of the
    // integer and of the quotient, half a unit each) may have moved the value across; powers of ten up to 22 are exact.
    private const ulong BelowFloat = (1UL << 29) - 1;
    private const ulong Half = 1UL << 28;
    private const ulong Doubt = 4;
    private const int FastExponent = 22;

    private const double SmallestNormal = 1.1754943508222875e-38;
    private const double TooLarge = 3.4e38;

    private static ReadOnlySpan<double> PowersOfTen =>
    [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11,
        1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
    ];

    private static ReadOnlySpan<long> IntegerPowersOfTen =>
    [
        1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000, 10_000_000_000, 100_000_000_000,
        1_000_000_000_000, 10_000_000_000_000, 100_000_000_000_000, 1_000_000_000_000_000, 10_000_000_000_000_000,
    ];

    /// <summary>
    /// Reads a number whose end is known and that looks as audio nearly always does: [-]d.ddd, with up to 16 digits after the
    /// point. Neither its sign nor its length takes a branch, which audio would make hard to foresee.
    /// </summary>
    /// <param name="text">The text; so close to its beginning that 16 bytes do not fit in front of the end, nothing is read.</param>
    /// <param name="start">Where the number begins.</param>
    /// <param name="end">What follows its last digit.</param>
    /// <param name="value">The nearest float.</param>
    /// <returns><see langword="false"/> when it looks different or is left to <see cref="Parse"/>.</returns>
    public static bool TryParsePlain(ReadOnlySpan<byte> text, int start, int end, out float value)
    {
        value = 0;
        if (end - start < 3 || end < Vector128<byte>.Count)
        {
            return false;
        }

        int at = text[start] == '-' ? 1 : 0;
        uint whole = (uint)(text[start + at] - '0');
        int digits = end - start - at - 2;
        if (whole > 9 || text[start + at + 1] != '.' || digits is < 1 or > 16)
        {
            return false;
        }

        // The digits stand at the end of two words; what is in front of them does not count.
        Vector128<byte> characters = Vector128.Create(text.Slice(end - Vector128<byte>.Count, Vector128<byte>.Count));
        Vector128<byte> isDigit = Vector128.GreaterThanOrEqual(Vector128<byte>.Indices, Vector128.Create((byte)(16 - digits)));
        Vector128<byte> values = (characters - Vector128.Create((byte)'0')) & isDigit;
        if (Vector128.GreaterThanAny(values, Vector128.Create((byte)9)))
        {
            return false;
        }

        long fraction = Join(values.AsUInt64()[0]) * 100_000_000L + Join(values.AsUInt64()[1]);
        if (!TryRound(whole * IntegerPowersOfTen[digits] + fraction, -digits, out float magnitude))
        {
            return false;
        }

        value = BitConverter.UInt32BitsToSingle(BitConverter.SingleToUInt32Bits(magnitude) | (uint)at << 31);
        return true;
    }

    /// <summary>Reads the number at the beginning of a text.</summary>
    /// <param name="text">The text; it goes on with something that is no part of a number.</param>
    /// <param name="value">The nearest float; infinite when the number lies beyond all of them.</param>
    /// <returns>The length of the number in bytes; 0 when there is none that JSON allows.</returns>
    public static int Parse(ReadOnlySpan<byte> text, out float value)
    {
        value = 0;
        int at = 0;
        bool isNegative = text.Length > 0 && text[0] == '-';
        if (isNegative)
        {
            at = 1;
        }

        long mantissa = 0;
        int first = at;
        while ((uint)at < (uint)text.Length && IsDigit(text[at], out int digit))
        {
            mantissa = unchecked(mantissa * 10 + digit);
            at++;
        }

        int digits = at - first;
        if (digits == 0 || (digits > 1 && text[first] == '0'))
        {
            return 0;
        }

        int exponent = 0;
        if ((uint)at < (uint)text.Length && text[at] == '.')
        {
            int point = ++at;
            while (at + 8 <= text.Length && EightDigits(text.Slice(at, 8), out uint eight))
            {
                mantissa = unchecked(mantissa * 100_000_000 + eight);
                at += 8;
            }

            while ((uint)at < (uint)text.Length && IsDigit(text[at], out int digit))
            {
                mantissa = unchecked(mantissa * 10 + digit);
                at++;
            }

            exponent = point - at;
            if (exponent == 0)
            {
                return 0;
            }

            digits += text[first] == '0' ? -exponent - 1 : -exponent;
        }

        if ((uint)at < (uint)text.Length && (text[at] | 0x20) == 'e')
        {
            int length = ReadExponent(text[(at + 1)..], out int written);
            if (length == 0)
            {
                return 0;
            }

            at += 1 + length;
            exponent += written;
        }

        if (digits > FastDigits || !TryRound(mantissa, exponent, out value))
        {
            // What JSON allows, the framework reads; it rounds correctly at any length.
            value = float.Parse(text[..at], NumberStyles.Float, CultureInfo.InvariantCulture);
        }
        else if (isNegative)
        {
            value = -value;
        }

        return at;
    }

    private static bool TryRound(long mantissa, int exponent, out float value)
    {
        double number = mantissa;
        if ((uint)(exponent + FastExponent) > 2 * FastExponent)
        {
            value = 0;
            return mantissa == 0;
        }

        number = exponent < 0 ? number / PowersOfTen[-exponent] : number * PowersOfTen[exponent];
        value = (float)number;
        ulong below = BitConverter.DoubleToUInt64Bits(number) & BelowFloat;
        bool isDecided = below - (Half - Doubt) > 2 * Doubt && number >= SmallestNormal && number <= TooLarge;
        return isDecided || mantissa == 0;
    }

    /// <summary>The digits after the e, with their sign; far beyond any float, more of them change nothing.</summary>
    private static int ReadExponent(ReadOnlySpan<byte> text, out int exponent)
    {
        const int Enough = 100_000;
        exponent = 0;
        int at = text.Length > 0 && text[0] is (byte)'+' or (byte)'-' ? 1 : 0;
        int first = at;
        while ((uint)at < (uint)text.Length && IsDigit(text[at], out int digit))
        {
            exponent = Math.Min(exponent * 10 + digit, Enough);
            at++;
        }

        if (at == first)
        {
            return 0;
        }

        if (text[0] == '-')
        {
            exponent = -exponent;
        }

        return at;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsDigit(byte character, out int digit)
    {
        digit = character - '0';
        return (uint)digit <= 9;
    }

    /// <summary>Eight digits at once: checked and joined in pairs, within one 64-bit word.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool EightDigits(ReadOnlySpan<byte> text, out uint number)
    {
        ulong value = BinaryPrimitives.ReadUInt64LittleEndian(text) - 0x3030303030303030;
        number = Join(value);
        return ((value | (value + 0x7676767676767676)) & 0x8080808080808080) == 0;
    }

    /// <summary>Joins digits in pairs, the pairs in pairs, and those.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Join(ulong digits)
    {
        digits = digits * 10 + (digits >> 8);
        return (uint)((((digits & 0x000000FF000000FF) * 0x000F424000000064) + (((digits >> 16) & 0x000000FF000000FF) * 0x0000271000000001)) >> 32);
    }
}
