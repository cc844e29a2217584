namespace AiMixer.Tests;

/// <summary>Whole programmes mixed by genre: their loudness, their peaks, and the account of it.</summary>
public sealed class GenreMixTests
{
    private const int Rate = 48_000;

    // What is promised for programmes of 10 s and longer.
    private const double LoudnessToleranceLu = 0.1;

    // A 16x meter sees a little more than a detector that must keep up with the stream: a twentieth of a percent.
    private const double TruePeakToleranceDb = 0.005;

    [Theory]
    [InlineData(Genre.Speech, 2, -16)]
    [InlineData(Genre.Speech, 1, -19)]
    [InlineData(Genre.Rock, 2, -14)]
    [InlineData(Genre.Jazz, 2, -16)]
    [InlineData(Genre.Jazz, 1, -19)]
    [InlineData(Genre.Electronic, 2, -14)]
    [InlineData(Genre.Classical, 2, -20)]
    [InlineData(Genre.Classical, 1, -20)]
    public void A_genre_has_its_loudness_and_keeps_its_ceiling(Genre genre, int channels, double target)
    {
        float[] input = Signals.Programme(Rate, 15, channels);

        (float[] output, MixReport report) = Mix(new OfflineMixOptions { Genre = genre }, input, channels);

        Assert.Equal(target, ReferenceMeter.IntegratedLufs(output, Rate, channels), LoudnessToleranceLu);
        double truePeak = ReferenceMeter.TruePeakDbtp(output, channels);
        Assert.True(truePeak <= -1 + TruePeakToleranceDb, $"true peak {truePeak} dBTP");
        string name = genre.ToString().ToLowerInvariant();
        Assert.Equal((name, name), (report.Genre.Requested, report.Genre.Applied));
        Assert.Equal($"loudness target {target} LUFS", Row(report, "limiter.input_gain_db").Reason);
        Assert.Equal($"profile {name}", Row(report, "eq.mid_gain_db").Reason);
        Assert.Equal(0, report.LimiterClampedSamples);
        double sourceLufs = ReferenceMeter.IntegratedLufs(input, Rate, channels);
        Assert.Equal(target - sourceLufs, Row(report, "input.gain_db").Value, 0.05);
        if (genre is Genre.Jazz or Genre.Classical)
        {
            Assert.Null(report.LevelerGainDb);
            return;
        }

        LevelerGainReport leveler = report.LevelerGainDb!.Value;
        Assert.InRange(leveler.Final, leveler.Minimum, leveler.Maximum);
        Assert.NotEqual(leveler.Minimum, leveler.Maximum);
    }

    [Fact]
    public void One_gain_for_the_whole_file_is_accounted_for()
    {
        (_, MixReport report) = Mix(new OfflineMixOptions { Genre = Genre.Classical }, Signals.Programme(Rate, 10), 2);

        Assert.Matches(
            @"^one gain for the whole file: from -\d+\.\d LUFS to the loudness target of -20 LUFS$",
            Row(report, "input.gain_db").Reason);
        Assert.Equal(
            new AppliedParameter("leveler.enabled", 0, "", "one gain for the whole file"), Row(report, "leveler.enabled"));
        Assert.Equal(
            "profile classical: -10 dBFS at the loudness target of -20 LUFS", Row(report, "compressor.threshold_db").Reason);
        Assert.Null(report.LevelerGainDb);
        (_, report) = Mix(new OfflineMixOptions { Genre = Genre.Rock }, Signals.Programme(Rate, 10), 2);
        Assert.Matches(
            @"^start of the leveler: from -\d+\.\d LUFS to the loudness target of -14 LUFS$", Row(report, "input.gain_db").Reason);
    }

    [Theory]
    [InlineData(Genre.Classical, 0.05)]
    [InlineData(Genre.Classical, 0.9)]
    [InlineData(Genre.Classical, 0.002)]
    public void One_gain_leaves_a_null_against_the_source(Genre genre, double amplitude)
    {
        // What is promised of the classical profile.
        const double NullDb = -30;
        float[] input = Signals.Programme(Rate, 12, amplitude: amplitude);

        (float[] output, _) = Mix(new OfflineMixOptions { Genre = genre }, input, 2);

        double gain = Product(input, output) / Product(input, input);
        double rest = output.Zip(input, (y, x) => Math.Pow(y - (gain * x), 2)).Sum();
        double nullDb = 10 * Math.Log10(rest / Product(output, output));
        Assert.True(nullDb <= NullDb, $"null {nullDb} dB");

        static double Product(float[] a, float[] b) => a.Zip(b, (x, y) => (double)x * y).Sum();
    }

    // Rounding, twice; what steers by loudness carries it on.
    [Theory]
    [InlineData(Genre.Speech)]
    [InlineData(Genre.Rock)]
    [InlineData(Genre.Jazz)]
    [InlineData(Genre.Electronic)]
    [InlineData(Genre.Classical)]
    public void A_file_is_mixed_alike_whatever_its_level(Genre genre)
    {
        const double AlikeDb = -50;
        float[] loud = Signals.Programme(Rate, 10, amplitude: 0.9);
        float[] soft = [.. loud.Select(x => x * 0.02f)];

        (float[] expected, _) = Mix(new OfflineMixOptions { Genre = genre }, loud, 2);
        (float[] output, _) = Mix(new OfflineMixOptions { Genre = genre }, soft, 2);

        double rest = expected.Zip(output, (x, y) => Math.Pow(x - y, 2)).Sum();
        double differenceDb = 10 * Math.Log10(rest / expected.Sum(x => (double)x * x));
        Assert.True(differenceDb <= AlikeDb, $"difference {differenceDb} dB");
    }

    [Theory]
    [InlineData("leveler.enabled", 1)]
    [InlineData("leveler.max_boost_db", 9)]
    [InlineData("leveler.rise_db_per_s", 2)]
    [InlineData("leveler.limiter_allowance_db", 4)]
    public void Overrides_of_the_leveler_bring_it_back(string key, float value)
    {
        (_, MixReport report) = Mix(
            new OfflineMixOptions { Genre = Genre.Classical, Overrides = One(key, value) }, Signals.Programme(Rate, 10), 2);

        Assert.NotNull(report.LevelerGainDb);
        Assert.Equal(("override", value), (Row(report, key).Reason, Row(report, key).Value));
        Assert.Equal(1, Row(report, "leveler.enabled").Value);
    }

    [Fact]
    public void Overrides_of_the_target_and_of_the_input_gain_stand_beside_one_gain()
    {
        float[] input = Signals.Programme(Rate, 10);
        var classical = new OfflineMixOptions { Genre = Genre.Classical };

        (float[] lower, MixReport report) = Mix(classical with { Overrides = One("leveler.target_lufs", -26) }, input, 2);
        Assert.Equal(-26, ReferenceMeter.IntegratedLufs(lower, Rate, 2), LoudnessToleranceLu);
        Assert.Null(report.LevelerGainDb);
        Assert.Equal("profile classical: -16 dBFS at the loudness target of -26 LUFS", Row(report, "compressor.threshold_db").Reason);

        (float[] raised, report) = Mix(classical with { Overrides = One("input.gain_db", 3) }, input, 2);
        Assert.Equal(-20, ReferenceMeter.IntegratedLufs(raised, Rate, 2), LoudnessToleranceLu);
        Assert.Equal(("override", 3f), (Row(report, "input.gain_db").Reason, Row(report, "input.gain_db").Value));
        Assert.Null(report.LevelerGainDb);
    }

    [Fact]
    public void A_file_without_loudness_gets_no_input_gain()
    {
        foreach (float[] input in new[] { new float[2 * Rate], Signals.Noise(0.5, 2 * 9_000), [] })
        {
            (float[] output, MixReport report) = Mix(new OfflineMixOptions { Genre = Genre.Classical }, input, 2);

            Assert.Equal(input.Length, output.Length);
            Assert.Equal(("profile classical", 0f), (Row(report, "input.gain_db").Reason, Row(report, "input.gain_db").Value));
            Assert.StartsWith("loudness target -20 LUFS not met: ", Row(report, "limiter.input_gain_db").Reason, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void One_gain_is_what_a_strip_without_leveler_makes_with_thresholds_that_stand()
    {
        float[] input = Signals.Programme(Rate, 3);
        MixProfile profile = MixProfile.For(Genre.Classical)
            .With("gate.enabled", 1).With("gate.threshold_relative", 1).With("gate.threshold_db", -15);
        (float[] output, MixReport report) = Mix(new OfflineMixOptions { Profile = profile }, input, 2);
        using var strip = new ChannelStrip();
        strip.SetProfile(profile, TimeSpan.Zero);
        strip.Set(ParameterId.LevelerEnabled, 0);
        strip.Set(ParameterId.GateThresholdDb, -35);
        strip.Set(ParameterId.CompressorThresholdDb, -10);
        strip.Set(ParameterId.InputGainDb, Row(report, "input.gain_db").Value);
        strip.Set(ParameterId.LimiterInputGainDb, Row(report, "limiter.input_gain_db").Value);
        float[] padded = [.. input, .. new float[2 * strip.LatencyFrames]];

        strip.Process(padded);

        Assert.Equal(padded[(2 * strip.LatencyFrames)..], output);
    }

    [Theory]
    [InlineData(-30f)]
    [InlineData(-11f)]
    public void A_target_of_ones_own_counts_more_than_the_genres(float target)
    {
        float[] input = Signals.Programme(Rate, 15, amplitude: 0.1);

        (float[] output, MixReport report) = Mix(
            new OfflineMixOptions { Genre = Genre.Rock, TargetLufs = target }, input, 2);

        Assert.Equal(target, ReferenceMeter.IntegratedLufs(output, Rate, 2), LoudnessToleranceLu);
        Assert.Equal($"loudness target {target} LUFS", Row(report, "limiter.input_gain_db").Reason);
    }

    [Fact]
    public void A_target_belongs_to_a_leveler_that_is_on()
    {
        var rock = new OfflineMixOptions { Genre = Genre.Rock };

        Assert.Equal(-14, rock.TargetFor(1));
        Assert.Equal(-19, new OfflineMixOptions { Genre = Genre.Speech }.TargetFor(1));
        Assert.Equal(-9, (rock with { TargetLufs = -9 }).TargetFor(2));
        Assert.Equal(-18, (rock with { Overrides = One("leveler.target_lufs", -18) }).TargetFor(2));
        Assert.Null((rock with { Overrides = One("leveler.enabled", 0) }).TargetFor(2));
        Assert.Null((rock with { Bypass = true }).TargetFor(2));
        Assert.Null(new OfflineMixOptions().TargetFor(2));
        (_, MixReport report) = Mix(rock with { Overrides = One("leveler.enabled", 0) }, Signals.Programme(Rate, 1), 2);
        Assert.Null(report.LevelerGainDb);
        Assert.Equal("profile rock", Row(report, "limiter.input_gain_db").Reason);
    }

    [Fact]
    public void Bypass_gives_the_input_back_whatever_the_genre()
    {
        float[] input = Signals.Programme(Rate, 1);

        (float[] output, _) = Mix(new OfflineMixOptions { Genre = Genre.Rock, Bypass = true }, input, 2);

        Assert.Equal(input, output);
    }

    [Fact]
    public void The_profile_counts_more_than_the_genre_in_any_order()
    {
        var mine = new MixProfile { Name = "mine" };

        Assert.Same(mine, new OfflineMixOptions { Profile = mine, Genre = Genre.Rock }.Profile);
        Assert.Same(mine, new OfflineMixOptions { Genre = Genre.Rock, Profile = mine }.Profile);
        Assert.Equal("mine", new OfflineMixOptions { Genre = Genre.Rock, Profile = mine }.RequestedGenre);
        Assert.Equal("jazz", (new OfflineMixOptions { Genre = Genre.Rock } with { Genre = Genre.Jazz }).RequestedGenre);
    }

    [Fact]
    public void Intensity_and_relative_thresholds_are_accounted_for()
    {
        var options = new OfflineMixOptions
        {
            Genre = Genre.Speech,
            IntensityPercent = 50,
            Overrides = One("compressor.threshold_db", -20),
        };

        (_, MixReport report) = Mix(options, Signals.Programme(Rate, 1, 1), 1);

        MixProfile speech = MixProfile.For(Genre.Speech);
        float gate = speech.Parameters["gate.threshold_db"];
        Assert.Equal(
            new AppliedParameter(
                "gate.threshold_db", gate, "dB", $"profile speech at 50 %: {gate - 19} dBFS at the loudness target of -19 LUFS"),
            Row(report, "gate.threshold_db"));
        Assert.Equal(new AppliedParameter("compressor.threshold_db", -20, "dB", "override"), Row(report, "compressor.threshold_db"));
        Assert.Equal(
            new AppliedParameter("eq.mid_gain_db", speech.Parameters["eq.mid_gain_db"], "dB", "profile speech at 50 %"),
            Row(report, "eq.mid_gain_db"));
        Assert.Equal("default", Row(report, "bypass").Reason);
    }

    [Fact]
    public void Intensity_zero_touches_nothing_but_the_loudness()
    {
        float[] input = Signals.Programme(Rate, 12, amplitude: 0.2);
        var options = new OfflineMixOptions { Genre = Genre.Rock, IntensityPercent = 0, TargetLufs = -30 };

        (float[] output, MixReport report) = Mix(options, input, 2);

        Assert.Equal(-30, ReferenceMeter.IntegratedLufs(output, Rate, 2), LoudnessToleranceLu);
        Assert.Equal(default, report.GainReductionDb.Compressor);
        Assert.Equal(default, report.GainReductionDb.Gate);
        Assert.Equal(default, report.GainReductionDb.Limiter);
        Assert.Equal(default, report.LevelerGainDb!.Value);
    }

    [Fact]
    public void A_guard_rail_that_took_hold_is_named()
    {
        MixProfile strict = MixProfile.For(Genre.Rock)
            .With("leveler.limiter_allowance_db", 0.5f).With("leveler.target_lufs", -10).With("leveler.max_boost_db", 20);

        (float[] output, MixReport report) = Mix(
            new OfflineMixOptions { Profile = strict }, Signals.Programme(Rate, 15), 2);

        AppliedParameter target = Row(report, "leveler.target_lufs");
        Assert.Equal("guard rail: limiter reduction above 0.5 dB for 3 s", target.Reason);
        Assert.InRange(target.Value, -20, -10.05f);
        Assert.Equal(-10, ReferenceMeter.IntegratedLufs(output, Rate, 2), LoudnessToleranceLu);
    }

    [Fact]
    public void The_mix_is_what_a_strip_of_that_genre_makes()
    {
        float[] input = Signals.Programme(Rate, 2);
        (float[] output, MixReport report) = Mix(new OfflineMixOptions { Genre = Genre.Electronic }, input, 2);
        using var strip = new ChannelStrip();
        strip.SetGenre(Genre.Electronic);
        strip.Set(ParameterId.InputGainDb, Row(report, "input.gain_db").Value);
        strip.Set(ParameterId.LimiterInputGainDb, Row(report, "limiter.input_gain_db").Value);
        float[] padded = [.. input, .. new float[2 * strip.LatencyFrames]];

        strip.Process(padded);

        Assert.Equal(padded[(2 * strip.LatencyFrames)..], output);
    }

    private static Dictionary<string, float> One(string key, float value) => new() { [key] = value };

    private static AppliedParameter Row(MixReport report, string id) => report.Parameters.Single(row => row.Id == id);

    private static (float[] Output, MixReport Report) Mix(OfflineMixOptions options, float[] input, int channels) =>
        OfflineMixerTests.Mix(new OfflineMixer(options), input, Rate, channels);
}
