using System.Numerics.Tensors;

namespace AiMixer.Training.Features;

/// <summary>
/// What is measured on a window's <see cref="Outline"/>, in this order: means of the coefficients from the second on (the
/// first is level); deviations of all; root mean square steps of all; correlations of all pairs; and of each of the first
/// four, how periodic its steps over 20 ms are. The buffers are kept from window to window; one thread at a time.
/// </summary>
internal sealed class WindowStatistics(int framesMaximum)
{
    /// <summary>A window is a whole number of blocks of so many frames.</summary>
    public const int BlockFrames = 10;

    /// <summary>Steps are measured from frame to frame within patches of so many.</summary>
    public const int PatchFrames = 5;

    /// <summary>The rhythm is that of the first coefficients' means of so many frames.</summary>
    public const int BeatFrames = 2;
    public const int RhythmCoefficients = 4;

    /// <summary>Lags of the rhythm, in beats of 20 ms: 0.12 to 1.18 s, and from where on they are slow ones (0.4 s).</summary>
    public const int LagLeast = 6;
    public const int LagSlow = 20;
    public const int LagMost = 59;

    /// <summary>Added to deviations (in dB) and to the sum of squared steps, so that what does not move divides by no zero.</summary>
    public const float Stillness = 1;

    /// <summary>Means, deviations and steps alone.</summary>
    public const int MovementCount = (3 * Inputs) - 1;
    public const int PairCount = Inputs * (Inputs - 1) / 2;
    public const int Count = MovementCount + PairCount + (3 * RhythmCoefficients);
    private const int Inputs = Cepstrum.Coefficients;

    private readonly float[] _outline = new float[framesMaximum * Inputs];

    // One row per coefficient, its mean taken away.
    private readonly float[] _rows = new float[framesMaximum * Inputs];
    private readonly float[] _steps = new float[framesMaximum / BeatFrames];
    private readonly float[] _periods = new float[LagMost - LagLeast + 1];

    /// <summary>Measures a window.</summary>
    /// <param name="coefficients">Rows of 13 as the extractor makes them; those beyond a whole number of blocks are left out.</param>
    /// <param name="statistics">Receives <see cref="Count"/> values.</param>
    public void Measure(ReadOnlySpan<float> coefficients, Span<float> statistics)
    {
        int count = coefficients.Length / Inputs / BlockFrames * BlockFrames;
        Span<float> outline = _outline.AsSpan(0, count * Inputs);
        Outline.Apply(coefficients[..outline.Length], outline);
        Span<float> deviations = statistics.Slice(Inputs - 1, Inputs);
        for (int k = 0; k < Inputs; ++k)
        {
            Span<float> row = _rows.AsSpan(k * count, count);
            for (int t = 0; t < count; ++t)
            {
                row[t] = outline[(t * Inputs) + k];
            }

            float mean = Centre(row);
            if (k > 0)
            {
                statistics[k - 1] = mean;
            }

            deviations[k] = MathF.Sqrt(TensorPrimitives.SumOfSquares<float>(row) / count);
            statistics[(2 * Inputs) - 1 + k] = Motion(row);
        }

        int at = MovementCount;
        for (int i = 0; i < Inputs; ++i)
        {
            for (int j = i + 1; j < Inputs; ++j)
            {
                float together = TensorPrimitives.Dot<float>(_rows.AsSpan(i * count, count), _rows.AsSpan(j * count, count)) / count;
                statistics[at++] = together / ((deviations[i] + Stillness) * (deviations[j] + Stillness));
            }
        }

        for (int k = 0; k < RhythmCoefficients; ++k)
        {
            Rhythm(_rows.AsSpan(k * count, count), statistics[(at + k)..]);
        }
    }

    // Root mean square of the steps within patches.
    private static float Motion(ReadOnlySpan<float> row)
    {
        float sum = 0;
        for (int t = 1; t < row.Length; ++t)
        {
            float step = row[t] - row[t - 1];
            sum += t % PatchFrames == 0 ? 0 : step * step;
        }

        return MathF.Sqrt(sum / (row.Length - (row.Length / PatchFrames)));
    }

    // Of the autocorrelation of the steps from beat to beat: the highest value at any lag, the deviation from lag to lag, the
    // highest value at slow lags. A lag that the window does not hold has none.
    private void Rhythm(ReadOnlySpan<float> row, Span<float> periodic)
    {
        Span<float> steps = _steps.AsSpan(0, (row.Length / BeatFrames) - 1);
        for (int i = 0; i < steps.Length; ++i)
        {
            steps[i] = (TensorPrimitives.Sum<float>(row.Slice((i + 1) * BeatFrames, BeatFrames))
                - TensorPrimitives.Sum<float>(row.Slice(i * BeatFrames, BeatFrames))) / BeatFrames;
        }

        Centre(steps);
        float energy = TensorPrimitives.SumOfSquares<float>(steps) + Stillness;
        for (int lag = LagLeast; lag <= LagMost; ++lag)
        {
            int fitting = Math.Max(0, steps.Length - lag);
            _periods[lag - LagLeast] =
                TensorPrimitives.Dot<float>(steps[..fitting], steps.Slice(steps.Length - fitting, fitting)) / energy;
        }

        periodic[0] = TensorPrimitives.Max<float>(_periods);
        periodic[2 * RhythmCoefficients] = TensorPrimitives.Max<float>(_periods.AsSpan(LagSlow - LagLeast));
        Centre(_periods);
        periodic[RhythmCoefficients] = MathF.Sqrt(TensorPrimitives.SumOfSquares<float>(_periods) / _periods.Length);
    }

    // Takes the mean away and tells it.
    private static float Centre(Span<float> values)
    {
        float mean = TensorPrimitives.Sum<float>(values) / values.Length;
        TensorPrimitives.Subtract(values, mean, values);
        return mean;
    }
}
