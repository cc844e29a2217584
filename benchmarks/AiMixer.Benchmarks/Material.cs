namespace AiMixer.Benchmarks;

/// <summary>What is measured on: something like music, so that every stage has work to do.</summary>
internal static class Material
{
    public const int SampleRateHz = 48_000;

    /// <summary>20 ms.</summary>
    public const int BlockFrames = 960;

    public const double BlockSeconds = (double)BlockFrames / SampleRateHz;

    /// <summary>A chord that swells from -30 to -3 dBFS and back every second, over a little noise.</summary>
    /// <param name="frames">Its length.</param>
    /// <param name="channels">1, or 2 with different phases.</param>
    /// <returns>Interleaved samples.</returns>
    public static float[] Music(int frames, int channels)
    {
        Random random = new(1770);
        float[] samples = new float[frames * channels];
        for (int i = 0; i < samples.Length; i++)
        {
            double time = (double)(i / channels) / SampleRateHz;
            double swell = Math.Pow(10, (-16.5 + (13.5 * Math.Sin(2 * Math.PI * time))) / 20);
            double chord = 0;
            foreach (double pitch in new[] { 110.0, 277.2, 659.3, 2637.0 })
            {
                chord += Math.Sin((2 * Math.PI * pitch * time) + (i % channels));
            }

            samples[i] = (float)((swell * chord / 4) + (0.001 * (random.NextDouble() - 0.5)));
        }

        return samples;
    }
}
