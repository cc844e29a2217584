using AiMixer.Training.Augmentation;
using AiMixer.Training.Export;
using AiMixer.Training.Export.Onnx;
using AiMixer.Training.Features;
using AiMixer.Training.Network;

namespace AiMixer.Training.Tests;

/// <summary>What is written is what was trained.</summary>
public sealed class ExportTests
{
    // Single precision against double, on inputs of tens and sums of some hundred terms.
    private const double Tolerance = 1e-4;

    private static readonly Architecture Shape = new(WindowStatistics.Count, 8);

    [Theory]
    [InlineData(50)]
    [InlineData(300)]
    [InlineData(307)]
    public void The_network_agrees_with_the_reference(int frames)
    {
        GenreNetwork network = Network();
        float[] window = Window(frames);
        AssertClose(
            ReferenceNetwork.Logits(Shape, [.. network.Weights.Select(w => (double)w)], ReferenceNetwork.Statistics(window)), network.Logits(window));
    }

    [Theory]
    [InlineData(50)]
    [InlineData(300)]
    [InlineData(307)]
    public void The_onnx_graph_computes_what_the_network_computes(int frames)
    {
        GenreNetwork network = Network();
        float[] window = Window(frames);
        ModelProto model = ModelProto.Parser.ParseFrom(OnnxModel.Write(network));
        OnnxInterpreter run = new(model.Graph, window, frames);
        AssertClose([.. network.Logits(window).Select(l => (double)l)], [.. run["logits"].Select(l => (float)l)]);
        Assert.Equal(1, run["probabilities"].Sum(), 1e-9);
        double[] scaled = [.. network.Logits(window).Select(l => Math.Exp(l / network.Temperature))];
        Assert.Equal(scaled[2] / scaled.Sum(), run["probabilities"][2], 1e-4);
    }

    [Fact]
    public void The_shipped_shape_is_small()
    {
        GenreNetwork network = new(Evaluation.Candidate.Shipped, new float[Evaluation.Candidate.Shipped.ParameterCount], 1);
        Assert.InRange(OnnxModel.Write(network).Length, 1, 200_000);
    }

    [Fact]
    public void Folding_a_normalisation_changes_no_answer()
    {
        Dice dice = new("fold");
        float[] trained = [.. Enumerable.Range(0, Shape.ParameterCount).Select(_ => (float)(0.2 * dice.Normal()))];
        Normalisation normalisation = new(
            [.. Enumerable.Range(0, WindowStatistics.Count).Select(_ => (float)dice.Between(-20, 20))],
            [.. Enumerable.Range(0, WindowStatistics.Count).Select(_ => (float)dice.Between(3, 30))]);
        float[] raw = new float[WindowStatistics.Count];
        new WindowStatistics(120).Measure(Window(120), raw);
        float[] normalised = [.. raw];
        normalisation.Apply(normalised);
        double[] expected = [.. new Pass(Shape).Forward(trained, normalised).ToArray().Select(l => (double)l)];
        AssertClose(expected, new Pass(Shape).Forward(GenreNetwork.Fold(Shape, trained, normalisation).Weights, raw).ToArray());
    }

    [Fact]
    public void The_cores_weights_hold_every_parameter_to_the_last_bit()
    {
        GenreNetwork network = Network();
        string text = CoreWeights.Write(network);
        HashSet<float> written = [.. System.Text.RegularExpressions.Regex.Matches(text, @"-?\d[\d.]*(E[-+]\d+)?(?=f[,;])")
            .Select(m => float.Parse(m.Value, System.Globalization.CultureInfo.InvariantCulture))];
        Assert.All(network.Weights, w => Assert.Contains(w, written));
        Assert.Contains($"kHiddenWeights[{Shape.Statistics} * 8]", text, StringComparison.Ordinal);
        Assert.Contains("kTemperature = 1.5f", text, StringComparison.Ordinal);
    }

    private static GenreNetwork Network()
    {
        Dice dice = new("network");
        return new(Shape, [.. Enumerable.Range(0, Shape.ParameterCount).Select(_ => (float)(0.1 * dice.Normal()))], 1.5f);
    }

    private static float[] Window(int frames)
    {
        Dice dice = new("window");
        return [.. Enumerable.Range(0, frames * Architecture.Inputs).Select(_ => (float)(10 * dice.Normal()))];
    }

    private static void AssertClose(double[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; ++i)
        {
            Assert.Equal(expected[i], actual[i], Tolerance * (1 + expected.Max(Math.Abs)));
        }
    }
}
