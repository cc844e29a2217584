using AiMixer.Cli.Files;

namespace AiMixer.Cli.Tests;

/// <summary>Floating-point samples become integers without wrapping, without distortion, and always the same way.</summary>
public sealed class QuantizerTests
{
    private const int Count = 200000;

    [Theory]
    [InlineData("16")]
    [InlineData("24")]
    public void Full_scale_and_beyond_never_wraps(string bits)
    {
        float[] samples = [1, 1.5f, 1000, float.MaxValue, -1, -1.5f, -1000, float.MinValue];
        int[] integers = Convert(bits, samples);
        Assert.All(integers[..4], value => Assert.True(value >= 0x7FFF0000));
        Assert.All(integers[4..], value => Assert.Equal(int.MinValue, value));
    }

    [Fact]
    public void Values_of_the_grid_and_silence_pass_unchanged()
    {
        float[] samples = [.. Enumerable.Range(-32768, 65536).Select(value => value / 32768f)];
        Assert.Equal(Enumerable.Range(-32768, 65536).Select(value => value << 16), Convert("16", samples));
        Assert.All(Convert("16", new float[1000]), value => Assert.Equal(0, value));
    }

    [Fact]
    public void Dither_keeps_the_mean_and_spreads_the_error_by_half_a_step_squared()
    {
        // A third of a step: without dither every sample would read 0.
        float[] samples = [.. Enumerable.Repeat(1f / 3 / 32768, Count)];
        double[] steps = [.. Convert("16", samples).Select(value => value / 65536.0)];
        double mean = steps.Average();
        double power = steps.Average(step => (step - (1.0 / 3)) * (step - (1.0 / 3)));

        // Triangular dither of +/-1 step (1/6) and rounding (1/12): a quarter, whatever the signal.
        Assert.Equal(1.0 / 3, mean, 0.01);
        Assert.Equal(0.25, power, 0.01);
    }

    [Fact]
    public void The_same_samples_give_the_same_integers()
    {
        float[] samples = Sound.Programme(0.2).Samples;
        Assert.Equal(Convert("16", samples), Convert("16", samples));
    }

    [Fact]
    public void Twenty_four_bits_are_right_to_half_a_step()
    {
        float[] samples = Sound.Programme(0.2).Samples;
        int[] integers = Convert("24", samples);
        for (int i = 0; i < samples.Length; i++)
        {
            Assert.InRange((integers[i] / 256.0) - (samples[i] * 8388608.0), -0.5, 0.5);
        }
    }

    private static int[] Convert(string bits, float[] samples)
    {
        int[] integers = new int[samples.Length];
        new Quantizer(bits == "16" ? SampleFormat.Pcm16 : SampleFormat.Pcm24).Convert(samples, integers);
        return integers;
    }
}
