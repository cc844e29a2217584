using AiMixer.Training.Data;
using AiMixer.Training.Features;

namespace AiMixer.Training.Network;

/// <summary>Shape of a network: statistics of a window, a dense layer, rectified, and one that makes five logits of it.</summary>
/// <param name="Statistics">How many of <see cref="WindowStatistics"/> take part, from the first on.</param>
/// <param name="Hidden">Width of the layer in between.</param>
internal sealed record Architecture(int Statistics, int Hidden)
{
    public const int Inputs = Cepstrum.Coefficients;
    public const int Outputs = GenreClass.Count;

    // Where each layer's weights (row by row, one row per output) and biases lie among the parameters.
    public int Bias1 => Hidden * Statistics;

    public int Weights2 => Bias1 + Hidden;

    public int Bias2 => Weights2 + (Outputs * Hidden);

    public int ParameterCount => Bias2 + Outputs;
}
