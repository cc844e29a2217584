namespace AiMixer.Tests;

public sealed class MfccExtractorTests
{
    // A thousandth of a unit that spans hundreds: what the features are promised within.
    private const double MfccTolerance = 1e-3;

    public static TheoryData<string> Sounds => ["tone", "noise", "programme"];

    [Theory]
    [MemberData(nameof(Sounds))]
    public void Agrees_with_the_definition(string sound)
    {
        float[] samples = sound switch
        {
            "tone" => Signals.Sine(48_000, 997, 0.5, 3_000, channels: 1),
            "noise" => Signals.Noise(0.5, 3_000),
            _ => Signals.Programme(48_000, 0.1, channels: 1)[..3_000],
        };
        var options = new MfccOptions();
        using var mfcc = new MfccExtractor();
        int frames = mfcc.FramesFor(samples.Length);
        float[] rows = new float[frames * options.Coefficients];
        float[] centroid = new float[frames];
        float[] rate = new float[frames];

        Assert.Equal(5, mfcc.Process(samples, rows, centroid, rate));

        for (int frame = 0; frame < frames; frame++)
        {
            ReadOnlySpan<float> window = samples.AsSpan(frame * options.Hop, options.Window);
            double[] expected = ReferenceMfcc.Coefficients(window, options);
            for (int k = 0; k < options.Coefficients; k++)
            {
                Assert.Equal(expected[k], rows[(frame * options.Coefficients) + k], MfccTolerance);
            }

            double expectedHz = ReferenceMfcc.CentroidHz(window, options);
            Assert.Equal(expectedHz, centroid[frame], 0.001 * expectedHz);
            Assert.Equal((float)ReferenceMfcc.ZeroCrossingRate(window), rate[frame]);
        }
    }

    [Fact]
    public void Other_settings_agree_with_the_definition_too()
    {
        var options = new MfccOptions
        {
            SampleRateHz = 16_000, Window = 400, Hop = 160, FftSize = 512, MelBands = 26, Coefficients = 20,
            LowHz = 0, HighHz = 8_000, Floor = 1e-8f,
        };
        float[] samples = Signals.Noise(0.1, 400);
        float[] row = new float[20];
        using var mfcc = new MfccExtractor(options);

        Assert.Equal(1, mfcc.Process(samples, row));

        double[] expected = ReferenceMfcc.Coefficients(samples, options);
        Assert.All(Enumerable.Range(0, 20), k => Assert.Equal(expected[k], row[k], MfccTolerance));
        Assert.Same(options, mfcc.Options);
    }

    [Fact]
    public void One_frame_of_960_samples_gives_one_row_and_any_split_gives_the_same()
    {
        float[] samples = Signals.Noise(0.5, 10_000);
        using var whole = new MfccExtractor();
        using var split = new MfccExtractor();
        Assert.Equal(1, whole.FramesFor(960));
        Assert.Equal(0, whole.FramesFor(959));
        float[] expected = new float[whole.FramesFor(samples.Length) * 13];
        float[] rows = new float[expected.Length];
        whole.Process(samples, expected);

        var random = new Random(5);
        int written = 0;
        for (int at = 0; at < samples.Length;)
        {
            int length = Math.Min(random.Next(0, 1_500), samples.Length - at);
            int announced = split.FramesFor(length);
            Assert.Equal(announced, split.Process(samples.AsSpan(at, length), rows.AsSpan(written)));
            written += announced * 13;
            at += length;
        }

        Assert.Equal(expected, rows);
    }

    [Fact]
    public void Silence_has_a_centroid_of_zero()
    {
        using var mfcc = new MfccExtractor();
        float[] row = new float[13];
        float[] centroid = [1];
        float[] rate = [1];

        Assert.Equal(1, mfcc.Process(new float[960], row, centroid, rate));

        Assert.Equal(0, centroid[0]);
        Assert.Equal(0, rate[0]);
        Assert.Equal(Math.Sqrt(40) * -100, row[0], 0.001);
    }

    [Fact]
    public void Reset_forgets_the_samples_held_back()
    {
        using var mfcc = new MfccExtractor();
        mfcc.Process(new float[900], []);
        Assert.Equal(1, mfcc.FramesFor(60));

        mfcc.Reset();

        Assert.Equal(0, mfcc.FramesFor(60));
    }

    [Fact]
    public void Too_little_room_takes_nothing()
    {
        using var mfcc = new MfccExtractor();
        float[] samples = new float[960];

        Assert.Throws<ArgumentException>(() => mfcc.Process(samples, new float[12]));
        Assert.Throws<ArgumentException>(() => mfcc.Process(samples, new float[13], [], new float[1]));
        Assert.Throws<ArgumentException>(() => mfcc.Process(samples, new float[13], new float[1], []));
        Assert.Throws<ArgumentOutOfRangeException>(() => mfcc.FramesFor(-1));
        Assert.Equal(0, mfcc.Process([], []));
        Assert.Equal(1, mfcc.FramesFor(960));
        Assert.Equal(0, mfcc.FramesFor(959));
    }

    [Fact]
    public void Bad_options_are_refused()
    {
        MfccOptions good = new();
        MfccOptions[] bad =
        [
            good with { SampleRateHz = 4_000 },
            good with { Window = 15 },
            good with { Window = 1_025 },
            good with { Hop = 0 },
            good with { Hop = 65_537 },
            good with { FftSize = 1_000 },
            good with { FftSize = 131_072 },
            good with { MelBands = 0 },
            good with { MelBands = 257 },
            good with { Coefficients = 0 },
            good with { Coefficients = 41 },
            good with { LowHz = -1 },
            good with { LowHz = 20_000 },
            good with { LowHz = float.NaN },
            good with { HighHz = float.PositiveInfinity },
            good with { HighHz = float.NaN },
            good with { HighHz = 0, LowHz = 0 },
            good with { Floor = 0 },
            good with { Floor = -1 },
            good with { Floor = float.NaN },
        ];

        Assert.All(bad, options => Assert.Throws<ArgumentOutOfRangeException>(() => new MfccExtractor(options)));
        Assert.Throws<ArgumentNullException>(() => new MfccExtractor(null!));
    }

    [Fact]
    public void Disposed_extractors_say_so()
    {
        var mfcc = new MfccExtractor();
        mfcc.Dispose();
        mfcc.Dispose();

        Assert.Throws<ObjectDisposedException>(() => mfcc.FramesFor(1));
        Assert.Throws<ObjectDisposedException>(() => mfcc.Process(new float[1], []));
        Assert.Throws<ObjectDisposedException>(mfcc.Reset);
    }
}
