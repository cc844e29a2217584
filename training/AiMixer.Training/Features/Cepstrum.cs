using System.Numerics.Tensors;

namespace AiMixer.Training.Features;

/// <summary>The orthonormal DCT-II between mel bands in dB and cepstral coefficients.</summary>
internal static class Cepstrum
{
    public const int Coefficients = 13;
    private const int Bands = FrameExtractor.Bands;

    // Row k: the cosines of coefficient k.
    private static readonly float[] Cosines = MakeCosines();
    private static readonly float[] Transposed = Transpose(Cosines);

    /// <summary>13 coefficients of each row of bands.</summary>
    public static void FromBands(ReadOnlySpan<float> bands, Span<float> coefficients)
    {
        for (int frame = 0; frame < bands.Length / Bands; ++frame)
        {
            for (int k = 0; k < Coefficients; ++k)
            {
                coefficients[(frame * Coefficients) + k] =
                    TensorPrimitives.Dot(bands.Slice(frame * Bands, Bands), Cosines.AsSpan(k * Bands, Bands));
            }
        }
    }

    /// <summary>The bands of rows of 40 coefficients.</summary>
    public static float[] ToBands(ReadOnlySpan<float> coefficients)
    {
        float[] bands = new float[coefficients.Length];
        for (int at = 0; at < bands.Length; at += Bands)
        {
            for (int b = 0; b < Bands; ++b)
            {
                bands[at + b] = TensorPrimitives.Dot(coefficients.Slice(at, Bands), Transposed.AsSpan(b * Bands, Bands));
            }
        }

        return bands;
    }

    private static float[] MakeCosines()
    {
        float[] cosines = new float[Bands * Bands];
        for (int k = 0; k < Bands; ++k)
        {
            for (int b = 0; b < Bands; ++b)
            {
                double scale = Math.Sqrt((k == 0 ? 1.0 : 2.0) / Bands);
                cosines[(k * Bands) + b] = (float)(scale * Math.Cos(Math.PI * k * (b + 0.5) / Bands));
            }
        }

        return cosines;
    }

    private static float[] Transpose(float[] square)
    {
        float[] result = new float[square.Length];
        for (int i = 0; i < square.Length; ++i)
        {
            result[((i % Bands) * Bands) + (i / Bands)] = square[i];
        }

        return result;
    }
}
