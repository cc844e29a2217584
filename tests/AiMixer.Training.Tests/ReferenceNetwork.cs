using AiMixer.Training.Network;

namespace AiMixer.Training.Tests;

/// <summary>The network once more, in double precision and as the formulas stand.</summary>
internal static class ReferenceNetwork
{
    private const int Inputs = Architecture.Inputs;

    public static double[] Logits(Architecture shape, double[] w, float[] window)
    {
        int count = window.Length / Inputs / shape.BlockFrames * shape.BlockFrames;
        double[][] x = [.. Enumerable.Range(0, count).Select(t => window.Skip(t * Inputs).Take(Inputs).Select(v => (double)v).ToArray())];
        double[][] patches = Convolve(x, w, 0, shape.Bias1, shape.Channels1, shape.Kernel1, shape.Kernel1);
        double[][] motifs = Convolve(patches, w, shape.Weights2, shape.Bias2, shape.Channels2, shape.Kernel2, shape.Stride2);
        List<double> features = [];
        features.AddRange(Each(motifs, column => column.Average()));
        features.AddRange(Each(motifs, column => Math.Sqrt(Variance(column) + 1e-4)));
        features.AddRange(Each(motifs, column => column.Max()));
        if (shape.Statistics)
        {
            features.AddRange(Each(x, column => column.Average()).Skip(1));
            features.AddRange(Each(x, column => Math.Sqrt(Variance(column))));
            features.AddRange(Each(x, column => Math.Sqrt(Enumerable.Range(1, count - 1)
                .Where(t => t % shape.Kernel1 != 0).Average(t => Math.Pow(column[t] - column[t - 1], 2)))));
        }

        double[] hidden = Dense([.. features], w, shape.Weights3, shape.Bias3, shape.Hidden, rectified: true);
        return Dense(hidden, w, shape.Weights4, shape.Bias4, Architecture.Outputs, rectified: false);
    }

    private static double Variance(double[] values) => values.Average(v => Math.Pow(v - values.Average(), 2));

    private static IEnumerable<double> Each(double[][] rows, Func<double[], double> of) =>
        Enumerable.Range(0, rows[0].Length).Select(k => of([.. rows.Select(r => r[k])]));

    private static double[][] Convolve(double[][] rows, double[] w, int at, int bias, int outputs, int kernel, int stride) =>
    [
        .. Enumerable.Range(0, ((rows.Length - kernel) / stride) + 1).Select(p => Dense(
            [.. rows.Skip(p * stride).Take(kernel).SelectMany(r => r)], w, at, bias, outputs, rectified: true)),
    ];

    private static double[] Dense(double[] x, double[] w, int at, int bias, int outputs, bool rectified) =>
    [
        .. Enumerable.Range(0, outputs)
            .Select(o => w[bias + o] + Enumerable.Range(0, x.Length).Sum(i => w[at + (o * x.Length) + i] * x[i]))
            .Select(y => rectified ? Math.Max(0, y) : y),
    ];
}
