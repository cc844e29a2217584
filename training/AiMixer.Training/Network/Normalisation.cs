using AiMixer.Training.Augmentation;
using AiMixer.Training.Features;

namespace AiMixer.Training.Network;

/// <summary>Mean and deviation of each coefficient over what a network is trained on.</summary>
internal sealed record Normalisation(float[] Mean, float[] Deviation)
{
    /// <summary>Measures it on drawn windows.</summary>
    public static Normalisation Measure(WindowSampler sampler, Dice dice, float strength)
    {
        const int Windows = 400;
        double[] sum = new double[Architecture.Inputs];
        double[] squares = new double[Architecture.Inputs];
        long count = 0;
        float[] window = new float[WindowSampler.FramesMaximum * Architecture.Inputs];
        for (int w = 0; w < Windows; ++w)
        {
            int frames = sampler.Draw(dice, window, strength).Frames;
            count += frames;
            for (int i = 0; i < frames * Architecture.Inputs; ++i)
            {
                sum[i % Architecture.Inputs] += window[i];
                squares[i % Architecture.Inputs] += (double)window[i] * window[i];
            }
        }

        float[] mean = [.. sum.Select(s => (float)(s / count))];
        float[] deviation = [.. squares.Select((s, k) => (float)Math.Sqrt((s / count) - (sum[k] / count * sum[k] / count)))];
        return new Normalisation(mean, deviation);
    }

    public void Apply(Span<float> coefficients)
    {
        for (int i = 0; i < coefficients.Length; ++i)
        {
            int k = i % Architecture.Inputs;
            coefficients[i] = (coefficients[i] - Mean[k]) / Deviation[k];
        }
    }
}
