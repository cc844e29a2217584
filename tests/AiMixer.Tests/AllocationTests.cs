namespace AiMixer.Tests;

/// <summary>Nothing that may run on an audio thread allocates managed memory.</summary>
public sealed class AllocationTests
{
    [Fact]
    public void Batch_allocates_nothing()
    {
        using var batch = new StripBatch(3);
        using var first = new ChannelStrip();
        using var second = new ChannelStrip(new ChannelStripOptions { Channels = 1 });
        using var third = new ChannelStrip();
        ChannelStrip[] strips = [first, second, third];
        float[] input = Signals.Noise(0.5, 5 * 480);
        float[] output = new float[input.Length];

        Assert.Equal(0, Allocations.Of(() =>
        {
            batch.Process(strips, input, output, 480);
            batch.Process(strips.AsSpan(0, 2), output.AsSpan(0, 3 * 480), 480);
        }));
    }

    [Fact]
    public void Strip_allocates_nothing()
    {
        using var strip = new ChannelStrip(
            new ChannelStripOptions { Meters = StripMeters.Input | StripMeters.Output, MaxFrames = 500 });
        using var mono = new ChannelStrip(new ChannelStripOptions { Channels = 1 });
        float[] input = Signals.Noise(0.5, 1920);
        float[] output = new float[1920];
        float[] left = Signals.Noise(0.5, 960);
        float[] right = Signals.Noise(0.5, 960);
        byte[] snapshot = new byte[strip.SnapshotSize];
        long frames = 0;
        float round = 0;

        Assert.Equal(0, Allocations.Of(() =>
        {
            strip.Process(output);
            strip.Process(input, output);
            strip.ProcessPlanar(left, right);
            mono.ProcessPlanar(left);
            strip.Set(ParameterId.EqMidGainDb, round);
            strip.Set("gate.threshold_db", -40 - round);
            round = round < 5 ? round + 1 : 0;
            strip.Bypass = round == 0;
            frames += strip.Metrics.Frames + strip.LatencyFrames;
            strip.Save(snapshot);
            strip.Restore(snapshot);
            strip.Apply(MixProfile.Neutral);
            strip.SetGenre(Genre.Rock);
            strip.SetGenre(Genre.Auto);
            strip.SetGenreWeights(GenreWeights.Equal);
            strip.Process(input, output);
            frames += strip.GenreReading.Frames;
            strip.Intensity = 50;
            strip.SetProfile(MixProfile.For(Genre.Jazz), TimeSpan.FromSeconds(1));
            strip.Release(ParameterId.EqMidGainDb);
            mono.Reset();
        }));
        Assert.NotEqual(0, frames);
    }

    [Fact]
    public void Recognition_allocates_nothing()
    {
        using var listener = new GenreListener(48_000, 2);
        var classifier = new GenreClassifier();
        float[] input = Signals.Noise(0.5, 9600);
        float[] frames = Signals.Noise(10, 50 * GenreClassifier.Coefficients);

        Assert.Equal(0, Allocations.Of(() =>
        {
            listener.Add(input);
            _ = listener.Reading;
            _ = listener.Programme;
            _ = classifier.Classify(frames);
        }));
    }

    [Fact]
    public void Meter_allocates_nothing()
    {
        using var meter = new LoudnessMeter(48_000, 2);
        float[] input = Signals.Noise(0.5, 1920);

        Assert.Equal(0, Allocations.Of(() =>
        {
            meter.Add(input);
            _ = meter.Read();
        }));
    }

    [Fact]
    public void Analysis_allocates_nothing()
    {
        using var mfcc = new MfccExtractor();
        using var fft = new RealFft(1024);
        float[] input = Signals.Noise(0.5, 1024);
        float[] spectrum = new float[1026];
        float[] rows = new float[4 * 13];
        float[] centroid = new float[4];
        float[] rate = new float[4];

        Assert.Equal(0, Allocations.Of(() =>
        {
            fft.Forward(input, spectrum);
            mfcc.Process(input, rows);
            mfcc.Process(input, rows, centroid, rate);
            _ = mfcc.FramesFor(1000);
        }));
    }
}
