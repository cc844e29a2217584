using AiMixer.Training.Data;
using AiMixer.Training.Features;

namespace AiMixer.Training.Augmentation;

/// <summary>
/// One way a recording may reach a listener, as far as only the signal itself can tell: speed, room, audience, our own
/// chain, codecs, clipping, sample rates. (Level, equalisation, band limits, noise and beds of music are cheap in the mel
/// bands: <see cref="FeatureSet"/>.) Every class goes through every treatment with the same chances, so that none
/// of them tells the class.
/// </summary>
internal static class Take
{
    private const int SampleRateHz = SoundFile.SampleRateHz;
    private const int SectionSeconds = 5;

    private static readonly int[] Rates = [8_000, 11_025, 16_000, 22_050, 24_000, 32_000, 44_100];
    /// <summary>The mel bands of one take.</summary>
    /// <param name="dice">Decides everything.</param>
    /// <param name="recording">The whole recording, mono at 48 kHz; not changed.</param>
    /// <returns>Rows of 40 bands in dB.</returns>
    public static float[] Bands(Dice dice, ReadOnlySpan<float> recording)
    {
        float[] x = Section(dice, recording);
        if (dice.Chance(0.6))
        {
            x = Resampler.Bend(x, dice.Between(0.92, 1.08));
        }

        if (dice.Chance(0.3))
        {
            Filters.LowShelf(x, dice.BetweenLog(80, 600), dice.Between(-8, 8));
            Filters.HighShelf(x, dice.BetweenLog(1500, 8000), dice.Between(-10, 8));
        }

        if (dice.Chance(0.3))
        {
            Surroundings.Room(dice, x, dice.BetweenLog(0.2, 1.8), dice.Between(0.1, 0.8));
        }

        if (dice.Chance(0.1))
        {
            Surroundings.Add(x, Surroundings.Applause(dice, x.Length), dice.Between(6, 25));
        }

        if (dice.Chance(0.4))
        {
            using ChannelStrip strip = new(new ChannelStripOptions { Channels = 1, SampleRateHz = SampleRateHz, MaxFrames = x.Length });
            strip.SetGenre((Genre)dice.Below(6));
            strip.Process(x);
        }

        if (dice.Chance(0.1))
        {
            x = dice.Chance(0.5)
                ? SoundFile.RoundTrip(x, SoundFile.Codec.Mp3, (int)dice.BetweenLog(32, 96))
                : SoundFile.RoundTrip(x, SoundFile.Codec.Opus, (int)dice.BetweenLog(12, 48));
        }

        SetLevel(dice, x);
        if (dice.Chance(0.35))
        {
            int rate = Rates[dice.Below(Rates.Length)];
            return FrameExtractor.Extract(Resampler.Run(x, (double)rate / SampleRateHz), rate);
        }

        return FrameExtractor.Extract(x, SampleRateHz);
    }

    private static float[] Section(Dice dice, ReadOnlySpan<float> recording)
    {
        int length = Math.Min(recording.Length, SectionSeconds * SampleRateHz);
        int from = dice.Below(recording.Length - length + 1);
        return recording.Slice(from, length).ToArray();
    }

    private static void SetLevel(Dice dice, float[] x)
    {
        double db = dice.Chance(0.7) ? dice.Between(-12, 6) : dice.Between(-40, 12);
        float gain = (float)Math.Pow(10, db / 20);
        bool clips = dice.Chance(0.3);
        bool sixteenBits = dice.Chance(0.5);
        for (int i = 0; i < x.Length; ++i)
        {
            float y = gain * x[i];
            y = clips ? Math.Clamp(y, -1, 1) : y;
            x[i] = sixteenBits ? MathF.Floor((y * 32768) + (float)dice.Unit()) / 32768 : y;
        }
    }
}
