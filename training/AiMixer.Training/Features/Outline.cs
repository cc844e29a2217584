using System.Numerics.Tensors;
using System.Runtime.Intrinsics;

namespace AiMixer.Training.Features;

/// <summary>
/// What of a frame can be heard: 13 coefficients as the smooth spectrum that they are, 20 bands, none of them more than
/// 30 dB below the loudest, and back. Band limits, sample rates, codecs and noise change what lies far below; what is left
/// is changed little by them. The first coefficient moves with the level and no other does.
/// </summary>
internal static class Outline
{
    public const int Bands = 20;

    /// <summary>How far below the loudest band of its frame a band is heard, in dB.</summary>
    public const float RangeDb = 30;
    private const int Inputs = Cepstrum.Coefficients;

    /// <summary>Rows of 20, one per coefficient: what it adds to each band, in dB.</summary>
    public static ReadOnlySpan<float> ToBands => Forth;

    /// <summary>Rows of 13, one per band: what it adds to each coefficient.</summary>
    public static ReadOnlySpan<float> ToCoefficients => Back;

    private static readonly float[] Forth = Make((k, b) => Cosine(k, b), Inputs, Bands);

    // Twenty bands stand for the forty that the coefficients were made of.
    private static readonly float[] Back = Make((b, k) => 2 * Cosine(k, b), Bands, Inputs);

    // The same with rows as long as those of the other.
    private static readonly float[] WideBack = Make((b, k) => k < Inputs ? 2 * Cosine(k, b) : 0, Bands, Bands);

    /// <summary>Of rows of 13 coefficients, rows of 13.</summary>
    public static void Apply(ReadOnlySpan<float> coefficients, Span<float> outline)
    {
        Span<float> bands = stackalloc float[Bands];
        Span<float> wide = stackalloc float[Bands];
        for (int at = 0; at < coefficients.Length; at += Inputs)
        {
            Multiply(coefficients.Slice(at, Inputs), Forth, bands);
            TensorPrimitives.Max(bands, TensorPrimitives.Max<float>(bands) - RangeDb, bands);
            Multiply(bands, WideBack, wide);
            wide[..Inputs].CopyTo(outline.Slice(at, Inputs));
        }
    }

    // One row of the matrix, of 20 values, for each value of x.
    private static void Multiply(ReadOnlySpan<float> x, float[] matrix, Span<float> y)
    {
        Vector128<float> a = default, b = default, c = default, d = default, e = default;
        for (int i = 0; i < x.Length; ++i)
        {
            ReadOnlySpan<float> row = matrix.AsSpan(i * Bands, Bands);
            Vector128<float> value = Vector128.Create(x[i]);
            a += value * Vector128.Create(row);
            b += value * Vector128.Create(row[4..]);
            c += value * Vector128.Create(row[8..]);
            d += value * Vector128.Create(row[12..]);
            e += value * Vector128.Create(row[16..]);
        }

        a.CopyTo(y);
        b.CopyTo(y[4..]);
        c.CopyTo(y[8..]);
        d.CopyTo(y[12..]);
        e.CopyTo(y[16..]);
    }

    // Row k of the orthonormal DCT-II of the extractor's forty bands, at every second of them, so to say.
    private static double Cosine(int k, int b) =>
        Math.Sqrt((k == 0 ? 0.5 : 1) / Bands) * Math.Cos(Math.PI * k * (b + 0.5) / Bands);

    private static float[] Make(Func<int, int, double> value, int rows, int columns) =>
        [.. Enumerable.Range(0, rows * columns).Select(i => (float)value(i / columns, i % columns))];
}
