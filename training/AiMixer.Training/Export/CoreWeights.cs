using System.Globalization;
using System.Text;
using AiMixer.Training.Features;
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
        Table(text, "kOutlineBands", Outline.ToBands, Outline.Bands);
        Table(text, "kOutlineCoefficients", Outline.ToCoefficients, Cepstrum.Coefficients);
        text.Append(CultureInfo.InvariantCulture, $"\n// How far below the loudest band of its frame a band is heard, in dB.\nconstexpr float kOutlineRangeDb = {Number(Outline.RangeDb)};\n");
        Matrix(text, "Hidden", weights[..shape.Bias1], weights[shape.Bias1..shape.Weights2]);
        Matrix(text, "Output", weights[shape.Weights2..shape.Bias2], weights[shape.Bias2..]);
        text.Append(CultureInfo.InvariantCulture, $"\n// What logits are divided by before the softmax.\nconstexpr float kTemperature = {Number(network.Temperature)};\n");
        return text.ToString();
    }

    // A layer: its rows are outputs here, and inputs there.
    private static void Matrix(StringBuilder text, string name, ReadOnlySpan<float> weights, ReadOnlySpan<float> bias)
    {
        int inputs = weights.Length / bias.Length;
        float[] turned = new float[weights.Length];
        for (int i = 0; i < turned.Length; ++i)
        {
            turned[i] = weights[(i % bias.Length * inputs) + (i / bias.Length)];
        }

        Table(text, $"k{name}Weights", turned, bias.Length);
        Table(text, $"k{name}Bias", bias, bias.Length);
    }

    // Rows of so many columns, padded to whole vectors.
    private static void Table(StringBuilder text, string name, ReadOnlySpan<float> values, int columns)
    {
        int rows = values.Length / columns;
        int padded = (columns + Lanes - 1) / Lanes * Lanes;
        float[] wide = new float[rows * padded];
        for (int row = 0; row < rows; ++row)
        {
            values.Slice(row * columns, columns).CopyTo(wide.AsSpan(row * padded));
        }

        Array(text, name, wide, rows == 1 ? $"{padded}" : $"{rows} * {padded}");
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
