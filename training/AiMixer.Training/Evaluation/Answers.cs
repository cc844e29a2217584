using AiMixer.Training.Data;
using AiMixer.Training.Features;
using AiMixer.Training.Network;

namespace AiMixer.Training.Evaluation;

/// <summary>What a network says to windows of a recording it has not seen.</summary>
/// <param name="Recording">Index of the recording.</param>
/// <param name="Windows">Logits of each window of 3 s (or of the whole, when it is shorter) that is not a pause.</param>
internal sealed record Answers(int Recording, float[][] Windows)
{
    public const int HopFrames = 50;
    private const int Bands = FrameExtractor.Bands;

    // As the trainer's: a window so far below the recording's mean is a pause.
    private const float PauseDb = 25;

    /// <summary>Asks a network every half second.</summary>
    public static Answers Ask(GenreNetwork network, TakeFrames take)
    {
        float[] coefficients = new float[take.Count * Architecture.Inputs];
        Cepstrum.FromBands(take.Bands, coefficients);
        int length = Math.Min(take.Count, WindowSampler.FramesMaximum);
        float mean = Mean(take.Bands);
        List<float[]> windows = [];
        for (int at = 0; at + length <= take.Count && length >= WindowSampler.FramesMinimum; at += HopFrames)
        {
            if (Mean(take.Bands.AsSpan(at * Bands, length * Bands)) > mean - PauseDb)
            {
                windows.Add(network.Logits(coefficients.AsMemory(at * Architecture.Inputs, length * Architecture.Inputs)));
            }
        }

        return new Answers(take.Recording, [.. windows]);
    }

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

    private static float Mean(ReadOnlySpan<float> values) =>
        System.Numerics.Tensors.TensorPrimitives.Sum<float>(values) / values.Length;
}
