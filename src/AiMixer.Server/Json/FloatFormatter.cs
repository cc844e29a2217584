using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace AiMixer.Server.Json;

/// <summary>
/// Writes 32-bit floats as the shortest decimal that reads back as the same float, the nearest of several: character for
/// character what System.Text.Json writes. After Raffaello Giulietti, "The Schubfach way to render doubles" (2020).
/// </summary>
internal static class FloatFormatter
{
    /// <summary>Room that a number may need, in bytes.</summary>
    public const int LongestNumber = 16;

    internal const int MantissaBits = 23;
    internal const int ExponentOfUnit = 150;

    // 10^e for these e reach from the smallest to the largest float.
    private const int LowestPower = -31;
    private const int HighestPower = 45;

    // Outside of these powers of ten the number is written with an exponent.
    private const int LowestPoint = -4;
    private const int HighestPoint = 7;

    // The shortest decimal of a float has no more digits than this.
    private const int MostDigits = 9;

    private static ReadOnlySpan<uint> TensTo => [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000];

    private static readonly ulong[] Powers = MakePowers();
    private static readonly ushort[] Pairs = MakePairs();
    private static readonly ulong[] Counts = MakeCounts();

    /// <summary>Writes a finite number.</summary>
    /// <param name="value">The number.</param>
    /// <param name="text">Room for <see cref="LongestNumber"/> bytes.</param>
    /// <returns>The bytes written.</returns>
    public static int Format(float value, Span<byte> text)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value);
        ref byte start = ref MemoryMarshal.GetReference(text[..LongestNumber]);
        // A branch on the sign, which changes as audio does, would be foreseen half the time.
        start = (byte)'-';
        int at = (int)(bits >> 31);
        bits &= 0x7FFFFFFF;
        if (bits == 0)
        {
            Unsafe.Add(ref start, at) = (byte)'0';
            return at + 1;
        }

        uint digits = Shortest(bits, out int power);
        int count = CountDigits(digits);
        int point = count + power;
        if (point is > LowestPoint and <= 0)
        {
            return Fraction(ref start, at, digits, count, point);
        }

        while (digits % 10 == 0)
        {
            digits /= 10;
            power++;
            count--;
        }

        if (point is > 0 and <= HighestPoint)
        {
            return Plain(ref start, at, digits, count, point);
        }

        if (point > HighestPoint)
        {
            // Ten million times full scale is no audio: left to the framework. The longest, -3.4028235E+38, has room.
            _ = value.TryFormat(text, out int written, default, CultureInfo.InvariantCulture);
            return written;
        }

        return Scientific(ref start, at, digits, count, point - 1);
    }

    /// <summary>0.000ddd, what nearly all audio looks like: all digits at once, without a branch for how many there are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Fraction(ref byte start, int at, uint digits, int count, int point)
    {
        const uint Eight = 100_000_000;
        uint nine = digits * TensTo[MostDigits - count];
        uint first = nine / Eight;
        ulong others = EightDigits(nine - first * Eight);

        return at + WriteFraction(ref Unsafe.Add(ref start, at), point, first, others);
    }

    /// <summary>Writes 0.000ddd from nine digits.</summary>
    /// <param name="start">Room for <see cref="LongestNumber"/> bytes, without a sign.</param>
    /// <param name="point">Where the point stands: this many places, 0 to -3, to the right of the first digit.</param>
    /// <param name="first">The first digit.</param>
    /// <param name="others">The others as bytes; zeros at their end are not written.</param>
    /// <returns>The bytes written.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int WriteFraction(ref byte start, int point, uint first, ulong others)
    {
        // "0.000" is four bytes and one; the digits then cover the zeros that are not wanted.
        Unsafe.WriteUnaligned(ref start, (byte)'0' | (byte)'.' << 8 | (byte)'0' << 16 | (byte)'0' << 24);
        Unsafe.Add(ref start, 4) = (byte)'0';
        int at = 2 - point;
        Unsafe.Add(ref start, at) = (byte)('0' + first);
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref start, at + 1), others + 0x3030303030303030);
        return at + MostDigits - BitOperations.LeadingZeroCount(others) / 8;
    }

    /// <summary>Powers of ten, scaled to 64 bits, for four exponents.</summary>
    internal static Vector256<ulong> PowersOfTen(Vector128<int> exponents) =>
        Vector256.Create(PowerOfTen(exponents[0]), PowerOfTen(exponents[1]), PowerOfTen(exponents[2]), PowerOfTen(exponents[3]));

    private static ulong PowerOfTen(int exponent) => Powers[exponent - LowestPower];

    /// <summary>The digits of a number below 10^8 as bytes, the first one lowest: halves, quarters and eighths within one word.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong EightDigits(uint number)
    {
        ulong word = number / 10_000;
        word |= (ulong)(number - (uint)word * 10_000) << 32;
        ulong hundreds = ((word * 10_486) >> 20) & 0x0000007F_0000007F;
        word = hundreds | (word - hundreds * 100) << 16;
        ulong tens = ((word * 103) >> 10) & 0x000F000F_000F000F;
        return tens | (word - tens * 10) << 8;
    }

    private static int Plain(ref byte start, int at, uint digits, int count, int point)
    {
        if (point >= count)
        {
            // ddd000
            WriteDigits(ref Unsafe.Add(ref start, at), digits, count);
            for (; count < point; count++)
            {
                Unsafe.Add(ref start, at + count) = (byte)'0';
            }

            return at + count;
        }

        // d.dd: written one place to the right, then the whole part moves back.
        WriteDigits(ref Unsafe.Add(ref start, at + 1), digits, count);
        for (int i = 0; i < point; i++)
        {
            Unsafe.Add(ref start, at + i) = Unsafe.Add(ref start, at + i + 1);
        }

        Unsafe.Add(ref start, at + point) = (byte)'.';
        return at + count + 1;
    }

    private static int Scientific(ref byte start, int at, uint digits, int count, int exponent)
    {
        if (count == 1)
        {
            Unsafe.Add(ref start, at++) = (byte)('0' + digits);
        }
        else
        {
            WriteDigits(ref Unsafe.Add(ref start, at + 1), digits, count);
            Unsafe.Add(ref start, at) = Unsafe.Add(ref start, at + 1);
            Unsafe.Add(ref start, at + 1) = (byte)'.';
            at += count + 1;
        }

        Unsafe.Add(ref start, at) = (byte)'E';
        Unsafe.Add(ref start, at + 1) = (byte)'-';
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref start, at + 2), Pairs[-exponent]);
        return at + 4;
    }

    /// <summary>Digits and power of ten of the shortest decimal inside the rounding interval of a positive float.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Shortest(uint bits, out int power)
    {
        uint fraction = bits & ((1 << MantissaBits) - 1);
        int biased = (int)(bits >> MantissaBits);
        uint mantissa = biased == 0 ? fraction : fraction | (1 << MantissaBits);
        int exponent = (biased == 0 ? 1 : biased) - ExponentOfUnit;

        // Below a power of two the neighbours are half as far away.
        bool isLowerCloser = fraction == 0 && biased > 1;
        power = isLowerCloser ? FloorLog10ThreeQuarters(exponent) : FloorLog10(exponent);
        int shift = exponent + FloorLog2OfPower(-power) + 1;
        ulong scale = PowerOfTen(-power);

        // The interval's ends and the number itself in quarters of the last digit; an odd last bit says "and something more".
        uint lower = Scale(scale, (4 * mantissa - (isLowerCloser ? 1u : 2u)) << shift);
        uint number = Scale(scale, (4 * mantissa) << shift);
        uint upper = Scale(scale, (4 * mantissa + 2) << shift);

        // The ends themselves belong to floats with an even mantissa.
        uint isOdd = mantissa & 1;
        lower += isOdd;
        upper -= isOdd;

        // Ones and zeros rather than branches, which the digits of audio would make hard to foresee.
        uint whole = number / 4;
        uint isFloorInside = lower <= 4 * whole ? 1u : 0;
        uint isCeilingInside = 4 * whole + 4 <= upper ? 1u : 0;

        // Both or none: the nearer one, the even one of two.
        uint middle = 4 * whole + 2;
        uint isNearerAbove = number > middle - 1 + (~whole & 1) ? 1u : 0;
        uint isOnlyOneInside = isFloorInside ^ isCeilingInside;
        uint shortest = whole + (isOnlyOneInside & isCeilingInside | (isOnlyOneInside ^ 1) & isNearerAbove);

        // One digit less, when exactly one of the two neighbours lies inside and a digit is left.
        uint tens = whole / 10;
        uint isBelowInside = lower <= 40 * tens ? 1u : 0;
        uint isAboveInside = 40 * tens + 40 <= upper ? 1u : 0;
        uint isShorter = (isBelowInside ^ isAboveInside) & (whole >= 10 ? 1u : 0);
        power += (int)isShorter;
        return shortest + isShorter * (tens + isAboveInside - shortest);
    }

    /// <summary>The product's integer part; its last bit is set when the rest is more than the power's own error.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Scale(ulong scale, uint number)
    {
        ulong high = Math.BigMul(scale, number, out ulong low);
        return (uint)high | (low >> 32 > 1 ? 1u : 0);
    }

    // Fixed-point logarithms, exact in the range of floats; a test tries all exponents.
    internal static int FloorLog10(int powerOfTwo) => (powerOfTwo * 1262611) >> 22;

    internal static int FloorLog10ThreeQuarters(int powerOfTwo) => (powerOfTwo * 1262611 - 524031) >> 22;

    internal static int FloorLog2OfPower(int powerOfTen) => (powerOfTen * 1741647) >> 19;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int CountDigits(uint digits) => (int)((digits + Counts[BitOperations.Log2(digits)]) >> 32);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void WriteDigits(ref byte start, uint digits, int count)
    {
        ref ushort pairs = ref MemoryMarshal.GetArrayDataReference(Pairs);
        while (digits >= 100)
        {
            uint rest = digits / 100;
            count -= 2;
            Unsafe.WriteUnaligned(ref Unsafe.Add(ref start, count), Unsafe.Add(ref pairs, (int)(digits - rest * 100)));
            digits = rest;
        }

        if (digits >= 10)
        {
            Unsafe.WriteUnaligned(ref start, Unsafe.Add(ref pairs, (int)digits));
        }
        else
        {
            start = (byte)('0' + digits);
        }
    }

    /// <summary>10^e, scaled to 64 bits and rounded up.</summary>
    private static ulong[] MakePowers()
    {
        ulong[] powers = new ulong[HighestPower - LowestPower + 1];
        for (int e = LowestPower; e <= HighestPower; e++)
        {
            int shift = 63 - FloorLog2OfPower(e);
            BigInteger scaled = e >= 0
                ? Shift(BigInteger.Pow(10, e), shift)
                : Shift(BigInteger.One, shift) / BigInteger.Pow(10, -e);
            powers[e - LowestPower] = (ulong)(scaled + 1);
        }

        return powers;
    }

    private static BigInteger Shift(BigInteger number, int bits) => bits >= 0 ? number << bits : number >> -bits;

    /// <summary>
    /// For every place of the highest bit how many digits such numbers have, in the upper half; where they have one more from a
    /// power of ten on, the lower half overflows from there.
    /// </summary>
    private static ulong[] MakeCounts()
    {
        ulong[] counts = new ulong[32];
        ulong next = 10;
        uint digits = 1;
        for (int i = 0; i < counts.Length; i++)
        {
            counts[i] = (ulong)digits << 32;
            if (next < 2UL << i)
            {
                digits++;
                counts[i] = ((ulong)digits << 32) - next;
                next *= 10;
            }
        }

        return counts;
    }

    private static ushort[] MakePairs() =>
        [.. Enumerable.Range(0, 100).Select(number => (ushort)('0' + number / 10 | ('0' + number % 10) << 8))];
}
