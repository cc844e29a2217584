using AiMixer.Training.Data;
using AiMixer.Training.Export.Onnx;
using AiMixer.Training.Network;
using Google.Protobuf;
using static AiMixer.Training.Export.GraphBuilder;

namespace AiMixer.Training.Export;

/// <summary>
/// Writes a network as an ONNX model: input <c>mfcc</c> [batch, frames, 13], outputs <c>logits</c> and <c>probabilities</c>
/// [batch, 5]. At least 50 frames; those beyond a multiple of ten are left out.
/// </summary>
internal static class OnnxModel
{
    private const int IrVersion = 8;
    private const int OperatorSet = 17;
    private const int Inputs = Architecture.Inputs;

    /// <summary>The file's bytes: the same for the same network.</summary>
    public static byte[] Write(GenreNetwork network)
    {
        GraphProto graph = new() { Name = "genre" };
        graph.Input.Add(Value("mfcc", "13 MFCCs of 20 ms every 10 ms", "batch", "frames", Inputs));
        graph.Output.Add(Value("probabilities", "calibrated", "batch", GenreClass.Count));
        graph.Output.Add(Value("logits", "before the temperature", "batch", GenreClass.Count));
        AddNodes(network, new GraphBuilder(graph));
        ModelProto model = new() { IrVersion = IrVersion, ProducerName = "AiMixer.Training", Graph = graph };
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "", Version = OperatorSet });
        model.MetadataProps.Add(new StringStringEntryProto { Key = "classes", Value = string.Join(",", GenreClass.Names) });
        return model.ToByteArray();
    }

    private static void AddNodes(GenreNetwork network, GraphBuilder g)
    {
        Architecture shape = network.Shape;
        ReadOnlySpan<float> weights = network.Weights;
        string hidden = Dense(g, "hidden", StatisticsGraph.Add(g), weights[..shape.Bias1], weights[shape.Bias1..shape.Weights2]);
        hidden = g.Node("hidden_rectified", "Relu", [hidden]);
        string logits = Dense(g, "logits", hidden, weights[shape.Weights2..shape.Bias2], weights[shape.Bias2..]);
        string temperature = g.Floats("temperature", [network.Temperature]);
        string scaled = g.Node("calibrated", "Div", [logits, temperature]);
        g.Node("probabilities", "Softmax", [scaled], Int("axis", 1));
    }

    private static string Dense(GraphBuilder g, string name, string x, ReadOnlySpan<float> weights, ReadOnlySpan<float> bias)
    {
        string w = g.Floats(name + "_weights", weights, bias.Length, weights.Length / bias.Length);
        string b = g.Floats(name + "_bias", bias, bias.Length);
        return g.Node(name, "Gemm", [x, w, b], Int("transB", 1));
    }

    private static ValueInfoProto Value(string name, string description, params object[] dimensions)
    {
        TensorShapeProto shape = new();
        foreach (object dimension in dimensions)
        {
            shape.Dim.Add(dimension is int size
                ? new TensorShapeProto.Types.Dimension { DimValue = size }
                : new TensorShapeProto.Types.Dimension { DimParam = (string)dimension });
        }

        TypeProto.Types.Tensor tensor = new() { ElemType = (int)TensorProto.Types.DataType.Float, Shape = shape };
        return new ValueInfoProto { Name = name, DocString = description, Type = new TypeProto { TensorType = tensor } };
    }
}
