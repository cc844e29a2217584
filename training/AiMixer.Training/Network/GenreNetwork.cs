using AiMixer.Training.Features;

namespace AiMixer.Training.Network;

/// <summary>A trained network that takes statistics as they are: the normalisation it was trained with is folded into its weights.</summary>
/// <param name="Shape">Its shape.</param>
/// <param name="Weights">Its parameters, laid out as <see cref="Architecture"/> says.</param>
/// <param name="Temperature">What its logits are divided by before the softmax.</param>
internal sealed record GenreNetwork(Architecture Shape, float[] Weights, float Temperature)
{
    /// <summary>Folds a normalisation (x - mean) / deviation of each statistic into the weights.</summary>
    public static GenreNetwork Fold(Architecture shape, float[] trained, Normalisation normalisation)
    {
        float[] weights = [.. trained];
        for (int o = 0; o < shape.Hidden; ++o)
        {
            double shift = 0;
            for (int s = 0; s < shape.Statistics; ++s)
            {
                ref float weight = ref weights[(o * shape.Statistics) + s];
                weight /= normalisation.Deviation[s];
                shift += (double)weight * normalisation.Mean[s];
            }

            weights[shape.Bias1 + o] -= (float)shift;
        }

        return new GenreNetwork(shape, weights, 1);
    }

    /// <summary>Logits of a window of coefficients, 50 to 300 rows of 13.</summary>
    public float[] Logits(ReadOnlySpan<float> coefficients)
    {
        float[] statistics = new float[WindowStatistics.Count];
        new WindowStatistics(coefficients.Length / Architecture.Inputs).Measure(coefficients, statistics);
        return new Pass(Shape).Forward(Weights, statistics).ToArray();
    }
}
