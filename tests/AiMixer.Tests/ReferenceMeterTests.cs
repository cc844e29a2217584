namespace AiMixer.Tests;

/// <summary>The instrument itself, against values that are known without it.</summary>
public sealed class ReferenceMeterTests
{
    [Fact]
    public void Full_scale_sine_in_one_channel_reads_minus_3_01()
    {
        float[] tone = Signals.Sine(48_000, 997, 1, 96_000, channels: 1);

        Assert.Equal(-3.01, ReferenceMeter.IntegratedLufs(tone, 48_000, 1), 0.01);
    }

    [Fact]
    public void Reads_the_same_at_44100_and_48000_Hz()
    {
        double at48 = ReferenceMeter.IntegratedLufs(Signals.Sine(48_000, 2_000, 0.1, 96_000), 48_000, 2);
        double at44 = ReferenceMeter.IntegratedLufs(Signals.Sine(44_100, 2_000, 0.1, 88_200), 44_100, 2);

        Assert.Equal(at48, at44, 0.01);
    }

    [Fact]
    public void Finds_the_peak_between_the_samples()
    {
        var tone = new float[4_800];
        for (int i = 0; i < tone.Length; i++)
        {
            tone[i] = (float)(0.5 * Math.Sin((Math.PI * i / 2) + (Math.PI / 4)));
        }

        Assert.Equal(20 * Math.Log10(0.5), ReferenceMeter.TruePeakDbtp(tone.AsSpan(0), 1), 0.4);
        Assert.True(ReferenceMeter.TruePeakDbtp(tone, 1) > 20 * Math.Log10(0.5) - 0.02);
    }
}
