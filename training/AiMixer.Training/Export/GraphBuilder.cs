using System.Runtime.InteropServices;
using AiMixer.Training.Export.Onnx;
using Google.Protobuf;

namespace AiMixer.Training.Export;

/// <summary>Adds nodes and constants to an ONNX graph; every node has one output, named by the caller.</summary>
internal sealed class GraphBuilder(GraphProto graph)
{
    public string Node(string name, string operation, string[] inputs, params AttributeProto[] attributes)
    {
        NodeProto node = new() { Name = name, OpType = operation };
        node.Input.AddRange(inputs);
        node.Output.Add(name);
        node.Attribute.AddRange(attributes);
        graph.Node.Add(node);
        return name;
    }

    public string Floats(string name, ReadOnlySpan<float> values, params long[] dimensions) =>
        Constant(name, TensorProto.Types.DataType.Float, MemoryMarshal.AsBytes(values), dimensions);

    public string Integers(string name, params long[] values) =>
        Constant(name, TensorProto.Types.DataType.Int64, MemoryMarshal.AsBytes(values.AsSpan()), values.Length);

    public static AttributeProto Int(string name, long value) =>
        new() { Name = name, I = value, Type = AttributeProto.Types.AttributeType.Int };

    public static AttributeProto Ints(string name, params long[] values)
    {
        AttributeProto attribute = new() { Name = name, Type = AttributeProto.Types.AttributeType.Ints };
        attribute.Ints.AddRange(values);
        return attribute;
    }

    private string Constant(string name, TensorProto.Types.DataType type, ReadOnlySpan<byte> bytes, params long[] dimensions)
    {
        TensorProto tensor = new() { Name = name, DataType = (int)type, RawData = ByteString.CopyFrom(bytes) };
        tensor.Dims.AddRange(dimensions);
        graph.Initializer.Add(tensor);
        return name;
    }
}
