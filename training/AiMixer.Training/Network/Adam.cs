namespace AiMixer.Training.Network;

/// <summary>Adam with decoupled weight decay (Kingma and Ba 2015, Loshchilov and Hutter 2019).</summary>
internal sealed class Adam(int parameters, float weightDecay)
{
    private const float Beta1 = 0.9f;
    private const float Beta2 = 0.99f;
    private readonly float[] _mean = new float[parameters];
    private readonly float[] _square = new float[parameters];
    private int _steps;

    public void Step(Span<float> weights, ReadOnlySpan<float> gradient, float rate)
    {
        ++_steps;
        float scale1 = 1 / (1 - MathF.Pow(Beta1, _steps));
        float scale2 = 1 / (1 - MathF.Pow(Beta2, _steps));
        for (int i = 0; i < weights.Length; ++i)
        {
            float g = gradient[i];
            _mean[i] = (Beta1 * _mean[i]) + ((1 - Beta1) * g);
            _square[i] = (Beta2 * _square[i]) + ((1 - Beta2) * g * g);
            weights[i] -= rate * ((_mean[i] * scale1 / (MathF.Sqrt(_square[i] * scale2) + 1e-8f)) + (weightDecay * weights[i]));
        }
    }
}
