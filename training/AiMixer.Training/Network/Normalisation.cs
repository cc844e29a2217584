using System.Numerics.Tensors;
using AiMixer.Training.Augmentation;
using AiMixer.Training.Features;

namespace AiMixer.Training.Network;

/// <summary>Mean and deviation of each statistic over what a network is trained on.</summary>
internal sealed record Normalisation(float[] Mean, float[] Deviation)
{
    // Of a statistic that hardly moves where it was trained.
    private const double LeastDeviation = 1e-3;

    /// <summary>Measures it on drawn windows.</summary>
    public static Normalisation Measure(WindowSampler sampler, Dice dice, float strength)
    {
        const int Windows = 1000;
        double[] sum = new double[WindowStatistics.Count];
        double[] squares = new double[WindowStatistics.Count];
        float[] statistics = new float[WindowStatistics.Count];
        for (int w = 0; w < Windows; ++w)
        {
            sampler.Draw(dice, statistics, strength);
            for (int s = 0; s < statistics.Length; ++s)
            {
                sum[s] += statistics[s];
                squares[s] += (double)statistics[s] * statistics[s];
            }
        }

        return new Normalisation(
            [.. sum.Select(s => (float)(s / Windows))],
            [.. squares.Select((s, i) => (float)(Math.Sqrt(Math.Max(0, (s / Windows) - (sum[i] / Windows * sum[i] / Windows))) + LeastDeviation))]);
    }

    public void Apply(Span<float> statistics)
    {
        TensorPrimitives.Subtract(statistics, Mean.AsSpan(0, statistics.Length), statistics);
        TensorPrimitives.Divide(statistics, Deviation.AsSpan(0, statistics.Length), statistics);
    }
}
