using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace AiMixer.Server.Json;

/// <summary>
/// Writes four floats at a time, where the processor has AVX2 and each of them lies between 2^-13 and 1, as nearly all audio
/// does: what <see cref="FloatFormatter"/> does, step by step, in lanes of 64 bits.
/// </summary>
internal static class FloatLanes
{
    public const int Count = 4;

    // Below 10^-4 numbers are written with an exponent; this is the power of two above it.
    private const uint Smallest = 0x39000000;
    private const uint One = 0x3F800000;
    private const uint FractionMask = (1 << FloatFormatter.MantissaBits) - 1;

    /// <summary>Writes four numbers, each with a comma in front of it.</summary>
    /// <param name="values">The numbers.</param>
    /// <param name="text">Room for four times <see cref="FloatFormatter.LongestNumber"/> and a comma.</param>
    /// <param name="written">The bytes written.</param>
    /// <returns><see langword="false"/> when one of them has to be written alone.</returns>
    public static bool TryFormat(ReadOnlySpan<float> values, Span<byte> text, out int written)
    {
        written = 0;
        if (!Avx2.IsSupported)
        {
            return false;
        }

        Vector128<uint> bits = Vector128.Create(values).AsUInt32();
        Vector128<uint> magnitude = bits & Vector128.Create(0x7FFFFFFFu);
        Vector128<uint> fraction = magnitude & Vector128.Create(FractionMask);

        // A power of two, without a fraction, has neighbours at different distances.
        if (Vector128.LessThanAny(magnitude, Vector128.Create(Smallest)) ||
            Vector128.GreaterThanOrEqualAny(magnitude, Vector128.Create(One)) ||
            Vector128.EqualsAny(fraction, Vector128<uint>.Zero))
        {
            return false;
        }

        Vector256<ulong> digits = Shortest(magnitude, fraction, out Vector256<long> power);

        // Six to nine digits become nine, with zeros at the end.
        Vector256<ulong> hasSeven = Exceeds(digits, Vector256.Create(999_999UL));
        Vector256<ulong> hasEight = Exceeds(digits, Vector256.Create(9_999_999UL));
        Vector256<ulong> hasNine = Exceeds(digits, Vector256.Create(99_999_999UL));
        Vector256<long> count = Vector256.Create(6L) - (hasSeven + hasEight + hasNine).AsInt64();
        Vector256<ulong> factor = Vector256.ConditionalSelect(hasSeven, Vector256.Create(100UL), Vector256.Create(1000UL));
        factor = Vector256.ConditionalSelect(hasEight, Vector256.Create(10UL), factor);
        factor = Vector256.ConditionalSelect(hasNine, Vector256<ulong>.One, factor);
        Vector256<ulong> nine = Product(digits, factor);
        Vector256<ulong> first = Quotient(nine, 1441151881, 57);
        Vector256<ulong> others = EightDigits(nine - Product(first, Vector256.Create(100_000_000UL)));
        written = Write(ref MemoryMarshal.GetReference(text[..(Count * (FloatFormatter.LongestNumber + 1))]), bits, count + power, first, others);
        return true;
    }

    private static int Write(ref byte start, Vector128<uint> bits, Vector256<long> point, Vector256<ulong> first, Vector256<ulong> others)
    {
        int at = 0;
        for (int i = 0; i < Count; i++)
        {
            Unsafe.WriteUnaligned(ref Unsafe.Add(ref start, at), (ushort)(',' | '-' << 8));
            at += 1 + (int)(bits[i] >> 31);
            at += FloatFormatter.WriteFraction(ref Unsafe.Add(ref start, at), (int)point[i], (uint)first[i], others[i]);
        }

        return at;
    }

    private static Vector256<ulong> Shortest(Vector128<uint> magnitude, Vector128<uint> fraction, out Vector256<long> power)
    {
        Vector128<int> exponent = (magnitude >> FloatFormatter.MantissaBits).AsInt32() - Vector128.Create(FloatFormatter.ExponentOfUnit);
        Vector128<int> ten = (exponent * Vector128.Create(1262611)) >> 22;
        Vector128<uint> shift = (exponent + ((-ten * Vector128.Create(1741647)) >> 19) + Vector128<int>.One).AsUInt32();
        Vector128<uint> mantissa = fraction | Vector128.Create(1u << FloatFormatter.MantissaBits);
        Vector128<uint> quarters = mantissa << 2;
        Vector128<uint> half = Vector128.Create(2u);
        Vector256<ulong> scale = FloatFormatter.PowersOfTen(-ten);
        Vector256<ulong> isOdd = Wide(mantissa & Vector128<uint>.One);
        Vector256<ulong> lower = Scale(scale, Avx2.ShiftLeftLogicalVariable(quarters - half, shift)) + isOdd;
        Vector256<ulong> number = Scale(scale, Avx2.ShiftLeftLogicalVariable(quarters, shift));
        Vector256<ulong> upper = Scale(scale, Avx2.ShiftLeftLogicalVariable(quarters + half, shift)) - isOdd;

        // Comparisons give -1 for yes: all numbers lie far below 2^63.
        Vector256<ulong> whole = number >> 2;
        Vector256<ulong> floor = whole << 2;
        Vector256<ulong> isFloorInside = ~Exceeds(lower, floor);
        Vector256<ulong> isCeilingInside = ~Exceeds(floor + Vector256.Create(4UL), upper);
        Vector256<ulong> isNearerAbove = Exceeds(number, floor + Vector256<ulong>.One + (~whole & Vector256<ulong>.One));
        Vector256<ulong> isUp = Vector256.ConditionalSelect(isFloorInside ^ isCeilingInside, isCeilingInside, isNearerAbove);
        Vector256<ulong> tens = Quotient(whole, 3435973837, 35);
        Vector256<ulong> below = Product(tens, Vector256.Create(40UL));
        Vector256<ulong> isAboveInside = ~Exceeds(below + Vector256.Create(40UL), upper);
        Vector256<ulong> isShorter = ~Exceeds(lower, below) ^ isAboveInside;
        power = Avx2.ConvertToVector256Int64(ten) - isShorter.AsInt64();
        return Vector256.ConditionalSelect(isShorter, tens - isAboveInside, whole - isUp);
    }

    private static Vector256<ulong> Scale(Vector256<ulong> scale, Vector128<uint> number)
    {
        Vector256<ulong> wide = Wide(number);
        Vector256<ulong> product = Product(scale >> 32, wide) + (Product(scale, wide) >> 32);
        Vector256<ulong> rest = product & Vector256.Create((ulong)uint.MaxValue);
        return (product >> 32) | (Exceeds(rest, Vector256<ulong>.One) & Vector256<ulong>.One);
    }

    private static Vector256<ulong> EightDigits(Vector256<ulong> number)
    {
        Vector256<ulong> halves = Quotient(number, 109951163, 40);
        Vector256<uint> four = (halves | ((number - Product(halves, Vector256.Create(10_000UL))) << 32)).AsUInt32();
        Vector256<uint> hundreds = (four * Vector256.Create(10_486u)) >> 20;
        Vector256<ushort> two = (hundreds | ((four - hundreds * Vector256.Create(100u)) << 16)).AsUInt16();
        Vector256<ushort> tens = (two * Vector256.Create((ushort)103)) >> 10;
        return (tens | ((two - tens * Vector256.Create((ushort)10)) << 8)).AsUInt64();
    }

    private static Vector256<ulong> Exceeds(Vector256<ulong> left, Vector256<ulong> right) =>
        Vector256.GreaterThan(left.AsInt64(), right.AsInt64()).AsUInt64();

    /// <summary>Of the lower halves of the lanes.</summary>
    private static Vector256<ulong> Product(Vector256<ulong> left, Vector256<ulong> right) => Avx2.Multiply(left.AsUInt32(), right.AsUInt32());

    /// <summary>Division by a constant: a product with its inverse, scaled by a power of two.</summary>
    private static Vector256<ulong> Quotient(Vector256<ulong> number, ulong inverse, int scale) => Product(number, Vector256.Create(inverse)) >> scale;

    private static Vector256<ulong> Wide(Vector128<uint> lanes) => Avx2.ConvertToVector256Int64(lanes).AsUInt64();
}
