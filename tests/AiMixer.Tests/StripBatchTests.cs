namespace AiMixer.Tests;

public sealed class StripBatchTests
{
    private const int Rate = 48_000;
    private const int Frames = 960;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Streams_that_join_leave_and_change_have_the_bits_of_strips_that_go_alone(int channels)
    {
        const int Count = 11;
        ChannelStrip[] together = Strips(Count, channels);
        ChannelStrip[] alone = Strips(Count, channels);
        using var batch = new StripBatch(Count);
        float[] programme = Signals.Programme(Rate, 2, channels);
        var random = new Random(channels);
        for (int round = 0; round < 150; round++)
        {
            int frames = random.Next(0, Frames + 1);
            int[] present = [.. Enumerable.Range(0, Count).Where(_ => random.Next(4) != 0)];
            int changed = random.Next(Count);
            float gain = random.Next(-6, 7);
            together[changed].Set(ParameterId.EqMidGainDb, gain);
            alone[changed].Set(ParameterId.EqMidGainDb, gain);

            float[] samples = [.. present.SelectMany(i =>
                programme.AsSpan((i + (round % 50)) * channels * 400, frames * channels).ToArray())];
            float[] expected = [.. samples];
            for (int i = 0; i < present.Length; i++)
            {
                alone[present[i]].Process(expected.AsSpan(i * frames * channels, frames * channels));
            }

            float[] output = new float[samples.Length];
            ChannelStrip[] listed = [.. present.Select(i => together[i])];
            batch.Process(listed, samples, output, frames);
            Assert.Equal(expected, output);
        }

        Assert.Equal(alone.Select(strip => strip.Metrics), together.Select(strip => strip.Metrics));
        Array.ForEach([.. together, .. alone], strip => strip.Dispose());
    }

    [Fact]
    public void Mono_and_stereo_strips_go_together_in_place()
    {
        using var mono = new ChannelStrip(new ChannelStripOptions { Channels = 1 });
        using var stereo = new ChannelStrip();
        using var monoAlone = new ChannelStrip(new ChannelStripOptions { Channels = 1 });
        using var stereoAlone = new ChannelStrip();
        using var batch = new StripBatch(2);
        float[] samples = Signals.Noise(0.9, 3 * Frames);
        float[] expected = [.. samples];
        stereoAlone.Process(expected.AsSpan(0, 2 * Frames));
        monoAlone.Process(expected.AsSpan(2 * Frames));

        batch.Process([stereo, mono], samples, Frames);

        Assert.Equal(expected, samples);
    }

    [Fact]
    public void Damage_in_one_stream_does_not_reach_another()
    {
        ChannelStrip[] strips = Strips(8, 1);
        using var clean = new ChannelStrip(Options(1));
        using var batch = new StripBatch(8);
        float[] one = Signals.Noise(0.5, Frames);
        float[] samples = [.. Enumerable.Repeat(one, 8).SelectMany(stream => stream)];
        samples.AsSpan(3 * Frames, Frames).Fill(float.NaN);

        batch.Process(strips, samples, Frames);

        clean.Process(one);
        Assert.Equal(one, samples[(4 * Frames)..(5 * Frames)]);
        Assert.All(samples, sample => Assert.True(float.IsFinite(sample)));
        Assert.Equal(Frames, strips[3].Metrics.NonFiniteSamples);
        Array.ForEach(strips, strip => strip.Dispose());
    }

    [Fact]
    public void Nonsense_is_refused_with_the_value_and_what_is_allowed()
    {
        Assert.Contains("1 to 65536", Assert.Throws<ArgumentOutOfRangeException>(() => new StripBatch(0)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new StripBatch(StripBatch.MaxStripsMaximum + 1));

        using var batch = new StripBatch(2);
        using var strip = new ChannelStrip(Options(1));
        using var other = new ChannelStrip(Options(1));
        float[] samples = new float[3 * Frames];
        ArgumentException twice = Assert.Throws<ArgumentException>(
            () => batch.Process([strip, strip], samples.AsSpan(0, 2 * Frames), Frames));
        Assert.Contains("twice", twice.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => batch.Process([strip, null!], samples.AsSpan(0, 2 * Frames), Frames));
        Assert.Throws<ArgumentException>(() => batch.Process([strip, other], samples, Frames));
        Assert.Throws<ArgumentException>(() => batch.Process([strip], samples.AsSpan(0, 480), samples.AsSpan(1, 480), 480));
        Assert.Throws<ArgumentOutOfRangeException>(() => batch.Process([strip, other, strip], samples, Frames));
        Assert.Throws<ArgumentOutOfRangeException>(() => batch.Process([strip], samples.AsSpan(0, Frames + 1), Frames + 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => batch.Process([strip], samples, -1));
        Assert.Equal(0, strip.Metrics.Frames);

        batch.Process([], [], Frames);
        batch.Process([strip, other], [], 0);
        other.Dispose();
        Assert.Throws<ObjectDisposedException>(() => batch.Process([strip, other], samples.AsSpan(0, 2 * Frames), Frames));
        batch.Process([strip], samples.AsSpan(0, Frames), Frames);
        Assert.Equal(Frames, strip.Metrics.Frames);
        batch.Dispose();
        Assert.Throws<ObjectDisposedException>(() => batch.Process([strip], samples.AsSpan(0, Frames), Frames));
    }

    private static ChannelStripOptions Options(int channels) =>
        new() { Channels = channels, MaxFrames = Frames, Meters = StripMeters.Input | StripMeters.Output };

    private static ChannelStrip[] Strips(int count, int channels) =>
        [.. Enumerable.Range(0, count).Select(_ => new ChannelStrip(Options(channels)))];
}
