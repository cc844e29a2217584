namespace AiMixer.Training.Augmentation;

/// <summary>Filters that colour a signal in place, at 48 kHz. Sections after the Audio EQ Cookbook.</summary>
internal static class Filters
{
    private const double SampleRateHz = 48_000;

    public static void LowShelf(float[] x, double hz, double db) => Shelf(x, hz, db, 1);

    public static void HighShelf(float[] x, double hz, double db) => Shelf(x, hz, db, -1);

    private static void Shelf(float[] x, double hz, double db, int sign)
    {
        double a = Math.Pow(10, db / 40);
        double w = Math.Tau * hz / SampleRateHz;
        double cos = sign * Math.Cos(w);
        double beta = Math.Sqrt(2 * a) * Math.Sin(w);
        double up = a + 1;
        double down = a - 1;
        Run(
            x,
            a * (up - (down * cos) + beta), sign * 2 * a * (down - (up * cos)), a * (up - (down * cos) - beta),
            up + (down * cos) + beta, sign * -2 * (down + (up * cos)), up + (down * cos) - beta);
    }

    private static void Run(float[] x, double b0, double b1, double b2, double a0, double a1, double a2)
    {
        double s1 = 0;
        double s2 = 0;
        for (int i = 0; i < x.Length; ++i)
        {
            double u = x[i];
            double y = ((b0 / a0) * u) + s1;
            s1 = ((b1 / a0) * u) - ((a1 / a0) * y) + s2;
            s2 = ((b2 / a0) * u) - ((a2 / a0) * y);
            x[i] = (float)y;
        }
    }
}
