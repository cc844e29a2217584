namespace AiMixer.Tests;

/// <summary>Features of one window, written down from their definitions in double precision, with a plain sum as transform.</summary>
internal static class ReferenceMfcc
{
    public static double[] Coefficients(ReadOnlySpan<float> window, MfccOptions options)
    {
        double[] magnitude = Magnitudes(window, options.FftSize);
        var logBands = new double[options.MelBands];
        double[] edges = new double[options.MelBands + 2];
        double low = ToMel(options.LowHz), high = ToMel(options.HighHz);
        for (int i = 0; i < edges.Length; i++)
        {
            edges[i] = ToHz(low + ((high - low) * i / (options.MelBands + 1)));
        }

        for (int band = 0; band < options.MelBands; band++)
        {
            double power = 0;
            for (int bin = 0; bin < magnitude.Length; bin++)
            {
                double hz = (double)bin * options.SampleRateHz / options.FftSize;
                double rising = (hz - edges[band]) / (edges[band + 1] - edges[band]);
                double falling = (edges[band + 2] - hz) / (edges[band + 2] - edges[band + 1]);
                double weight = Math.Max(0, Math.Min(rising, falling)) * 2 / (edges[band + 2] - edges[band]);
                power += weight * magnitude[bin] * magnitude[bin];
            }

            logBands[band] = 10 * Math.Log10(Math.Max(power, options.Floor));
        }

        return [.. Enumerable.Range(0, options.Coefficients).Select(k =>
        {
            double scale = Math.Sqrt((k == 0 ? 1.0 : 2.0) / options.MelBands);
            return scale * logBands.Select((value, n) => value * Math.Cos(Math.PI * k * (n + 0.5) / options.MelBands)).Sum();
        })];
    }

    public static double CentroidHz(ReadOnlySpan<float> window, MfccOptions options)
    {
        double[] magnitude = Magnitudes(window, options.FftSize);
        double sum = magnitude.Sum();
        return sum == 0 ? 0 : magnitude.Select((m, bin) => m * bin * options.SampleRateHz / options.FftSize).Sum() / sum;
    }

    public static double ZeroCrossingRate(ReadOnlySpan<float> window)
    {
        int crossings = 0;
        for (int i = 1; i < window.Length; i++)
        {
            crossings += (window[i] >= 0) != (window[i - 1] >= 0) ? 1 : 0;
        }

        return (double)crossings / (window.Length - 1);
    }

    private static double[] Magnitudes(ReadOnlySpan<float> window, int fftSize)
    {
        var magnitude = new double[(fftSize / 2) + 1];
        for (int bin = 0; bin < magnitude.Length; bin++)
        {
            double real = 0, imaginary = 0;
            for (int n = 0; n < window.Length; n++)
            {
                double hann = 0.5 - (0.5 * Math.Cos(2 * Math.PI * n / window.Length));
                double angle = 2 * Math.PI * ((long)bin * n % fftSize) / fftSize;
                real += hann * window[n] * Math.Cos(angle);
                imaginary += hann * window[n] * Math.Sin(angle);
            }

            magnitude[bin] = Math.Sqrt((real * real) + (imaginary * imaginary));
        }

        return magnitude;
    }

    // Slaney's scale: linear up to 1 kHz, logarithmic above.
    private static double ToMel(double hz) => hz < 1000 ? 3 * hz / 200 : 15 + (27 * Math.Log(hz / 1000) / Math.Log(6.4));

    private static double ToHz(double mel) => mel < 15 ? 200 * mel / 3 : 1000 * Math.Pow(6.4, (mel - 15) / 27);
}
