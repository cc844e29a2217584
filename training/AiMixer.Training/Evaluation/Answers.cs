using AiMixer.Training.Data;
using AiMixer.Training.Network;

namespace AiMixer.Training.Evaluation;

/// <summary>What a network says to windows of a recording it has not seen.</summary>
/// <param name="Recording">Index of the recording.</param>
/// <param name="Windows">Logits of each window of its <see cref="Hearing"/>.</param>
internal sealed record Answers(int Recording, float[][] Windows)
{
    /// <summary>Probabilities of the whole recording: the mean of the windows' log-probabilities, normalised.</summary>
    public float[] Clip(float temperature)
    {
        float[] sum = new float[GenreClass.Count];
        foreach (float[] logits in Windows)
        {
            float[] p = Window(logits, temperature);
            for (int c = 0; c < sum.Length; ++c)
            {
                sum[c] += MathF.Log(MathF.Max(p[c], 1e-6f)) / Windows.Length;
            }
        }

        float[] probabilities = new float[GenreClass.Count];
        Probability.Softmax(sum, probabilities);
        return probabilities;
    }

    /// <summary>Probabilities of one window.</summary>
    public static float[] Window(float[] logits, float temperature)
    {
        float[] scaled = [.. logits.Select(l => l / temperature)];
        float[] probabilities = new float[scaled.Length];
        Probability.Softmax(scaled, probabilities);
        return probabilities;
    }
}
