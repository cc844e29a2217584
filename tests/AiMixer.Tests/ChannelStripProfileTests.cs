namespace AiMixer.Tests;

/// <summary>Profiles, intensity and what was set: which of them counts.</summary>
public sealed class ChannelStripProfileTests
{
    private const int Rate = 48_000;

    public static TheoryData<Genre> Genres => [.. Enum.GetValues<Genre>().Where(genre => genre != Genre.Auto)];

    [Theory]
    [MemberData(nameof(Genres))]
    public void A_genre_brings_its_profile(Genre genre)
    {
        using var strip = new ChannelStrip();
        using var same = new ChannelStrip(new ChannelStripOptions { Profile = MixProfile.For(genre) });

        strip.SetGenre(genre);

        MixProfile profile = MixProfile.For(genre);
        Assert.Equal(genre, strip.Genre);
        Assert.Null(same.Genre);
        Assert.All(Parameter.All, row => Assert.Equal(profile.ValueOf(row), strip.Get(row.Id)));
        Assert.Equal(Mix(same), Mix(strip));
        Assert.Equal(genre, strip.Metrics.Genre);
        Assert.Null(same.Metrics.Genre);
    }

    [Fact]
    public void What_was_set_stands_until_it_is_released()
    {
        using var strip = new ChannelStrip();
        strip.Set(ParameterId.EqMidGainDb, 5);
        strip.SetGenre(Genre.Rock);
        strip.SetProfile(MixProfile.For(Genre.Speech), TimeSpan.FromSeconds(1));
        Assert.Equal(5, strip.Get(ParameterId.EqMidGainDb));

        strip.Release(ParameterId.EqMidGainDb);
        strip.Release(ParameterId.EqLowGainDb);

        Assert.Equal(2, strip.Get(ParameterId.EqMidGainDb));
        Assert.Throws<ArgumentException>(() => strip.Release((ParameterId)999));
    }

    [Fact]
    public void A_running_strip_keeps_its_look_ahead_when_the_profile_changes()
    {
        using var strip = new ChannelStrip();
        int latency = strip.LatencyFrames;
        MixProfile longer = MixProfile.For(Genre.Rock).With("limiter.lookahead_ms", 8);
        strip.Process(new float[200]);

        strip.SetProfile(longer, TimeSpan.Zero);

        Assert.Equal(5, strip.Get(ParameterId.LimiterLookaheadMs));
        Assert.Equal(latency, strip.LatencyFrames);
        Assert.Equal(-5, Assert.Throws<AiMixerException>(() => strip.Release(ParameterId.LimiterLookaheadMs)).Status);
        strip.Reset();
        strip.SetProfile(longer, TimeSpan.Zero);
        Assert.Equal(latency + (0.003 * Rate), strip.LatencyFrames);
    }

    [Fact]
    public void Apply_releases_what_was_set_but_not_bypass()
    {
        using var strip = new ChannelStrip { Bypass = true };
        strip.Set(ParameterId.LimiterLookaheadMs, 2);
        strip.Set(ParameterId.EqMidGainDb, 5);

        strip.Apply(MixProfile.For(Genre.Rock));
        Assert.Equal(2, strip.Get(ParameterId.EqMidGainDb));
        strip.SetGenre(Genre.Jazz);

        Assert.True(strip.Bypass);
        Assert.Equal(MixProfile.For(Genre.Jazz).Parameters["eq.mid_gain_db"], strip.Get(ParameterId.EqMidGainDb));
        Assert.Equal(5, strip.Get(ParameterId.LimiterLookaheadMs));
    }

    [Theory]
    [MemberData(nameof(Genres))]
    public void Intensity_zero_is_the_profile_without_its_effect(Genre genre)
    {
        MixProfile still = MixProfile.For(genre)
            .With("leveler.max_boost_db", 0).With("leveler.max_cut_db", 0)
            .With("gate.ratio", 1).With("gate.range_db", 0)
            .With("de_esser.ratio", 1).With("de_esser.range_db", 0)
            .With("compressor.ratio", 1).With("compressor.makeup_db", 0)
            .With("eq.low_gain_db", 0).With("eq.mid_gain_db", 0).With("eq.high_gain_db", 0)
            .With("saturator.drive_db", 0).With("saturator.wet_percent", 0)
            .With("stereo.width", 1);
        using var expected = new ChannelStrip(new ChannelStripOptions { Profile = still });
        using var strip = new ChannelStrip { Intensity = 0 };

        strip.SetGenre(genre);

        Assert.Equal(0, strip.Intensity);
        Assert.Equal(Mix(expected), Mix(strip));
        Assert.Equal(0, strip.Metrics.Compressor.MaximumDb);
        Assert.Equal(0, strip.Metrics.DeEsser.MaximumDb);
        Assert.Equal(0, strip.Metrics.LevelerGainDb);
    }

    [Fact]
    public void Intensity_leaves_what_was_set_alone()
    {
        using var half = new ChannelStrip { Intensity = 50 };
        using var full = new ChannelStrip();
        foreach (ChannelStrip strip in new[] { half, full })
        {
            strip.Apply(ChannelStripTests.Transparent);
            strip.Set(ParameterId.EqMidGainDb, 6);
        }

        Assert.Equal(Mix(full), Mix(half));
        half.Release(ParameterId.EqMidGainDb);
        half.SetProfile(ChannelStripTests.Transparent.With("eq.mid_gain_db", 6), TimeSpan.Zero);
        full.Set(ParameterId.EqMidGainDb, 3);
        half.Reset();
        full.Reset();
        Assert.Equal(Mix(full), Mix(half));
    }

    [Fact]
    public void A_morph_takes_its_time()
    {
        using var strip = new ChannelStrip(new ChannelStripOptions { Profile = ChannelStripTests.Transparent });
        strip.Process(new float[2 * Rate]);
        strip.SetProfile(ChannelStripTests.Transparent.With("eq.mid_gain_db", 12), TimeSpan.FromSeconds(1));

        float[] tone = Signals.Sine(Rate, 1000, 0.05, 2 * Rate);
        strip.Process(tone);

        double At(double seconds) => 20 * Math.Log10(
            ReferenceMeter.SamplePeak(tone.AsSpan(2 * (int)(seconds * Rate), 2 * Rate / 20)) / 0.05);
        Assert.Equal(0, At(0), 0.6);
        Assert.InRange(At(0.48), 5, 7);
        Assert.Equal(12, At(1.2), 0.05);
    }

    [Fact]
    public void The_leveler_tells_what_it_does()
    {
        using var strip = new ChannelStrip();
        strip.SetGenre(Genre.Speech);
        strip.Process(new float[2 * 4 * Rate]);
        Assert.Equal(LevelerHold.Silence, strip.Metrics.LevelerHold);
        Assert.Equal(0, strip.Metrics.LevelerGainDb);

        strip.Process(Signals.Programme(Rate, 10, amplitude: 0.1));

        Assert.True(strip.Metrics.LevelerGainDb > 3, $"{strip.Metrics.LevelerGainDb} dB");
        Assert.Equal(-16, strip.Metrics.TargetLufs, 1e-3);
        Assert.True(strip.Metrics.Compressor.MaximumDb > 0);
    }

    [Fact]
    public void A_snapshot_brings_genre_and_intensity_along()
    {
        using var strip = new ChannelStrip { Intensity = 40 };
        strip.SetGenre(Genre.Electronic);
        Mix(strip);
        using var other = new ChannelStrip();

        other.Restore(strip.Save());

        Assert.Equal(Genre.Electronic, other.Genre);
        Assert.Equal(40, other.Intensity);
        Assert.Equal(Mix(strip), Mix(other));
    }

    [Fact]
    public void What_makes_no_sense_is_refused()
    {
        using var strip = new ChannelStrip();
        Assert.Throws<ArgumentOutOfRangeException>(() => strip.SetGenre((Genre)6));
        Assert.Throws<ArgumentNullException>(() => strip.SetProfile(null!, TimeSpan.Zero));
        Assert.Contains("0 to 60 s", Assert.Throws<ArgumentOutOfRangeException>(
            () => strip.SetProfile(MixProfile.Neutral, TimeSpan.FromSeconds(61))).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => strip.SetProfile(MixProfile.Neutral, TimeSpan.FromSeconds(-1)));
        foreach (float percent in new[] { -1, 101, float.NaN })
        {
            Assert.Contains("0 to 100 %", Assert.Throws<ArgumentOutOfRangeException>(() => strip.Intensity = percent).Message);
        }

        Assert.Equal(100, strip.Intensity);
        Assert.Equal(Genre.Neutral, strip.Genre);
    }

    private static float[] Mix(ChannelStrip strip)
    {
        float[] programme = Signals.Programme(Rate, 3);
        strip.Process(programme);
        return programme;
    }
}
