using AiMixer.Training.Augmentation;
using AiMixer.Training.Features;

namespace AiMixer.Training.Network;

/// <summary>How long and how carefully to train.</summary>
/// <param name="Steps">Batches.</param>
/// <param name="BatchSize">New windows per batch.</param>
/// <param name="Repeats">Windows per batch that were drawn before, for every new one.</param>
/// <param name="Rate">Learning rate at its highest.</param>
/// <param name="WeightDecay">Share of each weight lost per step, times the rate.</param>
/// <param name="Dropout">Share of the statistics left out.</param>
/// <param name="Smoothing">Share of the label given to all classes alike.</param>
/// <param name="Strength">What the chances of the treatments of the mel bands are multiplied by.</param>
internal sealed record TrainingPlan(
    int Steps = 4000, int BatchSize = 32, int Repeats = 3, float Rate = 3e-3f, float WeightDecay = 0.2f, float Dropout = 0.2f,
    float Smoothing = 0.05f, float Strength = 1);

/// <summary>Trains one network on one thread: the same key, the same network.</summary>
internal static class Trainer
{
    // How much a pupil believes its teachers rather than the label.
    private const float Belief = 0.7f;

    // Drawing and measuring a window costs many times what learning from it does: so many are kept to learn from again.
    private const int WindowsKept = 40_000;

    /// <summary>Trains a network.</summary>
    /// <param name="shape">Its shape.</param>
    /// <param name="plan">How long and how carefully.</param>
    /// <param name="sampler">What to learn from.</param>
    /// <param name="teachers">
    /// Networks whose mean answer it learns as well as the labels (Hinton, Vinyals and Dean 2015): one network then knows
    /// what several agree on. May be empty.
    /// </param>
    /// <param name="key">Decides every draw.</param>
    public static GenreNetwork Train(
        Architecture shape, TrainingPlan plan, WindowSampler sampler, IReadOnlyList<GenreNetwork> teachers, string key)
    {
        Dice dice = new(key);
        Normalisation normalisation = Normalisation.Measure(sampler, dice, plan.Strength);
        float[] weights = Initial(shape, dice);
        float[] average = [.. weights];
        float[] gradient = new float[weights.Length];
        float[] logitGradient = new float[Architecture.Outputs];
        float[] input = new float[shape.Statistics];
        var windows = new (float[] Statistics, float[] Targets)[Math.Min(plan.Steps * plan.BatchSize, WindowsKept)];
        int drawn = 0;
        Pass pass = new(shape);
        Pass[] lessons = [.. teachers.Select(t => new Pass(t.Shape))];
        Adam adam = new(weights.Length, plan.WeightDecay);
        for (int step = 0; step < plan.Steps; ++step)
        {
            Array.Clear(gradient);
            int batch = plan.BatchSize * (1 + plan.Repeats);
            for (int b = 0; b < batch; ++b)
            {
                bool fresh = b < plan.BatchSize;
                int at = fresh ? drawn++ % windows.Length : dice.Below(Math.Min(drawn, windows.Length));
                if (fresh)
                {
                    windows[at] = (new float[WindowStatistics.Count], new float[Architecture.Outputs]);
                    Label(sampler.Draw(dice, windows[at].Statistics, plan.Strength), plan.Smoothing, windows[at].Targets);
                    Listen(teachers, lessons, windows[at].Statistics, windows[at].Targets);
                    normalisation.Apply(windows[at].Statistics.AsSpan(0, shape.Statistics));
                }

                (float[] statistics, float[] targets) = windows[at];
                for (int i = 0; i < input.Length; ++i)
                {
                    input[i] = dice.Chance(plan.Dropout) ? 0 : statistics[i] / (1 - plan.Dropout);
                }

                ReadOnlySpan<float> logits = pass.Forward(weights, input);
                LossGradient(logits, targets, 1f / batch, logitGradient);
                pass.Backward(weights, logitGradient, gradient);
            }

            float progress = (float)step / plan.Steps;
            float warm = Math.Min(1, (step + 1) / 100f);
            adam.Step(weights, gradient, plan.Rate * warm * (0.5f + (0.5f * MathF.Cos(MathF.PI * progress))));
            Follow(average, weights, step);
        }

        return GenreNetwork.Fold(shape, average, normalisation);
    }

    /// <summary>The label as probabilities, a share of them given to all classes alike.</summary>
    public static void Label(int label, float smoothing, Span<float> targets)
    {
        targets.Fill(smoothing / targets.Length);
        targets[label] += 1 - smoothing;
    }

    /// <summary>Derivative of the cross-entropy to targets by each logit, times a factor.</summary>
    public static void LossGradient(
        ReadOnlySpan<float> logits, ReadOnlySpan<float> targets, float factor, Span<float> gradient)
    {
        Probability.Softmax(logits, gradient);
        for (int c = 0; c < gradient.Length; ++c)
        {
            gradient[c] = (gradient[c] - targets[c]) * factor;
        }
    }

    private static void Listen(
        IReadOnlyList<GenreNetwork> teachers, Pass[] lessons, ReadOnlySpan<float> statistics, Span<float> targets)
    {
        if (teachers.Count == 0)
        {
            return;
        }

        Span<float> answer = stackalloc float[Architecture.Outputs];
        Span<float> mean = stackalloc float[Architecture.Outputs];
        mean.Clear();
        for (int t = 0; t < teachers.Count; ++t)
        {
            Probability.Softmax(lessons[t].Forward(teachers[t].Weights, statistics), answer);
            for (int c = 0; c < mean.Length; ++c)
            {
                mean[c] += answer[c] / teachers.Count;
            }
        }

        for (int c = 0; c < mean.Length; ++c)
        {
            targets[c] = ((1 - Belief) * targets[c]) + (Belief * mean[c]);
        }
    }

    // A running average of the weights generalises better than their last values (Polyak and Juditsky 1992).
    private static void Follow(float[] average, float[] weights, int step)
    {
        float keep = Math.Min(0.998f, (1f + step) / (10f + step));
        for (int i = 0; i < weights.Length; ++i)
        {
            average[i] = (keep * average[i]) + ((1 - keep) * weights[i]);
        }
    }

    private static float[] Initial(Architecture shape, Dice dice)
    {
        float[] weights = new float[shape.ParameterCount];
        void Fill(int from, int count, int fan)
        {
            double deviation = Math.Sqrt(2.0 / fan);
            for (int i = 0; i < count; ++i)
            {
                weights[from + i] = (float)(deviation * dice.Normal());
            }
        }

        Fill(0, shape.Bias1, shape.Statistics);
        Fill(shape.Weights2, shape.Bias2 - shape.Weights2, shape.Hidden);
        return weights;
    }
}
