namespace AiMixer.Training.Network;

/// <summary>From logits to probabilities.</summary>
internal static class Probability
{
    public static void Softmax(ReadOnlySpan<float> logits, Span<float> probabilities)
    {
        float most = logits[0];
        foreach (float logit in logits)
        {
            most = MathF.Max(most, logit);
        }

        double sum = 0;
        for (int c = 0; c < logits.Length; ++c)
        {
            double e = Math.Exp(logits[c] - most);
            probabilities[c] = (float)e;
            sum += e;
        }

        for (int c = 0; c < logits.Length; ++c)
        {
            probabilities[c] = (float)(probabilities[c] / sum);
        }
    }
}
