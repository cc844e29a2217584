using System.Globalization;
using System.Runtime.CompilerServices;

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
        ulong word = System.Buffers.Binary.BinaryPrimitives.ReadUInt64LittleEndian(text);
        ulong value = word - 0x3030303030303030;
        bool areDigits = ((value | (value + 0x7676767676767676)) & 0x8080808080808080) == 0;
        value = value * 10 + (value >> 8);
        value = (((value & 0x000000FF000000FF) * 0x000F424000000064) + (((value >> 16) & 0x000000FF000000FF) * 0x0000271000000001)) >> 32;
        number = (uint)value;
        return areDigits;
    }
}
