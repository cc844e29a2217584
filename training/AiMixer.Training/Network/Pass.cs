using System.Numerics.Tensors;

namespace AiMixer.Training.Network;

/// <summary>
/// One window through the network, forwards and backwards. The buffers are kept from window to window; one thread at a time.
/// </summary>
internal sealed class Pass
{
    // Keeps deviations differentiable at zero; far below any that matters (the inputs have a deviation of about 1).
    public const float Epsilon = 1e-4f;
    private const int Inputs = Architecture.Inputs;

    private readonly Architecture _shape;
    private readonly float[] _outputs1;
    private readonly float[] _outputs2;
    private readonly float[] _gradient1;
    private readonly float[] _gradient2;
    private readonly float[] _features;
    private readonly float[] _keep;
    private readonly float[] _hidden;
    private readonly float[] _logits = new float[Architecture.Outputs];
    private readonly int[] _argMax;
    private ReadOnlyMemory<float> _frames;
    private int _positions1;
    private int _positions2;

    public Pass(Architecture shape, int framesMaximum)
    {
        _shape = shape;
        _outputs1 = new float[shape.Positions1(framesMaximum) * shape.Channels1];
        _gradient1 = new float[_outputs1.Length];
        _outputs2 = new float[shape.Positions2(framesMaximum) * shape.Channels2];
        _gradient2 = new float[_outputs2.Length];
        _features = new float[shape.Features];
        _keep = new float[shape.Features];
        _hidden = new float[shape.Hidden];
        _argMax = new int[shape.Channels2];
    }

    /// <summary>Logits of a window.</summary>
    /// <param name="weights">The parameters, laid out as <see cref="Architecture"/> says.</param>
    /// <param name="frames">Rows of 13 normalised coefficients.</param>
    /// <param name="dropped">For each feature 0, or what it is multiplied by; empty outside training.</param>
    public ReadOnlySpan<float> Forward(ReadOnlySpan<float> weights, ReadOnlyMemory<float> frames, ReadOnlySpan<float> dropped)
    {
        int count = frames.Length / Inputs / _shape.BlockFrames * _shape.BlockFrames;
        frames = frames[..(count * Inputs)];
        _frames = frames;
        _positions1 = _shape.Positions1(count);
        _positions2 = _shape.Positions2(count);
        ReadOnlySpan<float> x = frames.Span;
        for (int p = 0; p < _positions1; ++p)
        {
            Dense(
                weights, 0, _shape.Bias1, x.Slice(p * _shape.Taps1, _shape.Taps1),
                _outputs1.AsSpan(p * _shape.Channels1, _shape.Channels1), rectified: true);
        }

        for (int p = 0; p < _positions2; ++p)
        {
            Dense(
                weights, _shape.Weights2, _shape.Bias2,
                _outputs1.AsSpan(p * _shape.Stride2 * _shape.Channels1, _shape.Taps2),
                _outputs2.AsSpan(p * _shape.Channels2, _shape.Channels2), rectified: true);
        }

        Pool();
        if (_shape.Statistics)
        {
            Statistics(x, _shape.Kernel1, _features.AsSpan(_shape.Pooled));
        }

        if (dropped.IsEmpty)
        {
            Array.Fill(_keep, 1);
        }
        else
        {
            dropped.CopyTo(_keep);
            TensorPrimitives.Multiply(_features, _keep, _features);
        }

        Dense(weights, _shape.Weights3, _shape.Bias3, _features, _hidden, rectified: true);
        Dense(weights, _shape.Weights4, _shape.Bias4, _hidden, _logits, rectified: false);
        return _logits;
    }

    /// <summary>Adds the gradient of the last window's loss to that of the parameters.</summary>
    /// <param name="weights">The parameters of the forward pass.</param>
    /// <param name="logitGradient">Derivative of the loss by each logit.</param>
    /// <param name="gradient">One value per parameter.</param>
    public void Backward(ReadOnlySpan<float> weights, ReadOnlySpan<float> logitGradient, Span<float> gradient)
    {
        Span<float> hidden = stackalloc float[_shape.Hidden];
        Span<float> features = stackalloc float[_shape.Features];
        DenseBack(weights, gradient, _shape.Weights4, _shape.Bias4, _hidden, logitGradient, hidden);
        Rectify(hidden, _hidden);
        DenseBack(weights, gradient, _shape.Weights3, _shape.Bias3, _features, hidden, features);
        TensorPrimitives.Multiply(features, _keep, features);
        PoolBack(features);
        Array.Clear(_gradient1);
        for (int p = 0; p < _positions2; ++p)
        {
            Span<float> outputs = _gradient2.AsSpan(p * _shape.Channels2, _shape.Channels2);
            Rectify(outputs, _outputs2.AsSpan(p * _shape.Channels2, _shape.Channels2));
            int at = p * _shape.Stride2 * _shape.Channels1;
            DenseBack(
                weights, gradient, _shape.Weights2, _shape.Bias2, _outputs1.AsSpan(at, _shape.Taps2), outputs,
                _gradient1.AsSpan(at, _shape.Taps2));
        }

        ReadOnlySpan<float> x = _frames.Span;
        for (int p = 0; p < _positions1; ++p)
        {
            Span<float> outputs = _gradient1.AsSpan(p * _shape.Channels1, _shape.Channels1);
            Rectify(outputs, _outputs1.AsSpan(p * _shape.Channels1, _shape.Channels1));
            DenseBack(weights, gradient, 0, _shape.Bias1, x.Slice(p * _shape.Taps1, _shape.Taps1), outputs, default);
        }
    }

    /// <summary>
    /// Means of the coefficients from the second on, deviations of all, root mean square steps (within patches of frames) of all.
    /// </summary>
    public static void Statistics(ReadOnlySpan<float> frames, int patch, Span<float> statistics)
    {
        int count = frames.Length / Inputs;
        for (int k = 0; k < Inputs; ++k)
        {
            double sum = 0;
            double squares = 0;
            double differences = 0;
            for (int t = 0; t < count; ++t)
            {
                double value = frames[(t * Inputs) + k];
                sum += value;
                if (t % patch > 0)
                {
                    double step = value - frames[((t - 1) * Inputs) + k];
                    differences += step * step;
                }
            }

            double mean = sum / count;
            for (int t = 0; t < count; ++t)
            {
                double away = frames[(t * Inputs) + k] - mean;
                squares += away * away;
            }

            if (k > 0)
            {
                statistics[k - 1] = (float)mean;
            }

            statistics[Inputs - 1 + k] = (float)Math.Sqrt(squares / count);
            statistics[(2 * Inputs) - 1 + k] = (float)Math.Sqrt(differences / (count - (count / patch)));
        }
    }

    private static void Dense(
        ReadOnlySpan<float> weights, int at, int biasAt, ReadOnlySpan<float> x, Span<float> y, bool rectified)
    {
        for (int o = 0; o < y.Length; ++o)
        {
            float sum = weights[biasAt + o] + TensorPrimitives.Dot(weights.Slice(at + (o * x.Length), x.Length), x);
            y[o] = rectified && !(sum > 0) ? 0 : sum;
        }
    }

    // Adds to the gradients of weights, biases and, where wanted, inputs.
    private static void DenseBack(
        ReadOnlySpan<float> weights, Span<float> gradient, int at, int biasAt, ReadOnlySpan<float> x,
        ReadOnlySpan<float> outputs, Span<float> inputs)
    {
        for (int o = 0; o < outputs.Length; ++o)
        {
            float d = outputs[o];
            if (d == 0)
            {
                continue;
            }

            gradient[biasAt + o] += d;
            Span<float> row = gradient.Slice(at + (o * x.Length), x.Length);
            TensorPrimitives.MultiplyAdd(x, d, row, row);
            if (!inputs.IsEmpty)
            {
                TensorPrimitives.MultiplyAdd(weights.Slice(at + (o * x.Length), x.Length), d, inputs, inputs);
            }
        }
    }

    private static void Rectify(Span<float> gradient, ReadOnlySpan<float> outputs)
    {
        for (int i = 0; i < gradient.Length; ++i)
        {
            gradient[i] = outputs[i] > 0 ? gradient[i] : 0;
        }
    }

    private void Pool()
    {
        int channels = _shape.Channels2;
        for (int c = 0; c < channels; ++c)
        {
            float sum = 0;
            int most = 0;
            for (int p = 0; p < _positions2; ++p)
            {
                float value = _outputs2[(p * channels) + c];
                sum += value;
                most = value > _outputs2[(most * channels) + c] ? p : most;
            }

            float mean = sum / _positions2;
            float squares = 0;
            for (int p = 0; p < _positions2; ++p)
            {
                float away = _outputs2[(p * channels) + c] - mean;
                squares += away * away;
            }

            _argMax[c] = most;
            _features[c] = mean;
            _features[channels + c] = MathF.Sqrt((squares / _positions2) + Epsilon);
            _features[(2 * channels) + c] = _outputs2[(most * channels) + c];
        }
    }

    private void PoolBack(ReadOnlySpan<float> features)
    {
        int channels = _shape.Channels2;
        for (int c = 0; c < channels; ++c)
        {
            // The kept features were multiplied by what dropout let through; these are the values before.
            float mean = 0;
            float squares = 0;
            for (int p = 0; p < _positions2; ++p)
            {
                mean += _outputs2[(p * channels) + c];
            }

            mean /= _positions2;
            for (int p = 0; p < _positions2; ++p)
            {
                float away = _outputs2[(p * channels) + c] - mean;
                squares += away * away;
            }

            float deviation = MathF.Sqrt((squares / _positions2) + Epsilon);
            for (int p = 0; p < _positions2; ++p)
            {
                float away = _outputs2[(p * channels) + c] - mean;
                _gradient2[(p * channels) + c] =
                    ((features[c] + (features[channels + c] * away / deviation)) / _positions2)
                    + (p == _argMax[c] ? features[(2 * channels) + c] : 0);
            }
        }
    }
}
