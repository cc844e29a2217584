namespace AiMixer.Benchmarks.Peers;

/// <summary>A second-order section in transposed direct form II, as textbooks have it.</summary>
internal struct Biquad(double b0, double b1, double b2, double a1, double a2)
{
    private double _s1;
    private double _s2;

    public double Process(double x)
    {
        double y = (b0 * x) + _s1;
        _s1 = (b1 * x) - (a1 * y) + _s2;
        _s2 = (b2 * x) - (a2 * y);
        return y;
    }

    /// <summary>Low shelf of R. Bristow-Johnson's cookbook, slope 1.</summary>
    public static Biquad LowShelf(double hz, double gainDb, double sampleRateHz) => Shelf(hz, gainDb, sampleRateHz, 1);

    /// <summary>High shelf of the cookbook, slope 1: the low shelf with the signs of the cosine turned.</summary>
    public static Biquad HighShelf(double hz, double gainDb, double sampleRateHz) => Shelf(hz, gainDb, sampleRateHz, -1);

    /// <summary>Peaking equaliser of the cookbook.</summary>
    public static Biquad Bell(double hz, double gainDb, double q, double sampleRateHz)
    {
        double a = Math.Pow(10, gainDb / 40), w = 2 * Math.PI * hz / sampleRateHz, alpha = Math.Sin(w) / (2 * q), c = Math.Cos(w);
        double a0 = 1 + (alpha / a);
        return new Biquad((1 + (alpha * a)) / a0, -2 * c / a0, (1 - (alpha * a)) / a0, -2 * c / a0, (1 - (alpha / a)) / a0);
    }

    private static Biquad Shelf(double hz, double gainDb, double sampleRateHz, int sign)
    {
        double a = Math.Pow(10, gainDb / 40), w = 2 * Math.PI * hz / sampleRateHz, c = sign * Math.Cos(w);
        double beta = Math.Sin(w) / Math.Sqrt(2) * 2 * Math.Sqrt(a);
        double a0 = a + 1 + ((a - 1) * c) + beta;
        return new Biquad(
            a * (a + 1 - ((a - 1) * c) + beta) / a0,
            sign * 2 * a * (a - 1 - ((a + 1) * c)) / a0,
            a * (a + 1 - ((a - 1) * c) - beta) / a0,
            sign * -2 * (a - 1 + ((a + 1) * c)) / a0,
            (a + 1 + ((a - 1) * c) - beta) / a0);
    }
}
