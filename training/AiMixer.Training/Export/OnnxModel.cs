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
        g.Integers("zero", 0);
        g.Integers("one", 1);
        g.Integers("two", 2);
        g.Integers("three", 3);
        g.Integers("end", int.MaxValue);
        g.Integers("minus_one", -1);
        string ten = g.Integers("block_frames", shape.BlockFrames);

        // Whole blocks only.
        string sizes = g.Node("sizes", "Shape", ["mfcc"]);
        string frames = g.Node("frames", "Slice", [sizes, "one", "two"]);
        string blocks = g.Node("blocks", "Div", [frames, ten]);
        string kept = g.Node("kept", "Mul", [blocks, ten]);
        string whole = g.Node("whole", "Slice", ["mfcc", "zero", kept, "one"]);
        string x = g.Node("channels_first", "Transpose", [whole], Ints("perm", 0, 2, 1));

        string features = Pool(g, Convolutions(shape, weights, g, x));
        if (shape.Statistics)
        {
            features = g.Node("features", "Concat", [features, Statistics(shape, g, x)], Int("axis", 1));
        }

        string hidden = Dense(g, "hidden", features, weights[shape.Weights3..shape.Bias3], weights[shape.Bias3..shape.Weights4]);
        hidden = g.Node("hidden_rectified", "Relu", [hidden]);
        string logits = Dense(g, "logits", hidden, weights[shape.Weights4..shape.Bias4], weights[shape.Bias4..]);
        string temperature = g.Floats("temperature", [network.Temperature]);
        string scaled = g.Node("calibrated", "Div", [logits, temperature]);
        g.Node("probabilities", "Softmax", [scaled], Int("axis", 1));
    }

    private static string Convolutions(Architecture shape, ReadOnlySpan<float> weights, GraphBuilder g, string x)
    {
        string y1 = Convolution(
            g, "patch", x, weights[..shape.Bias1], weights[shape.Bias1..shape.Weights2], Inputs, shape.Kernel1, shape.Kernel1);
        return Convolution(
            g, "motif", y1, weights[shape.Weights2..shape.Bias2], weights[shape.Bias2..shape.Weights3], shape.Channels1,
            shape.Kernel2, shape.Stride2);
    }

    // Ours are [output][time][input], ONNX wants [output][input][time].
    private static string Convolution(
        GraphBuilder g, string name, string x, ReadOnlySpan<float> weights, ReadOnlySpan<float> bias, int inputs, int kernel,
        int stride)
    {
        float[] turned = new float[weights.Length];
        for (int i = 0; i < turned.Length; ++i)
        {
            int output = i / (inputs * kernel);
            int time = i / inputs % kernel;
            turned[(((output * inputs) + (i % inputs)) * kernel) + time] = weights[i];
        }

        string w = g.Floats(name + "_weights", turned, bias.Length, inputs, kernel);
        string b = g.Floats(name + "_bias", bias, bias.Length);
        string y = g.Node(name, "Conv", [x, w, b], Ints("kernel_shape", kernel), Ints("strides", stride));
        return g.Node(name + "_rectified", "Relu", [y]);
    }

    private static string Pool(GraphBuilder g, string y)
    {
        string mean = g.Node("pool_mean", "ReduceMean", [y], Ints("axes", 2), Int("keepdims", 1));
        string away = g.Node("pool_away", "Sub", [y, mean]);
        string squares = g.Node("pool_squares", "Mul", [away, away]);
        string variance = g.Node("pool_variance", "ReduceMean", [squares], Ints("axes", 2), Int("keepdims", 1));
        string safe = g.Node("pool_safe", "Add", [variance, g.Floats("pool_epsilon", [Pass.Epsilon])]);
        string deviation = g.Node("pool_deviation", "Sqrt", [safe]);
        string most = g.Node("pool_maximum", "ReduceMax", [y], Ints("axes", 2), Int("keepdims", 1));
        string all = g.Node("pool_all", "Concat", [mean, deviation, most], Int("axis", 1));
        return g.Node("pool", "Flatten", [all], Int("axis", 1));
    }

    private static string Statistics(Architecture shape, GraphBuilder g, string x)
    {
        string mean = g.Node("coefficient_mean", "ReduceMean", [x], Ints("axes", 2), Int("keepdims", 1));
        string away = g.Node("coefficient_away", "Sub", [x, mean]);
        string squares = g.Node("coefficient_squares", "Mul", [away, away]);
        string variance = g.Node("coefficient_variance", "ReduceMean", [squares], Ints("axes", 2), Int("keepdims", 1));
        string deviation = g.Node("coefficient_deviation", "Sqrt", [variance]);

        string patches = g.Node("coefficient_patches", "Reshape", [x, g.Integers("patch_shape", 0, Inputs, -1, shape.Kernel1)]);
        string later = g.Node("coefficient_later", "Slice", [patches, "one", "end", "three"]);
        string earlier = g.Node("coefficient_earlier", "Slice", [patches, "zero", "minus_one", "three"]);
        string steps = g.Node("coefficient_steps", "Sub", [later, earlier]);
        string stepSquares = g.Node("coefficient_step_squares", "Mul", [steps, steps]);
        string stepMean = g.Node("coefficient_step_mean", "ReduceMean", [stepSquares], Ints("axes", 2, 3), Int("keepdims", 0));
        string motion = g.Node("coefficient_motion", "Sqrt", [stepMean]);

        // The mean of the first coefficient is level, and level tells nothing.
        string shapes = g.Node("coefficient_shape", "Slice", [mean, "one", "end", "one"]);
        string both = g.Node("coefficient_both", "Concat", [shapes, deviation], Int("axis", 1));
        string flat = g.Node("coefficient_flat", "Flatten", [both], Int("axis", 1));
        return g.Node("coefficient_statistics", "Concat", [flat, motion], Int("axis", 1));
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
