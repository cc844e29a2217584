namespace AiMixer.Tests;

public sealed class LoudnessMeterTests
{
    [Theory]
    [InlineData(48_000, 2)]
    [InlineData(48_000, 1)]
    [InlineData(44_100, 2)]
    [InlineData(96_000, 2)]
    public void Agrees_with_the_standard_on_a_programme(int rate, int channels)
    {
        float[] programme = Signals.Programme(rate, 8, channels);
        using var meter = new LoudnessMeter(rate, channels);

        meter.Add(programme);

        LoudnessReading reading = meter.Read();
        Assert.Equal(ReferenceMeter.IntegratedLufs(programme, rate, channels), reading.IntegratedLufs, 0.02);
        Assert.Equal(20 * Math.Log10(ReferenceMeter.SamplePeak(programme)), reading.SamplePeakDbfs, 0.001);
        Assert.Equal(ReferenceMeter.TruePeakDbtp(programme, channels), reading.TruePeakDbtp, 0.1);
        double meanSquare = programme.Sum(sample => (double)sample * sample) / programme.Length;
        Assert.Equal(10 * Math.Log10(meanSquare), reading.RmsDbfs, 0.01);
    }

    [Fact]
    public void Tone_reads_its_level_everywhere()
    {
        using var meter = new LoudnessMeter(48_000, 2);
        meter.Add(Signals.Sine(48_000, 1_000, Math.Pow(10, -23 / 20.0), 5 * 48_000));

        LoudnessReading reading = meter.Read();

        Assert.Equal(-23, reading.MomentaryLufs, 0.02f);
        Assert.Equal(-23, reading.ShortTermLufs, 0.02f);
        Assert.Equal(-23, reading.IntegratedLufs, 0.02f);
        Assert.Equal(-23, reading.MomentaryMaxLufs, 0.02f);
        Assert.Equal(-23, reading.ShortTermMaxLufs, 0.02f);
        Assert.Equal(-23, reading.SamplePeakDbfs, 0.01f);
        Assert.Equal(-23, reading.CurrentPeakDbfs, 0.01f);
        Assert.Equal(-26.01, reading.RmsDbfs, 0.01f);
        Assert.Equal(-26.01, reading.CurrentRmsDbfs, 0.01f);
        Assert.Equal(-23, reading.TruePeakDbtp, 0.05f);
        Assert.Equal(0, reading.LoudnessRangeLu, 0.1f);
    }

    [Fact]
    public void Reset_forgets_everything()
    {
        using var meter = new LoudnessMeter(48_000, 2);
        LoudnessReading empty = meter.Read();
        meter.Add(Signals.Noise(0.5, 96_000));
        Assert.NotEqual(empty, meter.Read());

        meter.Reset();

        Assert.Equal(empty, meter.Read());
        Assert.Equal(LoudnessReading.Silence, empty.IntegratedLufs);
        Assert.Equal(LoudnessReading.Silence, empty.TruePeakDbtp);
        Assert.Equal(0, empty.LoudnessRangeLu);
    }

    [Fact]
    public void Damaged_samples_count_as_silence()
    {
        float[] clean = Signals.Noise(0.3, 96_000);
        float[] damaged = [.. clean];
        (clean[5_000], damaged[5_000]) = (0, float.NaN);
        (clean[6_001], damaged[6_001]) = (0, float.NegativeInfinity);
        (clean[7_001], damaged[7_001]) = (0, 1e20f);
        using var first = new LoudnessMeter(48_000, 2);
        using var second = new LoudnessMeter(48_000, 2);

        first.Add(clean);
        second.Add(damaged);

        Assert.Equal(first.Read(), second.Read());
    }

    [Fact]
    public void Bad_arguments_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new LoudnessMeter(7_999, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => new LoudnessMeter(48_000, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new LoudnessMeter(48_000, 3));
        var meter = new LoudnessMeter(48_000, 2);
        Assert.Throws<ArgumentException>(() => meter.Add(new float[3]));
        meter.Add([]);
        meter.Dispose();
        meter.Dispose();
        Assert.Throws<ObjectDisposedException>(() => meter.Add(new float[4]));
        Assert.Throws<ObjectDisposedException>(() => meter.Read());
        Assert.Throws<ObjectDisposedException>(meter.Reset);
    }
}
