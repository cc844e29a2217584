using AiMixer.Training.Data;
using AiMixer.Training.Network;

namespace AiMixer.Training.Evaluation;

/// <summary>What a network says to windows of a recording it has not seen.</summary>
/// <param name="Recording">Index of the recording.</param>
/// <param name="Windows">Logits of each window of its <see cref="Hearing"/>.</param>
internal sealed record Answers(int Recording, float[][] Windows)
{
    // Several windows are surer than one, here as in the core: native/src/genre/programme.h.
    private const float Surer = 0.25f;

    /// <summary>Probabilities of the whole recording: the mean of the windows' log-probabilities, made surer, normalised.</summary>
    public float[] Clip(float temperature)
    {
        float exponent = (1 + (Surer * (1 - (1f / Windows.Length)))) / Windows.Length;
        float[] sum = new float[GenreClass.Count];
        foreach (float[] logits in Windows)
        {
            float[] p = Window(logits, temperature);
            for (int c = 0; c < sum.Length; ++c)
            {
                sum[c] += exponent * MathF.Log(MathF.Max(p[c], 1e-4f));
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
