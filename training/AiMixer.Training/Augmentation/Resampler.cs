namespace AiMixer.Training.Augmentation;

/// <summary>Change of sample rate by a windowed sinc, with the band limited to what the new rate can hold.</summary>
internal static class Resampler
{
    // Zero crossings to each side; with a Hann window the stop band is reached a tenth above the cut-off.
    private const int Crossings = 16;
    private const int StepsPerCrossing = 256;
    private static readonly float[] Kernel = MakeKernel();

    /// <summary>Resamples by any ratio.</summary>
    /// <param name="x">The signal.</param>
    /// <param name="ratio">New rate divided by old rate.</param>
    public static float[] Run(ReadOnlySpan<float> x, double ratio)
    {
        float[] y = new float[(int)(x.Length * ratio)];
        // Below 1 the kernel is stretched: its cut-off falls to 0.95 of the new Nyquist frequency.
        double cut = Math.Min(1, ratio) * 0.95;
        double reach = Crossings / cut;
        for (int i = 0; i < y.Length; ++i)
        {
            double centre = i / ratio;
            int first = Math.Max(0, (int)Math.Ceiling(centre - reach));
            int last = Math.Min(x.Length - 1, (int)Math.Floor(centre + reach));
            double sum = 0;
            for (int k = first; k <= last; ++k)
            {
                sum += x[k] * Kernel[(int)((Math.Abs(k - centre) * cut * StepsPerCrossing) + 0.5)];
            }

            y[i] = (float)(sum * cut);
        }

        return y;
    }

    /// <summary>Changes speed and pitch by a few per cent: a cubic through four samples is enough for that.</summary>
    public static float[] Bend(ReadOnlySpan<float> x, double speed)
    {
        float[] y = new float[Math.Max(1, (int)((x.Length - 3) / speed))];
        for (int i = 0; i < y.Length; ++i)
        {
            double at = Math.Min(i * speed, Math.Max(0, x.Length - 4));
            int k = (int)at;
            float t = (float)(at - k);
            float a = x[Math.Min(k, x.Length - 1)];
            float b = x[Math.Min(k + 1, x.Length - 1)];
            float c = x[Math.Min(k + 2, x.Length - 1)];
            float d = x[Math.Min(k + 3, x.Length - 1)];
            y[i] = b + (0.5f * t * (c - a + (t * ((2 * a) - (5 * b) + (4 * c) - d + (t * ((3 * (b - c)) + d - a))))));
        }

        return y;
    }

    private static float[] MakeKernel()
    {
        float[] kernel = new float[(Crossings * StepsPerCrossing) + 2];
        kernel[0] = 1;
        for (int i = 1; i <= Crossings * StepsPerCrossing; ++i)
        {
            double t = Math.PI * i / StepsPerCrossing;
            kernel[i] = (float)(Math.Sin(t) / t * (0.5 + (0.5 * Math.Cos(t / Crossings))));
        }

        return kernel;
    }
}
