namespace AiMixer.Training.Augmentation;

/// <summary>What a recording has around it: noise, a room, an audience, gaps.</summary>
internal static class Surroundings
{
    private const int SampleRateHz = 48_000;

    /// <summary>Root mean square.</summary>
    public static double Rms(ReadOnlySpan<float> x)
    {
        double sum = 0;
        foreach (float value in x)
        {
            sum += (double)value * value;
        }

        return x.IsEmpty ? 0 : Math.Sqrt(sum / x.Length);
    }

    /// <summary>Adds a signal so that the first stays the given number of decibels above it.</summary>
    public static void Add(float[] x, ReadOnlySpan<float> other, double ratioDb)
    {
        double level = Rms(other);
        if (level <= 0)
        {
            return;
        }

        float gain = (float)(Rms(x) / level * Math.Pow(10, -ratioDb / 20));
        for (int i = 0; i < x.Length && i < other.Length; ++i)
        {
            x[i] += gain * other[i];
        }
    }

    /// <summary>Applause: many claps, each a short burst around its own frequency, swelling and ebbing.</summary>
    public static float[] Applause(Dice dice, int samples)
    {
        float[] x = new float[samples];
        double density = dice.BetweenLog(30, 400);
        double swell = dice.Between(0.05, 0.4);
        double phase = dice.Between(0, Math.Tau);
        for (double at = 0; at < samples; at += -Math.Log(1 - dice.Unit()) * SampleRateHz / density)
        {
            double strength = (0.3 + dice.Unit()) * (0.6 + (0.4 * Math.Sin((Math.Tau * swell * at / SampleRateHz) + phase)));
            double radians = Math.Tau * dice.BetweenLog(500, 2500) / SampleRateHz;
            double decay = Math.Exp(-1 / (SampleRateHz * dice.Between(0.003, 0.010)));
            double level = strength;
            for (int i = (int)at; i < samples && level > 0.01; ++i, level *= decay)
            {
                x[i] += (float)(level * ((dice.Unit() - 0.5) + (0.5 * Math.Sin(radians * (i - at)))));
            }
        }

        return x;
    }

    /// <summary>A room: four combs and two all-passes (Schroeder), their delays drawn anew.</summary>
    public static void Room(Dice dice, float[] x, double decaySeconds, double wet)
    {
        float[] sum = new float[x.Length];
        double damp = dice.Between(0.1, 0.6);
        for (int c = 0; c < 4; ++c)
        {
            int delay = (int)(SampleRateHz * dice.Between(0.018, 0.050));
            double feedback = Math.Pow(10, -3.0 * delay / SampleRateHz / decaySeconds);
            float[] line = new float[delay];
            double dull = 0;
            for (int i = 0, at = 0; i < x.Length; ++i, at = at + 1 == delay ? 0 : at + 1)
            {
                float heard = line[at];
                dull = ((1 - damp) * heard) + (damp * dull);
                line[at] = (float)(x[i] + (feedback * dull));
                sum[i] += heard;
            }
        }

        for (int a = 0; a < 2; ++a)
        {
            int delay = (int)(SampleRateHz * dice.Between(0.002, 0.008));
            float[] line = new float[delay];
            for (int i = 0, at = 0; i < x.Length; ++i, at = at + 1 == delay ? 0 : at + 1)
            {
                float held = line[at];
                float into = sum[i] + (0.6f * held);
                line[at] = into;
                sum[i] = held - (0.6f * into);
            }
        }

        Add(x, sum, -20 * Math.Log10(wet));
    }
}
