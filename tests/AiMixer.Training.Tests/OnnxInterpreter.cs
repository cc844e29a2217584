using System.Runtime.InteropServices;
using AiMixer.Training.Export.Onnx;

namespace AiMixer.Training.Tests;

/// <summary>
/// Runs the operators that a genre model uses as the ONNX specification defines them, in double precision and one window at a
/// time.
/// </summary>
internal sealed class OnnxInterpreter
{
    private readonly Dictionary<string, Tensor> _values = [];

    public OnnxInterpreter(GraphProto graph, float[] window, int frames)
    {
        _values["mfcc"] = new([1, frames, window.Length / frames], [.. window.Select(v => (double)v)]);
        foreach (TensorProto constant in graph.Initializer)
        {
            ReadOnlySpan<byte> raw = constant.RawData.Span;
            double[] values = constant.DataType == (int)TensorProto.Types.DataType.Float
                ? [.. MemoryMarshal.Cast<byte, float>(raw).ToArray().Select(v => (double)v)]
                : [.. MemoryMarshal.Cast<byte, long>(raw).ToArray().Select(v => (double)v)];
            _values[constant.Name] = new([.. constant.Dims.Select(d => (int)d)], values);
        }

        foreach (NodeProto node in graph.Node)
        {
            _values[node.Output.Single()] = Run(node, [.. node.Input.Select(name => _values[name])]);
        }
    }

    public double[] this[string name] => _values[name].Values;

    private static Tensor Run(NodeProto node, Tensor[] x) => node.OpType switch
    {
        "Shape" => new([x[0].Shape.Length], [.. x[0].Shape.Select(d => (double)d)]),
        "Add" => Each(x[0], x[1], (a, b) => a + b),
        "Sub" => Each(x[0], x[1], (a, b) => a - b),
        "Mul" => Each(x[0], x[1], (a, b) => a * b),
        // Integers are divided only where the remainder is to be dropped.
        "Div" => Each(x[0], x[1], (a, b) => node.Name == "blocks" ? Math.Floor(a / b) : a / b),
        "Max" => Each(x[0], x[1], Math.Max),
        "Cast" => x[0],
        "Relu" => new(x[0].Shape, [.. x[0].Values.Select(v => Math.Max(0, v))]),
        "Sqrt" => new(x[0].Shape, [.. x[0].Values.Select(Math.Sqrt)]),
        "Slice" => Slice(x[0], (int)x[1].Values[0], x[2].Values[0], x.Length > 3 ? (int)x[3].Values[0] : 0),
        "Transpose" => Build([x[0].Shape[0], x[0].Shape[2], x[0].Shape[1]], i => x[0][i[0], i[2], i[1]]),
        "Reshape" => Reshape(x[0], x[1].Values),
        "Flatten" => new([x[0].Shape[0], x[0].Values.Length / x[0].Shape[0]], x[0].Values),
        "Concat" => Concat(x, (int)Attribute(node, "axis").I),
        "Gather" => Build([1, x[1].Values.Length], i => x[0][0, (int)x[1].Values[i[1]]]),
        "Pad" => Pad(x[0], x[1].Values),
        "MatMul" => Multiply(x[0], x[1]),
        "Gemm" => Gemm(x),
        "ReduceMean" => Reduce(x[0], node, Axes(node), v => v.Average()),
        "ReduceMax" => Reduce(x[0], node, Axes(node), v => v.Max()),
        "ReduceSum" => Reduce(x[0], node, [(int)x[1].Values.Single()], v => v.Sum()),
        "Softmax" => Softmax(x[0]),
        string unknown => throw new NotSupportedException(unknown),
    };

    private static AttributeProto Attribute(NodeProto node, string name) => node.Attribute.Single(a => a.Name == name);

    private static Tensor Build(int[] shape, Func<int[], double> value)
    {
        double[] values = new double[shape.Aggregate(1, (a, b) => a * b)];
        int[] index = new int[shape.Length];
        for (int i = 0; i < values.Length; ++i)
        {
            values[i] = value(index);
            for (int d = shape.Length - 1; d >= 0 && ++index[d] == shape[d]; --d)
            {
                index[d] = 0;
            }
        }

        return new(shape, values);
    }

    // A dimension of one stretches.
    private static Tensor Each(Tensor a, Tensor b, Func<double, double, double> operation) => Build(
        a.Shape,
        index => operation(
            a[index],
            b.Shape.Length < a.Shape.Length ? b.Values.Single() : b[[.. index.Select((i, d) => b.Shape[d] == 1 ? 0 : i)]]));

    private static Tensor Slice(Tensor x, int start, double end, int axis)
    {
        int stop = end < 0 ? x.Shape[axis] + (int)end : (int)Math.Min(x.Shape[axis], end);
        int[] shape = [.. x.Shape];
        shape[axis] = stop - start;
        return Build(shape, index => x[[.. index.Select((i, d) => d == axis ? i + start : i)]]);
    }

    private static Tensor Reshape(Tensor x, double[] wanted)
    {
        int[] shape = [.. wanted.Select((w, d) => w == 0 ? x.Shape[d] : (int)w)];
        int known = shape.Where(d => d > 0).Aggregate(1, (a, b) => a * b);
        return new([.. shape.Select(d => d < 0 ? x.Values.Length / known : d)], x.Values);
    }

    private static Tensor Concat(Tensor[] x, int axis)
    {
        int[] shape = [.. x[0].Shape];
        shape[axis] = x.Sum(t => t.Shape[axis]);
        return Build(shape, index =>
        {
            int at = index[axis];
            int part = 0;
            while (at >= x[part].Shape[axis])
            {
                at -= x[part++].Shape[axis];
            }

            return x[part][[.. index.Select((i, d) => d == axis ? at : i)]];
        });
    }

    // With zeros, behind the last dimension only.
    private static Tensor Pad(Tensor x, double[] pads)
    {
        int last = x.Shape.Length - 1;
        int[] shape = [.. x.Shape];
        shape[last] += (int)pads[^1];
        Assert.Equal(pads[^1], pads.Sum());
        return Build(shape, index => index[last] < x.Shape[last] ? x[index] : 0);
    }

    // The second may be one matrix for all.
    private static Tensor Multiply(Tensor a, Tensor b) => Build(
        [a.Shape[0], a.Shape[1], b.Shape[^1]],
        i => Enumerable.Range(0, a.Shape[2]).Sum(k => a[i[0], i[1], k] * (b.Shape.Length == 2 ? b[k, i[2]] : b[i[0], k, i[2]])));

    // With the second matrix transposed.
    private static Tensor Gemm(Tensor[] x) => Build(
        [1, x[1].Shape[0]],
        index => x[2].Values[index[1]] + Enumerable.Range(0, x[1].Shape[1]).Sum(i => x[1][index[1], i] * x[0][0, i]));

    private static HashSet<int> Axes(NodeProto node) => [.. Attribute(node, "axes").Ints.Select(a => (int)a)];

    private static Tensor Reduce(Tensor x, NodeProto node, HashSet<int> axes, Func<IEnumerable<double>, double> how)
    {
        int[] shape = [.. x.Shape.Select((s, d) => axes.Contains(d) ? 1 : s)];
        List<double>[] gathered = [.. Enumerable.Range(0, shape.Aggregate(1, (a, b) => a * b)).Select(_ => new List<double>())];
        Tensor position = Build(shape, _ => 0);
        Build(x.Shape, index =>
        {
            gathered[position.At([.. index.Select((i, d) => axes.Contains(d) ? 0 : i)])].Add(x[index]);
            return 0;
        });
        int[] kept = Attribute(node, "keepdims").I == 1 ? shape : [.. shape.Where((_, d) => !axes.Contains(d))];
        return new(kept, [.. gathered.Select(how)]);
    }

    private static Tensor Softmax(Tensor x)
    {
        double[] odds = [.. x.Values.Select(Math.Exp)];
        return new(x.Shape, [.. odds.Select(o => o / odds.Sum())]);
    }

    private sealed record Tensor(int[] Shape, double[] Values)
    {
        public double this[params int[] index] => Values[At(index)];

        public int At(int[] index)
        {
            int at = 0;
            for (int d = 0; d < Shape.Length; ++d)
            {
                at = (at * Shape[d]) + index[d];
            }

            return at;
        }
    }
}
