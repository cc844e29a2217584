using AiMixer.Training.Features;
using AiMixer.Training.Network;

namespace AiMixer.Training.Evaluation;

/// <summary>What there is to say something about: the windows of a recording, measured once for all networks.</summary>
/// <param name="Recording">Index of the recording.</param>
/// <param name="Windows">
/// <see cref="WindowStatistics"/> of each window of 3 s, one every half second (or of the whole, when it is shorter), that is
/// not a pause.
/// </param>
internal sealed record Hearing(int Recording, float[][] Windows)
{
    private const int HopFrames = 50;

    public static Hearing Of(TakeFrames take)
    {
        float[] coefficients = new float[take.Count * Cepstrum.Coefficients];
        Cepstrum.FromBands(take.Bands, coefficients);
        int length = Math.Min(take.Count, WindowSampler.FramesMaximum);
        WindowStatistics measure = new(length);
        List<float[]> windows = [];
        for (int at = 0; at + length <= take.Count && length >= WindowSampler.FramesMinimum; at += HopFrames)
        {
            if (take.Sounds(at, length))
            {
                float[] statistics = new float[WindowStatistics.Count];
                measure.Measure(coefficients.AsSpan(at * Cepstrum.Coefficients, length * Cepstrum.Coefficients), statistics);
                windows.Add(statistics);
            }
        }

        return new Hearing(take.Recording, [.. windows]);
    }

    /// <summary>What a network says to them.</summary>
    public Answers Ask(GenreNetwork network)
    {
        Pass pass = new(network.Shape);
        return new Answers(Recording, [.. Windows.Select(w => pass.Forward(network.Weights, w).ToArray())]);
    }
}
