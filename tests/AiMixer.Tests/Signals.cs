namespace AiMixer.Tests;

/// <summary>Signals that the tests feed to the product; made here, in double precision, the same in every run.</summary>
internal static class Signals
{
    public static float[] Sine(int rateHz, double frequencyHz, double amplitude, int frames, int channels = 2)
    {
        var samples = new float[frames * channels];
        for (int i = 0; i < frames; i++)
        {
            float value = (float)(amplitude * Math.Sin(2 * Math.PI * frequencyHz * i / rateHz));
            samples.AsSpan(i * channels, channels).Fill(value);
        }

        return samples;
    }

    public static float[] Noise(double amplitude, int samples, int seed = 1)
    {
        var random = new Random(seed);
        var noise = new float[samples];
        for (int i = 0; i < samples; i++)
        {
            noise[i] = (float)(amplitude * ((2 * random.NextDouble()) - 1));
        }

        return noise;
    }

    /// <summary>
    /// Something like music: chords that change twice a second with drums over them, quiet passages and loud ones, left
    /// and right not the same. Nothing lies above 18 kHz (or 0.4 of the rate): peaks between the samples of white noise are
    /// a matter of the interpolator, not of the signal.
    /// </summary>
    public static float[] Programme(int rateHz, double seconds, int channels = 2, double amplitude = 0.5, int seed = 7)
    {
        var random = new Random(seed);
        int frames = (int)(seconds * rateHz);
        var samples = new float[frames * channels];
        double[] pitches = [110, 138.6, 164.8, 220, 277.2, 440];
        int beat = rateHz / 2;
        double[] drums = BandLimitedNoise(random, frames, Math.Min(18_000.0 / rateHz, 0.4));
        double root = 1;
        double level = 1;
        for (int i = 0; i < frames; i++)
        {
            if (i % beat == 0)
            {
                root = Math.Pow(2, random.Next(-5, 6) / 12.0);
                level = i / beat % 8 < 3 ? 0.2 : 1;
            }

            double time = (double)i / rateHz;
            double sinceBeat = (double)(i % beat) / rateHz;
            double drum = Attack(sinceBeat) * Math.Exp(-sinceBeat / 0.03) * drums[i];
            for (int c = 0; c < channels; c++)
            {
                double chord = 0;
                for (int k = 0; k < pitches.Length; k++)
                {
                    chord += Math.Sin((2 * Math.PI * pitches[k] * root * time) + (k * (c + 1.0))) / (k + 2);
                }

                double value = level * amplitude
                    * ((0.45 * chord * Attack(sinceBeat) * Math.Exp(-sinceBeat / 0.4)) + (0.6 * drum));
                samples[(i * channels) + c] = (float)value;
            }
        }

        return samples;
    }

    public static float[] Channel(ReadOnlySpan<float> interleaved, int channel, int channels)
    {
        var samples = new float[interleaved.Length / channels];
        for (int i = 0; i < samples.Length; i++)
        {
            samples[i] = interleaved[(i * channels) + channel];
        }

        return samples;
    }

    /// <summary>One millisecond from nothing to everything: a step would have no band limit either.</summary>
    private static double Attack(double seconds) => 0.5 - (0.5 * Math.Cos(Math.PI * Math.Min(1, seconds / 0.001)));

    /// <summary>White noise through a windowed sinc of 129 taps; the cut-off is a share of the sample rate.</summary>
    private static double[] BandLimitedNoise(Random random, int length, double cutOff)
    {
        const int Reach = 64;
        var taps = new double[(2 * Reach) + 1];
        for (int k = -Reach; k <= Reach; k++)
        {
            double sinc = k == 0 ? 2 * cutOff : Math.Sin(2 * Math.PI * cutOff * k) / (Math.PI * k);
            double window = 0.42 + (0.5 * Math.Cos(Math.PI * k / Reach)) + (0.08 * Math.Cos(2 * Math.PI * k / Reach));
            taps[k + Reach] = sinc * window;
        }

        var white = new double[length + taps.Length];
        for (int i = 0; i < white.Length; i++)
        {
            white[i] = (2 * random.NextDouble()) - 1;
        }

        var noise = new double[length];
        for (int i = 0; i < length; i++)
        {
            double sum = 0;
            for (int k = 0; k < taps.Length; k++)
            {
                sum += taps[k] * white[i + k];
            }

            noise[i] = sum;
        }

        return noise;
    }
}
