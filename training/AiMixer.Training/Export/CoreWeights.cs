using System.Globalization;
using System.Text;
using AiMixer.Training.Network;

namespace AiMixer.Training.Export;

/// <summary>Writes a network as the C++ constants of the core: one row per input, outputs padded to whole vectors.</summary>
internal static class CoreWeights
{
    private const int Lanes = 4;
    private const int PerLine = 6;

    /// <summary>The text of model_weights.inc: the same for the same network.</summary>
    public static string Write(GenreNetwork network)
    {
        Architecture shape = network.Shape;
        ReadOnlySpan<float> weights = network.Weights;
        StringBuilder text = new();
        text.Append("// Written by AiMixer.Training: do not edit. Matrices have one row per input, outputs padded to whole vectors.\n");
        Matrix(text, "Patch", weights[..shape.Bias1], weights[shape.Bias1..shape.Weights2]);
        Matrix(text, "Motif", weights[shape.Weights2..shape.Bias2], weights[shape.Bias2..shape.Weights3]);
        Matrix(text, "Hidden", weights[shape.Weights3..shape.Bias3], weights[shape.Bias3..shape.Weights4]);
        Matrix(text, "Output", weights[shape.Weights4..shape.Bias4], weights[shape.Bias4..]);
        text.Append(CultureInfo.InvariantCulture, $"\n// What logits are divided by before the softmax.\nconstexpr float kTemperature = {Number(network.Temperature)};\n");
        return text.ToString();
    }

    private static void Matrix(StringBuilder text, string name, ReadOnlySpan<float> weights, ReadOnlySpan<float> bias)
    {
        int outputs = bias.Length;
        int inputs = weights.Length / outputs;
        int padded = (outputs + Lanes - 1) / Lanes * Lanes;
        float[] turned = new float[inputs * padded];
        float[] paddedBias = new float[padded];
        bias.CopyTo(paddedBias);
        for (int o = 0; o < outputs; ++o)
        {
            for (int i = 0; i < inputs; ++i)
            {
                turned[(i * padded) + o] = weights[(o * inputs) + i];
            }
        }

        Array(text, $"k{name}Weights", turned, $"{inputs} * {padded}");
        Array(text, $"k{name}Bias", paddedBias, $"{padded}");
    }

    private static void Array(StringBuilder text, string name, float[] values, string size)
    {
        text.Append(CultureInfo.InvariantCulture, $"\nalignas(16) constexpr float {name}[{size}] = {{");
        for (int i = 0; i < values.Length; ++i)
        {
            text.Append(i % PerLine == 0 ? "\n    " : " ").Append(Number(values[i])).Append(',');
        }

        text.Append("\n};\n");
    }

    // Nine digits tell every float apart.
    private static string Number(float value)
    {
        string digits = value.ToString("G9", CultureInfo.InvariantCulture);
        return (digits.AsSpan().IndexOfAny('.', 'E') < 0 ? digits + ".0" : digits) + "f";
    }
}
