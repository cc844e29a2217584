namespace AiMixer.Cli.Tests;

/// <summary>Interleaved samples with their rate and channels.</summary>
internal sealed record Sound(float[] Samples, int SampleRateHz, int Channels)
{
    public int Frames => Samples.Length / Channels;

    /// <summary>A tone that swells, over a little noise: something for every stage to do. The right channel differs.</summary>
    public static Sound Programme(double seconds, int sampleRateHz = 48000, int channels = 2)
    {
        Random random = new(4711);
        int frames = (int)(seconds * sampleRateHz);
        float[] samples = new float[frames * channels];
        for (int frame = 0; frame < frames; frame++)
        {
            double time = (double)frame / sampleRateHz;
            double swell = 0.35 + (0.3 * Math.Sin(2 * Math.PI * 0.5 * time));
            for (int channel = 0; channel < channels; channel++)
            {
                double tone = Math.Sin((2 * Math.PI * (220 + (110 * channel)) * time) + channel);
                samples[(frame * channels) + channel] =
                    (float)((swell * tone) + (0.02 * (random.NextDouble() - 0.5)));
            }
        }

        return new Sound(samples, sampleRateHz, channels);
    }

    public static Sound Silence(double seconds, int sampleRateHz = 48000, int channels = 2) =>
        new(new float[(int)(seconds * sampleRateHz) * channels], sampleRateHz, channels);

    /// <summary>Values of a 16-bit grid, which every format but Vorbis holds exactly.</summary>
    public Sound On16BitGrid() => this with { Samples = [.. Samples.Select(sample => MathF.Round(sample * 32767) / 32768)] };
}
