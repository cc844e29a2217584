using AiMixer.Training.Augmentation;
using AiMixer.Training.Features;
using AiMixer.Training.Network;

namespace AiMixer.Training.Tests;

/// <summary>The gradient, against differences of a loss that is computed in double precision by other code.</summary>
public sealed class GradientTests
{
    // Single-precision gradient against central differences with a step of 1e-5 in double precision.
    private const double Tolerance = 2e-3;

    [Fact]
    public void Every_parameters_gradient_is_the_slope_of_the_loss()
    {
        Architecture shape = new(9, 7);
        Dice dice = new("gradient");
        float[] weights = [.. Enumerable.Range(0, shape.ParameterCount).Select(_ => (float)(0.3 * dice.Normal()))];
        float[] statistics = [.. Enumerable.Range(0, WindowStatistics.Count).Select(_ => (float)dice.Normal())];
        Pass pass = new(shape);
        float[] logitGradient = new float[Architecture.Outputs];
        float[] targets = new float[Architecture.Outputs];
        Trainer.Label(3, 0.1f, targets);
        Trainer.LossGradient(pass.Forward(weights, statistics), targets, 1, logitGradient);
        float[] gradient = new float[weights.Length];
        pass.Backward(weights, logitGradient, gradient);

        double[] exact = [.. weights.Select(w => (double)w)];
        for (int i = 0; i < exact.Length; ++i)
        {
            double kept = exact[i];
            exact[i] = kept + 1e-5;
            double above = Loss(shape, exact, statistics);
            exact[i] = kept - 1e-5;
            double below = Loss(shape, exact, statistics);
            exact[i] = kept;
            double slope = (above - below) / 2e-5;
            Assert.True(Math.Abs(slope - gradient[i]) <= Tolerance * (1 + Math.Abs(slope)), $"parameter {i}: {gradient[i]}, slope {slope}");
        }
    }

    private static double Loss(Architecture shape, double[] weights, float[] statistics)
    {
        double[] logits = ReferenceNetwork.Logits(shape, weights, [.. statistics.Select(s => (double)s)]);
        double most = logits.Max();
        double norm = most + Math.Log(logits.Sum(l => Math.Exp(l - most)));
        return Enumerable.Range(0, logits.Length).Sum(c => -(logits[c] - norm) * (0.02 + (c == 3 ? 0.9 : 0)));
    }
}
