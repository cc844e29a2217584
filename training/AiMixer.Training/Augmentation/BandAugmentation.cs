using System.Numerics.Tensors;
using AiMixer.Training.Features;

namespace AiMixer.Training.Augmentation;

/// <summary>
/// Treatments that are as good as exact on mel bands in dB, and so cheap that every window of every epoch gets new ones:
/// level, equalisation, band limits, steady noise, another signal underneath, gaps.
/// </summary>
internal static class BandAugmentation
{
    private const int Bands = FrameExtractor.Bands;
    private const float DbToNatural = 0.23025851f;

    private static readonly int[] Rates = [8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000];

    // Centres of the bands: 20 Hz to 20 kHz on Slaney's mel scale.
    private static readonly double[] CentreHz = MakeCentres();

    /// <summary>Treats a window in place.</summary>
    public static void Apply(Dice dice, Span<float> window, float strength)
    {
        Span<float> curve = stackalloc float[Bands];
        curve.Clear();
        if (dice.Chance(0.7 * strength))
        {
            Tilt(dice, curve);
        }

        if (dice.Chance(0.5 * strength))
        {
            BandLimit(dice, curve);
        }

        float gain = (float)(dice.Chance(0.5) ? dice.Between(-12, 6) : dice.Between(-40, 12));
        float mean = TensorPrimitives.Sum<float>(window) / window.Length;
        for (int at = 0; at < window.Length; at += Bands)
        {
            Span<float> row = window.Slice(at, Bands);
            TensorPrimitives.Add(row, curve, row);
            TensorPrimitives.Add(row, gain, row);
        }

        if (dice.Chance(0.15 * strength))
        {
            Gaps(dice, window);
        }

        if (dice.Chance(0.3 * strength))
        {
            Noise(dice, window, mean + gain);
        }

        // At every strength: a low sample rate is a fact of the stream, not a blemish of the recording.
        if (dice.Chance(0.5))
        {
            LimitRate(window, Rates[dice.Below(Rates.Length)]);
        }

        TensorPrimitives.Max(window, FrameExtractor.FloorDb, window);
    }

    /// <summary>Adds another signal's powers so that its mean level in dB lies below the window's by a ratio.</summary>
    public static void Underlay(Span<float> window, ReadOnlySpan<float> other, float ratioDb)
    {
        float shift = Loudness(window) - Loudness(other) - ratioDb;
        float[] below = new float[window.Length];
        TensorPrimitives.Add(other, shift, below);
        AddPowers(window, below);
    }

    // Level of a window in dB: the mean power of all its bands.
    private static float Loudness(ReadOnlySpan<float> window)
    {
        float[] powers = new float[window.Length];
        TensorPrimitives.Multiply(window, DbToNatural, powers);
        TensorPrimitives.Exp(powers, powers);
        return MathF.Log(TensorPrimitives.Sum<float>(powers) / powers.Length) / DbToNatural;
    }

    // a = 10 log10(10^(a/10) + 10^(b/10)).
    private static void AddPowers(Span<float> a, Span<float> b)
    {
        TensorPrimitives.Multiply(a, DbToNatural, a);
        TensorPrimitives.Multiply(b, DbToNatural, b);
        TensorPrimitives.Exp(a, a);
        TensorPrimitives.Exp(b, b);
        TensorPrimitives.Add(a, b, a);
        TensorPrimitives.Log(a, a);
        TensorPrimitives.Multiply(a, 1 / DbToNatural, a);
    }

    private static void Tilt(Dice dice, Span<float> curve)
    {
        double perBand = dice.Between(-8, 8) / Bands;
        int bumps = dice.Below(4);
        for (int b = 0; b < Bands; ++b)
        {
            curve[b] += (float)(perBand * (b - (Bands / 2)));
        }

        for (int i = 0; i < bumps; ++i)
        {
            double centre = dice.Between(0, Bands);
            double width = dice.Between(2, 10);
            double height = dice.Between(-9, 9);
            for (int b = 0; b < Bands; ++b)
            {
                double away = (b - centre) / width;
                curve[b] += (float)(height * Math.Exp(-0.5 * away * away));
            }
        }
    }

    private static void BandLimit(Dice dice, Span<float> curve)
    {
        double topHz = dice.Chance(0.8) ? dice.BetweenLog(3_300, 18_000) : 20_000;
        double bottomHz = dice.Chance(0.3) ? dice.BetweenLog(50, 350) : 0;
        double slope = dice.BetweenLog(12, 200);
        for (int b = 0; b < Bands; ++b)
        {
            double octavesAbove = Math.Log2(CentreHz[b] / topHz);
            curve[b] -= (float)(octavesAbove > 0 ? slope * octavesAbove : 0);
            double octavesBelow = bottomHz > 0 ? Math.Log2(bottomHz / CentreHz[b]) : 0;
            curve[b] -= (float)(octavesBelow > 0 ? 18 * octavesBelow : 0);
        }
    }

    // What a lower sample rate does: nothing is left above half of it.
    private static void LimitRate(Span<float> window, int rateHz)
    {
        int empty = Array.FindIndex(CentreHz, hz => hz > rateHz / 2.0);
        for (int at = 0; at < window.Length && empty >= 0; at += Bands)
        {
            window.Slice(at + empty, Bands - empty).Fill(FrameExtractor.FloorDb);
        }
    }

    private static void Gaps(Dice dice, Span<float> window)
    {
        int frames = window.Length / Bands;
        float depth = (float)(dice.Chance(0.5) ? 200 : dice.Between(20, 60));
        int left = frames / 2;
        for (int at = dice.Below(100); at < frames && left > 0;)
        {
            int length = Math.Min(Math.Min(left, frames - at), (int)dice.BetweenLog(8, 100));
            Span<float> gap = window.Slice(at * Bands, length * Bands);
            TensorPrimitives.Subtract(gap, depth, gap);
            TensorPrimitives.Max(gap, FrameExtractor.FloorDb, gap);
            left -= length;
            at += length + 20 + dice.Below(150);
        }
    }

    private static void Noise(Dice dice, Span<float> window, float meanDb)
    {
        float level = meanDb - (float)dice.Between(-5, 40);
        float tilt = (float)dice.Between(-0.8, 0.1);
        float[] noise = new float[window.Length];
        for (int i = 0; i < noise.Length; ++i)
        {
            int b = i % Bands;
            // Wider bands average over more of the spectrum and fluctuate less.
            float fluctuation = b < 14 ? 4 : 4 - (3 * (b - 14) / 26f);
            noise[i] = level + (tilt * (b - (Bands / 2))) + (fluctuation * (float)((2.4 * dice.Unit()) - 1.2));
        }

        AddPowers(window, noise);
    }

    private static double[] MakeCentres()
    {
        static double ToHz(double mel) => mel < 15 ? mel * 200 / 3 : 1000 * Math.Exp((mel - 15) * Math.Log(6.4) / 27);
        static double ToMel(double hz) => hz < 1000 ? hz * 3 / 200 : 15 + (27 * Math.Log(hz / 1000) / Math.Log(6.4));
        double low = ToMel(20);
        double high = ToMel(20_000);
        return [.. Enumerable.Range(1, Bands).Select(b => ToHz(low + ((high - low) * b / (Bands + 1))))];
    }
}
