namespace AiMixer.NAudio.Tests;

public sealed class StripSampleProviderTests
{
    [Theory]
    [InlineData(1, 44100, 441, 1000)]
    [InlineData(2, 48000, 7, 961)]
    [InlineData(2, 48000, 100_000, 5)]
    [InlineData(2, 8000, 33, 100_000)]
    public void The_output_is_the_strips_aligned_with_the_input_and_as_long(int channels, int sampleRateHz, int mostFrames, int wanted)
    {
        float[] input = Programme(5000, channels);
        using StripSampleProvider provider = new(new ArrayProvider(input, sampleRateHz, channels, mostFrames));
        provider.Strip.SetGenre(Genre.Rock);

        float[] output = ReadAll(provider, wanted);

        Assert.Equal(Mixed(input, sampleRateHz, channels, Genre.Rock), output);
    }

    [Fact]
    public void Bypassed_it_is_the_input()
    {
        float[] input = Programme(5000, 2);
        using StripSampleProvider provider = new(new ArrayProvider(input, 48000, 2, 480));
        provider.Strip.Bypass = true;

        Assert.Equal(input, ReadAll(provider, 960));
    }

    [Fact]
    public void After_a_reset_it_mixes_the_same_again()
    {
        float[] input = Programme(5000, 2);
        ArrayProvider source = new(input, 48000, 2, 480);
        using StripSampleProvider provider = new(source);

        float[] first = ReadAll(provider, 960);
        source.Rewind();
        provider.Reset();

        Assert.Equal(first, ReadAll(provider, 960));
    }

    [Fact]
    public void A_source_without_samples_gives_none()
    {
        using StripSampleProvider provider = new(new ArrayProvider([], 48000, 2, 480));

        Assert.Empty(ReadAll(provider, 960));
    }

    [Fact]
    public void Only_what_was_asked_for_is_written()
    {
        using StripSampleProvider provider = new(new ArrayProvider(Programme(5000, 2), 48000, 2, 5000));
        float[] buffer = new float[100];
        Array.Fill(buffer, 7);

        Assert.Equal(30, provider.Read(buffer, 10, 31));

        Assert.All(buffer[..10], sample => Assert.Equal(7, sample));
        Assert.All(buffer[40..], sample => Assert.Equal(7, sample));
    }

    [Fact]
    public void Reading_allocates_nothing()
    {
        using StripSampleProvider provider = new(new ArrayProvider(Programme(5 * 48000, 2), 48000, 2, 960));
        float[] buffer = new float[2 * 960];
        int read = buffer.Length;

        Assert.Equal(0, Allocations.Of(() => read = Math.Min(read, provider.Read(buffer, 0, buffer.Length))));
        Assert.NotEqual(0, read);
    }

    [Theory]
    [InlineData(48000, 3)]
    [InlineData(4000, 2)]
    public void A_format_that_cannot_be_mixed_is_refused(int sampleRateHz, int channels) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new StripSampleProvider(new ArrayProvider([], sampleRateHz, channels, 1)));

    internal static float[] Programme(int frames, int channels)
    {
        Random random = new(1);
        return [.. Enumerable.Range(0, frames * channels).Select(i => (float)((0.5 * Math.Sin(0.05 * (i / channels))) + (0.2 * random.NextDouble())))];
    }

    private static float[] ReadAll(StripSampleProvider provider, int wanted)
    {
        List<float> all = [];
        float[] buffer = new float[wanted];
        for (int read; (read = provider.Read(buffer, 0, wanted)) > 0;)
        {
            all.AddRange(buffer[..read]);
        }

        return [.. all];
    }

    private static float[] Mixed(float[] input, int sampleRateHz, int channels, Genre genre)
    {
        using ChannelStrip strip = new(new ChannelStripOptions { SampleRateHz = sampleRateHz, Channels = channels });
        strip.SetGenre(genre);
        float[] samples = [.. input, .. new float[strip.LatencyFrames * channels]];
        strip.Process(samples);
        return samples[(strip.LatencyFrames * channels)..];
    }
}
