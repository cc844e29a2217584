using System.Numerics.Tensors;

namespace AiMixer.Training.Network;

/// <summary>
/// One window's statistics through the network, forwards and backwards. The buffers are kept from window to window; one
/// thread at a time.
/// </summary>
internal sealed class Pass(Architecture shape)
{
    private readonly float[] _statistics = new float[shape.Statistics];
    private readonly float[] _hidden = new float[shape.Hidden];
    private readonly float[] _logits = new float[Architecture.Outputs];

    /// <summary>Logits of a window.</summary>
    /// <param name="weights">The parameters, laid out as <see cref="Architecture"/> says.</param>
    /// <param name="statistics">At least as many statistics as take part.</param>
    public ReadOnlySpan<float> Forward(ReadOnlySpan<float> weights, ReadOnlySpan<float> statistics)
    {
        statistics[.._statistics.Length].CopyTo(_statistics);
        Dense(weights, 0, shape.Bias1, _statistics, _hidden);
        TensorPrimitives.Max<float>(_hidden, 0, _hidden);
        Dense(weights, shape.Weights2, shape.Bias2, _hidden, _logits);
        return _logits;
    }

    /// <summary>Adds the gradient of the last window's loss to that of the parameters.</summary>
    /// <param name="weights">The parameters of the forward pass.</param>
    /// <param name="logitGradient">Derivative of the loss by each logit.</param>
    /// <param name="gradient">One value per parameter.</param>
    public void Backward(ReadOnlySpan<float> weights, ReadOnlySpan<float> logitGradient, Span<float> gradient)
    {
        Span<float> hidden = stackalloc float[shape.Hidden];
        for (int o = 0; o < logitGradient.Length; ++o)
        {
            TensorPrimitives.MultiplyAdd(weights.Slice(shape.Weights2 + (o * hidden.Length), hidden.Length), logitGradient[o], hidden, hidden);
        }

        DenseBack(gradient, shape.Weights2, shape.Bias2, _hidden, logitGradient);
        for (int i = 0; i < hidden.Length; ++i)
        {
            hidden[i] = _hidden[i] > 0 ? hidden[i] : 0;
        }

        DenseBack(gradient, 0, shape.Bias1, _statistics, hidden);
    }

    private static void Dense(ReadOnlySpan<float> weights, int at, int biasAt, ReadOnlySpan<float> x, Span<float> y)
    {
        for (int o = 0; o < y.Length; ++o)
        {
            y[o] = weights[biasAt + o] + TensorPrimitives.Dot(weights.Slice(at + (o * x.Length), x.Length), x);
        }
    }

    // Adds to the gradients of weights and biases.
    private static void DenseBack(Span<float> gradient, int at, int biasAt, ReadOnlySpan<float> x, ReadOnlySpan<float> outputs)
    {
        for (int o = 0; o < outputs.Length; ++o)
        {
            gradient[biasAt + o] += outputs[o];
            Span<float> row = gradient.Slice(at + (o * x.Length), x.Length);
            TensorPrimitives.MultiplyAdd(x, outputs[o], row, row);
        }
    }
}
