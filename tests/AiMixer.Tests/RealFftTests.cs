namespace AiMixer.Tests;

public sealed class RealFftTests
{
    [Theory]
    [InlineData(16)]
    [InlineData(32)]
    [InlineData(256)]
    [InlineData(1024)]
    public void Agrees_with_the_sum_that_defines_it(int size)
    {
        float[] samples = Signals.Noise(1, size);
        float[] spectrum = new float[size + 2];
        using var fft = new RealFft(size);

        fft.Forward(samples, spectrum);

        double tolerance = 1e-6 * size;
        for (int bin = 0; bin <= size / 2; bin++)
        {
            double real = 0, imaginary = 0;
            for (int n = 0; n < size; n++)
            {
                double angle = 2 * Math.PI * ((long)bin * n % size) / size;
                real += samples[n] * Math.Cos(angle);
                imaginary -= samples[n] * Math.Sin(angle);
            }

            Assert.Equal(real, spectrum[2 * bin], tolerance);
            Assert.Equal(imaginary, spectrum[(2 * bin) + 1], tolerance);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-16)]
    [InlineData(8)]
    [InlineData(1000)]
    [InlineData(131_072)]
    [InlineData(int.MinValue)]
    public void Other_sizes_are_refused(int size) =>
        Assert.Contains("16 to 65536", Assert.Throws<ArgumentOutOfRangeException>(() => new RealFft(size)).Message);

    [Fact]
    public void Bad_spans_are_refused()
    {
        var fft = new RealFft(16);
        float[] shared = new float[34];
        Assert.Equal(16, fft.Size);
        Assert.Throws<ArgumentException>(() => fft.Forward(new float[15], new float[18]));
        Assert.Throws<ArgumentException>(() => fft.Forward(new float[16], new float[17]));
        Assert.Throws<ArgumentException>(() => fft.Forward(shared.AsSpan(0, 16), shared.AsSpan(15, 18)));
        fft.Forward(shared.AsSpan(0, 16), shared.AsSpan(16, 18));
        fft.Dispose();
        Assert.Throws<ObjectDisposedException>(() => fft.Forward(new float[16], new float[18]));
    }
}
