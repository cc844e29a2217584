namespace AiMixer.Training.Network;

/// <summary>
/// A trained network that takes coefficients as they are: the normalisation it was trained with is folded into its weights
/// and statistics' scales.
/// </summary>
/// <param name="Shape">Its shape.</param>
/// <param name="Weights">Its parameters, laid out as <see cref="Architecture"/> says.</param>
/// <param name="Temperature">What its logits are divided by before the softmax.</param>
internal sealed record GenreNetwork(Architecture Shape, float[] Weights, float Temperature)
{
    /// <summary>Folds a normalisation (x - mean) / deviation of each coefficient into the weights.</summary>
    public static GenreNetwork Fold(Architecture shape, float[] trained, Normalisation normalisation)
    {
        float[] weights = [.. trained];
        for (int o = 0; o < shape.Channels1; ++o)
        {
            double shift = 0;
            for (int i = 0; i < shape.Taps1; ++i)
            {
                int k = i % Architecture.Inputs;
                ref float weight = ref weights[(o * shape.Taps1) + i];
                weight /= normalisation.Deviation[k];
                shift += (double)weight * normalisation.Mean[k];
            }

            weights[shape.Bias1 + o] -= (float)shift;
        }

        for (int o = 0; shape.Statistics && o < shape.Hidden; ++o)
        {
            double shift = 0;
            for (int s = 0; s < Architecture.StatisticsCount; ++s)
            {
                bool isMean = s < Architecture.Inputs - 1;
                int k = isMean ? s + 1 : (s + 1) % Architecture.Inputs;
                ref float weight = ref weights[shape.Weights3 + (o * shape.Features) + shape.Pooled + s];
                weight /= normalisation.Deviation[k];
                shift += isMean ? (double)weight * normalisation.Mean[k] : 0;
            }

            weights[shape.Bias3 + o] -= (float)shift;
        }

        return new GenreNetwork(shape, weights, 1);
    }

    /// <summary>Logits of a window of raw coefficients, 50 to 300 rows of 13.</summary>
    public float[] Logits(ReadOnlyMemory<float> coefficients) =>
        new Pass(Shape, coefficients.Length / Architecture.Inputs).Forward(Weights, coefficients, default).ToArray();
}
