namespace AiMixer.Tests;

public sealed class LoudnessTargetTests
{
    private const int Rate = 48_000;

    // What is promised for the loudness.
    private const double LoudnessToleranceLu = 0.05;

    // A 16x meter sees a little more than a detector that must keep up with the stream: a twentieth of a percent.
    private const double TruePeakToleranceDb = 0.005;

    [Theory]
    [InlineData(-30f, 48_000, 2, 0.5)]
    [InlineData(-23f, 48_000, 2, 0.5)]
    [InlineData(-23f, 44_100, 2, 0.5)]
    [InlineData(-16f, 48_000, 1, 0.5)]
    [InlineData(-14f, 48_000, 2, 0.05)]
    [InlineData(-14f, 48_000, 2, 1.5)]
    [InlineData(-9f, 48_000, 2, 0.5)]
    public void Target_is_met_and_the_ceiling_kept(float target, int rate, int channels, double amplitude)
    {
        float[] input = Signals.Programme(rate, 6, channels, amplitude);

        (float[] output, MixReport report) = OfflineMixerTests.Mix(Mixer(target), input, rate, channels);

        Assert.Equal(target, ReferenceMeter.IntegratedLufs(output, rate, channels), LoudnessToleranceLu);
        Assert.Equal(target, report.Output.Loudness.IntegratedLufs!.Value, LoudnessToleranceLu);
        double truePeak = ReferenceMeter.TruePeakDbtp(output, channels);
        Assert.True(truePeak <= -0.1 + TruePeakToleranceDb, $"true peak {truePeak} dBTP");
        Assert.Equal($"loudness target {target} LUFS", Gain(report).Reason);
        Assert.Equal(0, report.LimiterClampedSamples);
    }

    [Fact]
    public void The_gain_in_the_report_makes_the_same_mix_without_a_target()
    {
        float[] input = Signals.Programme(Rate, 3);
        (float[] output, MixReport report) = OfflineMixerTests.Mix(Mixer(-14), input, Rate, 2);

        var again = new OfflineMixer(new OfflineMixOptions
        {
            Overrides = new Dictionary<string, float> { ["limiter.input_gain_db"] = Gain(report).Value },
        });

        Assert.Equal(output, OfflineMixerTests.Mix(again, input, Rate, 2).Output);
    }

    [Theory]
    [InlineData(-16f)]
    [InlineData(-3f)]
    public void Source_is_rendered_eight_times_at_most_and_written_once(float target)
    {
        float[] input = Signals.Programme(Rate, 2);
        using var source = new AwkwardSource(input, Rate, 2);
        var sink = new MemoryAudioSink();

        Mixer(target).Mix(source, sink);

        Assert.InRange(source.Rewinds, 2, 8);
        Assert.Equal(input.Length, sink.ToArray().Length);
    }

    [Fact]
    public void Linear_programmes_need_three_renders()
    {
        using var source = new AwkwardSource(Signals.Sine(Rate, 997, 0.05, 2 * Rate), Rate, 2);

        Mixer(-23).Mix(source, new MemoryAudioSink());

        Assert.Equal(3, source.Rewinds);
    }

    [Fact]
    public void A_target_beyond_reach_is_reported_and_the_ceiling_still_kept()
    {
        // One click in silence: no gain makes it loud.
        float[] input = new float[2 * Rate];
        input[Rate] = 0.3f;

        (float[] output, MixReport report) = OfflineMixerTests.Mix(Mixer(-5), input, Rate, 2);

        Assert.StartsWith("loudness target -5 LUFS not met: ", Gain(report).Reason);
        Assert.True(ReferenceMeter.SamplePeak(output) <= Math.Pow(10, -0.1 / 20));
        Assert.Equal(input.Length, output.Length);
    }

    [Fact]
    public void Silence_and_programmes_too_short_are_reported()
    {
        (_, MixReport silent) = OfflineMixerTests.Mix(Mixer(-16), new float[2 * Rate], Rate, 2);
        (_, MixReport brief) = OfflineMixerTests.Mix(Mixer(-16), Signals.Noise(0.5, 2 * 19_199), Rate, 2);
        (_, MixReport empty) = OfflineMixerTests.Mix(Mixer(-16), [], Rate, 2);

        Assert.Equal("loudness target -16 LUFS not met: the programme is silent", Gain(silent).Reason);
        Assert.Contains("shorter than the 400 ms", Gain(brief).Reason);
        Assert.Contains("shorter than the 400 ms", Gain(empty).Reason);
        Assert.All([silent, brief, empty], report => Assert.Equal(0, Gain(report).Value));
    }

    [Fact]
    public void A_programme_below_the_absolute_gate_is_brought_up()
    {
        float[] whisper = Signals.Sine(Rate, 997, Math.Pow(10, -80 / 20.0), 2 * Rate);
        var mixer = new OfflineMixer(new OfflineMixOptions
        {
            TargetLufs = -30,
            Profile = ChannelStripTests.Transparent,
        });

        (float[] output, MixReport report) = OfflineMixerTests.Mix(mixer, whisper, Rate, 2);

        Assert.Null(report.Input.Loudness.IntegratedLufs);
        Assert.Equal(-30, ReferenceMeter.IntegratedLufs(output, Rate, 2), LoudnessToleranceLu);
        Assert.Equal("loudness target -30 LUFS", Gain(report).Reason);
    }

    [Fact]
    public void Bypass_wins_over_the_target_and_says_so()
    {
        float[] input = Signals.Programme(Rate, 1);
        var mixer = new OfflineMixer(new OfflineMixOptions { TargetLufs = -16, Bypass = true });

        (float[] output, MixReport report) = OfflineMixerTests.Mix(mixer, input, Rate, 2);

        Assert.Equal(input, output);
        Assert.Equal("loudness target -16 LUFS not met: the chain is bypassed", Gain(report).Reason);
    }

    [Fact]
    public void Search_converges_on_a_limiter_that_takes_more_and_more_back()
    {
        foreach (double target in new[] { -30.0, -14, -9, -6.2 })
        {
            var search = new LoudnessSearch((float)target, 0, -60, 60);
            int renders = 0;
            bool goOn = true;
            while (goOn && renders < 7)
            {
                renders++;
                goOn = search.Add((float)Saturating(search.NextDb));
            }

            Assert.True(search.IsReached, $"target {target}: {search.BestLufs} after {renders} renders");
            Assert.Equal(target, Saturating(search.BestDb), LoudnessSearch.ToleranceLu + 1e-4);
        }

        // -20 LUFS at 0 dB, never above -6 LUFS.
        static double Saturating(double gainDb) =>
            -6 - (4 * Math.Log(1 + Math.Exp((14 - gainDb) / 4)));
    }

    [Theory]
    [InlineData(-5.5f, 0f)]
    [InlineData(-3f, 0f)]
    [InlineData(-3f, 17f)]
    public void Search_beyond_reach_ends_where_gain_still_brings_loudness(float target, float startDb)
    {
        var search = new LoudnessSearch(target, startDb, -60, 60);
        int renders = 0;
        bool goOn = true;
        while (goOn && renders < 7)
        {
            renders++;
            goOn = search.Add((float)Clipped(search.NextDb));
        }

        // 25 dB give half a LU less than any gain can.
        Assert.InRange(search.BestDb, 15, 25);
        Assert.InRange(search.BestLufs, -7, -6);
        Assert.False(search.IsReached);

        // -20 LUFS at 0 dB; a square wave reads -6 LUFS.
        static double Clipped(double gainDb) =>
            -6 - (4 * Math.Log(1 + Math.Exp((14 - gainDb) / 4)));
    }

    [Fact]
    public void A_target_beyond_reach_does_not_crush_the_programme()
    {
        float[] input = Signals.Programme(Rate, 6);

        (_, MixReport report) = OfflineMixerTests.Mix(Mixer(-3), input, Rate, 2);

        Assert.EndsWith(": of more gain the limiter takes nearly all", Gain(report).Reason, StringComparison.Ordinal);
        Assert.InRange(Gain(report).Value, 0, 35);
    }

    [Fact]
    public void Search_stops_at_the_end_of_the_range()
    {
        var search = new LoudnessSearch(-10, 0, -60, 60);
        int renders = 0;
        while (search.Add(-100 + search.NextDb))
        {
            Assert.InRange(++renders, 0, 6);
        }

        Assert.Equal(60, search.BestDb);
        Assert.Equal(-40, search.BestLufs);
    }

    private static OfflineMixer Mixer(float target) => new(new OfflineMixOptions { TargetLufs = target });

    private static AppliedParameter Gain(MixReport report) =>
        report.Parameters.Single(row => row.Id == "limiter.input_gain_db");
}
