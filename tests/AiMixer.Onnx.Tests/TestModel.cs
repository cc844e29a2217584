using System.Runtime.InteropServices;
using static AiMixer.Onnx.Tests.Protobuf;

namespace AiMixer.Onnx.Tests;

/// <summary>
/// A small model of one's own, and ways to spoil it: the mean of the frames, times a matrix, through a softmax. Field numbers
/// are those of the ONNX specification.
/// </summary>
internal sealed record TestModel
{
    internal const int Float = 1;
    internal const int Int64 = 7;
    internal const int Double = 11;
    internal const string Order = "speech,rock,jazz,electronic,classical";

    /// <summary>[13, 5], row by row.</summary>
    internal static readonly float[] Weights =
        [.. Enumerable.Range(0, 65).Select(i => 0.01f * ((i * 37 % 23) - 11))];

    internal byte[][] Inputs { get; init; } = [Value("mfcc", Float, "batch", "frames", 13)];

    internal byte[][] Outputs { get; init; } = [Value("probabilities", Float, "batch", 5)];

    internal byte[][] Constants { get; init; } = [Constant("weights", Weights, 13, 5)];

    internal byte[][] Nodes { get; init; } = [Mean("mfcc"), Product("weights"), Softmax("probabilities")];

    /// <summary>Null leaves the entry out.</summary>
    internal string? Classes { get; init; } = Order;

    internal static byte[] Mean(string input) => Node("ReduceMean", [input], "mean", Ints("axes", 1), Int("keepdims", 0));

    internal static byte[] Product(string weights) => Node("MatMul", ["mean", weights], "logits");

    internal static byte[] Softmax(string output) => Node("Softmax", ["logits"], output, Int("axis", 1));

    internal byte[] ToBytes()
    {
        byte[] graph = Message([
            .. Nodes.Select(node => Field(1, node)),
            Field(2, "test"),
            .. Constants.Select(constant => Field(5, constant)),
            .. Inputs.Select(value => Field(11, value)),
            .. Outputs.Select(value => Field(12, value)),
        ]);
        byte[] metadata = Classes is null ? [] : Field(14, Message(Field(1, "classes"), Field(2, Classes)));
        return Message(Field(1, 8), Field(7, graph), Field(8, Field(2, 17)), metadata);
    }

    /// <summary>A tensor that goes in or out; a dimension is a number, or the name of an open one.</summary>
    internal static byte[] Value(string name, int type, params object[] dimensions)
    {
        byte[] shape = Message([.. dimensions.Select(dimension => Field(1, dimension is string open
            ? Field(2, open)
            : Field(1, Convert.ToInt64(dimension, null))))]);
        return Message(Field(1, name), Field(2, Field(1, Message(Field(1, type), Field(2, shape)))));
    }

    internal static byte[] Constant(string name, float[] values, params long[] dimensions) => Message([
        .. dimensions.Select(dimension => Field(1, dimension)),
        Field(2, Float),
        Field(8, name),
        Field(9, MemoryMarshal.AsBytes(values.AsSpan()).ToArray()),
    ]);

    /// <summary>A constant whose values lie in another file.</summary>
    internal static byte[] ConstantElsewhere(string name, string file, params long[] dimensions) => Message([
        .. dimensions.Select(dimension => Field(1, dimension)),
        Field(2, Float),
        Field(8, name),
        Field(13, Message(Field(1, "location"), Field(2, file))),
        Field(14, 1),
    ]);

    internal static byte[] Node(string operation, string[] inputs, string output, params byte[][] attributes) => Message([
        .. inputs.Select(input => Field(1, input)),
        Field(2, output),
        Field(4, operation),
        .. attributes.Select(attribute => Field(5, attribute)),
    ]);

    internal static byte[] Int(string name, long value) => Message(Field(1, name), Field(3, value), Field(20, 2));

    internal static byte[] Ints(string name, params long[] values) =>
        Message([Field(1, name), .. values.Select(value => Field(8, value)), Field(20, 7)]);
}
