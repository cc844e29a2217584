namespace AiMixer.Tests;

/// <summary>
/// ITU-R BS.1770-5 written down directly, in double precision: the instrument that the product is measured with. It shares
/// no code and no shortcut with what it measures.
/// </summary>
internal static class ReferenceMeter
{
    private const int Oversampling = 16;
    private const int SincReach = 48;
    private const double KaiserBeta = 10;

    private static readonly double[][] s_phases = WindowedSinc();

    public static double IntegratedLufs(ReadOnlySpan<float> interleaved, int rateHz, int channels)
    {
        int frames = interleaved.Length / channels;
        var power = new double[frames];
        for (int c = 0; c < channels; c++)
        {
            double[] weighted = Signals.Channel(interleaved, c, channels).Select(x => (double)x).ToArray();
            foreach (double[] section in KWeighting(rateHz))
            {
                Filter(section, weighted);
            }

            for (int i = 0; i < frames; i++)
            {
                power[i] += weighted[i] * weighted[i];
            }
        }

        int block = (int)Math.Round(0.4 * rateHz);
        int hop = (int)Math.Round(0.1 * rateHz);
        var blocks = new List<double>();
        for (int start = 0; start + block <= frames; start += hop)
        {
            blocks.Add(power.AsSpan(start, block).ToArray().Sum() / block);
        }

        List<double> audible = blocks.FindAll(mean => Lufs(mean) > -70);
        if (audible.Count == 0)
        {
            return double.NegativeInfinity;
        }

        double gate = Lufs(audible.Average()) - 10;
        return Lufs(audible.Where(mean => Lufs(mean) > gate).Average());
    }

    public static double TruePeakDbtp(ReadOnlySpan<float> interleaved, int channels)
    {
        double peak = 0;
        for (int c = 0; c < channels; c++)
        {
            float[] samples = Signals.Channel(interleaved, c, channels);
            for (int i = 0; i < samples.Length; i++)
            {
                peak = Math.Max(peak, Math.Abs(samples[i]));
                // Only near a loud sample can a peak between the samples be the highest.
                if (Math.Abs(samples[i]) < 0.6 * peak)
                {
                    continue;
                }

                foreach (double[] phase in s_phases)
                {
                    peak = Math.Max(peak, Math.Max(
                        Math.Abs(Between(samples, i, phase)), Math.Abs(Between(samples, i - 1, phase))));
                }
            }
        }

        return 20 * Math.Log10(peak);
    }

    public static double SamplePeak(ReadOnlySpan<float> samples)
    {
        double peak = 0;
        foreach (float sample in samples)
        {
            peak = Math.Max(peak, Math.Abs(sample));
        }

        return peak;
    }

    private static double Lufs(double meanSquare) => -0.691 + (10 * Math.Log10(meanSquare));

    /// <summary>b0, b1, b2, a1, a2 of the two sections: the standard's at 48 kHz, its analogue prototypes elsewhere.</summary>
    private static double[][] KWeighting(int rateHz)
    {
        if (rateHz == 48_000)
        {
            return
            [
                [1.53512485958697, -2.69169618940638, 1.19839281085285, -1.69065929318241, 0.73248077421585],
                [1, -2, 1, -1.99004745483398, 0.99007225036621],
            ];
        }

        double k = Math.Tan(Math.PI * 1681.974450955533 / rateHz);
        const double shelfQ = 0.7071752369554196;
        double high = Math.Pow(10, 3.999843853973347 / 20);
        double mid = Math.Pow(high, 0.4996667741545416);
        double a0 = 1 + (k / shelfQ) + (k * k);
        double[] shelf =
        [
            (high + (mid * k / shelfQ) + (k * k)) / a0,
            2 * ((k * k) - high) / a0,
            (high - (mid * k / shelfQ) + (k * k)) / a0,
            2 * ((k * k) - 1) / a0,
            (1 - (k / shelfQ) + (k * k)) / a0,
        ];
        double w = Math.Tan(Math.PI * 38.13547087602444 / rateHz);
        const double highPassQ = 0.5003270373238773;
        double c0 = 1 + (w / highPassQ) + (w * w);
        double a1 = 2 * ((w * w) - 1) / c0;
        double a2 = (1 - (w / highPassQ) + (w * w)) / c0;
        // The standard's high-pass passes a little more than 1; so must this one.
        double gain = (1 - a1 + a2) / (1 + 1.99004745483398 + 0.99007225036621);
        return [shelf, [gain, -2 * gain, gain, a1, a2]];
    }

    private static void Filter(double[] c, double[] samples)
    {
        double x1 = 0, x2 = 0, y1 = 0, y2 = 0;
        for (int i = 0; i < samples.Length; i++)
        {
            double x = samples[i];
            double y = (c[0] * x) + (c[1] * x1) + (c[2] * x2) - (c[3] * y1) - (c[4] * y2);
            (x2, x1, y2, y1) = (x1, x, y1, y);
            samples[i] = y;
        }
    }

    private static double Between(float[] samples, int at, double[] phase)
    {
        double sum = 0;
        int first = at - SincReach + 1;
        for (int k = 0; k < phase.Length; k++)
        {
            int i = first + k;
            sum += (uint)i < (uint)samples.Length ? samples[i] * phase[k] : 0;
        }

        return sum;
    }

    /// <summary>For every position between two samples the weights of the samples around it.</summary>
    private static double[][] WindowedSinc()
    {
        var phases = new double[Oversampling - 1][];
        for (int p = 1; p < Oversampling; p++)
        {
            double fraction = (double)p / Oversampling;
            var weights = new double[2 * SincReach];
            for (int k = 0; k < weights.Length; k++)
            {
                double distance = k - SincReach + 1 - fraction;
                double inWindow = distance / SincReach;
                double window = Bessel(KaiserBeta * Math.Sqrt(Math.Max(0, 1 - (inWindow * inWindow)))) / Bessel(KaiserBeta);
                weights[k] = window * Math.Sin(Math.PI * distance) / (Math.PI * distance);
            }

            phases[p - 1] = weights;
        }

        return phases;
    }

    /// <summary>Modified Bessel function of the first kind, order zero, by its series.</summary>
    private static double Bessel(double x)
    {
        double sum = 1, term = 1;
        for (int k = 1; k < 60; k++)
        {
            term *= x * x / (4.0 * k * k);
            sum += term;
        }

        return sum;
    }
}
