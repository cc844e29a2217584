using AiMixer.Training.Network;

namespace AiMixer.Training.Tests;

/// <summary>The network and what it is told of a window once more, in double precision and as the formulas stand.</summary>
internal static class ReferenceNetwork
{
    private const int Inputs = Architecture.Inputs;

    public static double[] Logits(Architecture shape, double[] w, double[] statistics)
    {
        double[] hidden = Dense(statistics[..shape.Statistics], w, 0, shape.Bias1, shape.Hidden, rectified: true);
        return Dense(hidden, w, shape.Weights2, shape.Bias2, Architecture.Outputs, rectified: false);
    }

    /// <summary>Of rows of 13 coefficients.</summary>
    public static double[] Statistics(float[] window)
    {
        int count = window.Length / Inputs / 10 * 10;
        double[][] rows = [.. Enumerable.Range(0, count).Select(t => Outline([.. window.Skip(t * Inputs).Take(Inputs).Select(v => (double)v)]))];
        double[][] columns = [.. Enumerable.Range(0, Inputs).Select(k => rows.Select(r => r[k]).ToArray())];
        double[] deviations = [.. columns.Select(Deviation)];
        List<double> result = [.. columns.Skip(1).Select(c => c.Average()), .. deviations];
        result.AddRange(columns.Select(c => Math.Sqrt(Enumerable.Range(1, count - 1)
            .Where(t => t % 5 != 0).Average(t => Math.Pow(c[t] - c[t - 1], 2)))));
        for (int i = 0; i < Inputs; ++i)
        {
            for (int j = i + 1; j < Inputs; ++j)
            {
                double covariance = columns[i].Zip(columns[j], (a, b) => (a - columns[i].Average()) * (b - columns[j].Average())).Average();
                result.Add(covariance / ((deviations[i] + 1) * (deviations[j] + 1)));
            }
        }

        double[][] periods = [.. columns.Take(4).Select(Periods)];
        return [.. result, .. periods.Select(p => p.Max()), .. periods.Select(Deviation), .. periods.Select(p => p.Skip(14).Max())];
    }

    // Twenty bands in dB, the quiet ones raised to 30 dB below the loudest, and back.
    private static double[] Outline(double[] coefficients)
    {
        static double Cosine(int k, int b) => Math.Sqrt(k == 0 ? 1.0 / 40 : 2.0 / 40) * Math.Cos(Math.PI * k * (b + 0.5) / 20);
        double[] bands = [.. Enumerable.Range(0, 20).Select(b => coefficients.Select((c, k) => c * Cosine(k, b)).Sum())];
        double floor = bands.Max() - 30;
        return [.. Enumerable.Range(0, Inputs).Select(k => bands.Select((v, b) => 2 * Math.Max(v, floor) * Cosine(k, b)).Sum())];
    }

    // Autocorrelation of the steps between means of 20 ms, at lags of 120 to 1180 ms.
    private static double[] Periods(double[] column)
    {
        double[] beats = [.. column.Chunk(2).Select(c => c.Average())];
        double[] steps = [.. beats.Skip(1).Zip(beats, (a, b) => a - b)];
        double mean = steps.Average();
        double energy = 1 + steps.Sum(s => Math.Pow(s - mean, 2));
        return
        [
            .. Enumerable.Range(6, 54).Select(lag => Enumerable.Range(0, Math.Max(0, steps.Length - lag))
                .Sum(t => (steps[t] - mean) * (steps[t + lag] - mean)) / energy),
        ];
    }

    private static double Deviation(double[] values) => Math.Sqrt(values.Average(v => Math.Pow(v - values.Average(), 2)));

    private static double[] Dense(double[] x, double[] w, int at, int bias, int outputs, bool rectified) =>
    [
        .. Enumerable.Range(0, outputs)
            .Select(o => w[bias + o] + Enumerable.Range(0, x.Length).Sum(i => w[at + (o * x.Length) + i] * x[i]))
            .Select(y => rectified ? Math.Max(0, y) : y),
    ];
}
