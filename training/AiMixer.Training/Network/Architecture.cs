using AiMixer.Training.Data;
using AiMixer.Training.Features;

namespace AiMixer.Training.Network;

/// <summary>
/// Shape of a network: two convolutions over time, whose outputs are pooled over the window (mean, deviation, maximum) and
/// joined by statistics of the coefficients themselves; two dense layers make five logits of that.
/// </summary>
/// <param name="Channels1">Outputs of the first convolution; 0: there are no convolutions.</param>
/// <param name="Kernel1">Its reach, and its stride, in frames.</param>
/// <param name="Channels2">Outputs of the second convolution.</param>
/// <param name="Kernel2">Its reach in outputs of the first.</param>
/// <param name="Stride2">Its stride in outputs of the first.</param>
/// <param name="Statistics">Whether the coefficients' own statistics take part.</param>
/// <param name="Hidden">Width of the dense layer in between.</param>
internal sealed record Architecture(
    int Channels1, int Kernel1, int Channels2, int Kernel2, int Stride2, bool Statistics, int Hidden)
{
    public const int Inputs = Cepstrum.Coefficients;
    public const int Outputs = GenreClass.Count;

    // Means of all coefficients but the first (which is level), deviations of all, root mean square steps of all.
    public const int StatisticsCount = (Inputs - 1) + Inputs + Inputs;

    /// <summary>Frames after which everything repeats: a window is a whole number of them.</summary>
    public int BlockFrames => Kernel1 * Stride2;

    public int Taps1 => Kernel1 * Inputs;

    public int Taps2 => Kernel2 * Channels1;

    public int Pooled => 3 * Channels2;

    public int Features => Pooled + (Statistics ? StatisticsCount : 0);

    // Where each layer's weights (row by row, one row per output) and biases lie among the parameters.
    public int Bias1 => Channels1 * Taps1;

    public int Weights2 => Bias1 + Channels1;

    public int Bias2 => Weights2 + (Channels2 * Taps2);

    public int Weights3 => Bias2 + Channels2;

    public int Bias3 => Weights3 + (Hidden * Features);

    public int Weights4 => Bias3 + Hidden;

    public int Bias4 => Weights4 + (Outputs * Hidden);

    public int ParameterCount => Bias4 + Outputs;

    /// <summary>Outputs of the first convolution for a number of frames.</summary>
    public int Positions1(int frames) => Channels1 == 0 ? 0 : frames / Kernel1;

    /// <summary>Outputs of the second convolution for a number of frames.</summary>
    public int Positions2(int frames) =>
        Channels1 == 0 ? 0 : Math.Max(0, ((Positions1(frames) - Kernel2) / Stride2) + 1);
}
