namespace AiMixer.Tests;

public sealed class OfflineMixerTests
{
    private const int Rate = 48_000;

    public static TheoryData<int, int> Lengths
    {
        get
        {
            var data = new TheoryData<int, int>();
            foreach (int frames in new[] { 0, 1, 2, 238, 239, 240, 241, 255, 256, 959, 960, 961, 4095, 4096, 4097, 20_011 })
            {
                data.Add(frames, 1);
                data.Add(frames, 2);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Output_is_as_long_as_the_input_and_lies_where_it_lay(int frames, int channels)
    {
        float[] input = Signals.Noise(0.4, frames * channels);
        var mixer = new OfflineMixer(new OfflineMixOptions { Profile = ChannelStripTests.Transparent });

        (float[] output, MixReport report) = Mix(mixer, input, Rate, channels);

        Assert.Equal(input, output);
        Assert.Equal((double)frames / Rate, report.Output.Seconds);
        Assert.Equal(report.Input, report.Output);
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void A_loudness_target_changes_no_length(int frames, int channels)
    {
        var mixer = new OfflineMixer(new OfflineMixOptions { TargetLufs = -16 });

        (float[] output, _) = Mix(mixer, Signals.Noise(0.2, frames * channels), Rate, channels);

        Assert.Equal(frames * channels, output.Length);
    }

    [Theory]
    [InlineData(8_000)]
    [InlineData(44_100)]
    [InlineData(192_000)]
    public void An_impulse_stays_in_its_place_at_any_rate(int rate)
    {
        float[] input = new float[rate / 10];
        input[777] = 0.5f;
        var mixer = new OfflineMixer(new OfflineMixOptions { Profile = ChannelStripTests.Transparent });

        (float[] output, MixReport report) = Mix(mixer, input, rate, 1);

        Assert.Equal(input, output);
        Assert.True(report.LatencyFrames > 0);
    }

    [Fact]
    public void The_mix_is_what_a_strip_makes_without_its_latency()
    {
        float[] input = Signals.Programme(Rate, 1.3);
        using var strip = new ChannelStrip();
        float[] padded = [.. input, .. new float[2 * strip.LatencyFrames]];
        strip.Process(padded);

        (float[] output, MixReport report) = Mix(new OfflineMixer(), input, Rate, 2);

        Assert.Equal(padded[(2 * strip.LatencyFrames)..], output);
        Assert.Equal(strip.LatencyFrames, report.LatencyFrames);
    }

    [Fact]
    public void Bypass_gives_the_input_back_bit_for_bit()
    {
        float[] input = Signals.Programme(Rate, 0.7);
        var mixer = new OfflineMixer(new OfflineMixOptions
        {
            Bypass = true,
            Overrides = new Dictionary<string, float> { ["eq.low_gain_db"] = 12 },
        });

        (float[] output, MixReport report) = Mix(mixer, input, Rate, 2);

        Assert.Equal(input, output);
        Assert.Contains(new AppliedParameter("bypass", 1, "", "bypass"), report.Parameters);
    }

    [Fact]
    public void Sources_may_read_in_any_pieces()
    {
        float[] input = Signals.Programme(Rate, 1);
        using var awkward = new AwkwardSource(input, Rate, 2);
        var sink = new MemoryAudioSink();
        (float[] expected, MixReport report) = Mix(new OfflineMixer(), input, Rate, 2);

        MixReport again = new OfflineMixer().Mix(awkward, sink);

        Assert.Equal(expected, sink.ToArray());
        Assert.Equal(report.Output, again.Output);
        Assert.Equal(report.Input, again.Input);
        Assert.Equal(1, awkward.Rewinds);
    }

    [Fact]
    public void One_mixer_serves_many_programmes_at_once()
    {
        float[] input = Signals.Programme(Rate, 1);
        var mixer = new OfflineMixer();
        (float[] expected, _) = Mix(mixer, input, Rate, 2);

        Parallel.For(0, 6, _ => Assert.Equal(expected, Mix(mixer, input, Rate, 2).Output));
    }

    [Fact]
    public void Damaged_samples_are_counted_and_never_come_out()
    {
        float[] input = Signals.Programme(Rate, 0.5);
        input[100] = float.NaN;
        input[201] = float.PositiveInfinity;
        input[302] = -1e30f;

        (float[] output, MixReport report) = Mix(new OfflineMixer(), input, Rate, 2);

        Assert.All(output, sample => Assert.True(float.IsFinite(sample)));
        Assert.Equal(3, report.NonFiniteSamples);
        using var source = new MemoryAudioSource(input, Rate, 2);
        Assert.Equal(3, OfflineMixer.Analyze(source).NonFiniteSamples);
        Assert.NotNull(report.Features);
        Assert.All(report.Features.MfccMean, value => Assert.True(float.IsFinite(value)));
    }

    [Theory]
    [InlineData(48_000, 2)]
    [InlineData(44_100, 1)]
    public void Analysis_is_the_input_part_of_the_report(int rate, int channels)
    {
        float[] input = Signals.Programme(rate, 2, channels);
        using var source = new MemoryAudioSource(input, rate, channels);

        AudioAnalysis analysis = OfflineMixer.Analyze(source);
        (_, MixReport report) = Mix(new OfflineMixer(), input, rate, channels);

        Assert.Equal(report.Input, analysis.Input);
        Assert.Equal(report.Features!.MfccMean.AsEnumerable(), analysis.Features!.MfccMean.AsEnumerable());
        Assert.Equal(report.Features.SpectralCentroidHz, analysis.Features.SpectralCentroidHz);
        Assert.Equal(report.Features.ZeroCrossingRate, analysis.Features.ZeroCrossingRate);
    }

    [Fact]
    public void Features_are_means_over_windows_of_the_mono_mix()
    {
        float[] input = Signals.Noise(0.3, 2 * 1_440);
        float[] mono = [.. Enumerable.Range(0, 1_440).Select(i => 0.5f * (input[2 * i] + input[(2 * i) + 1]))];
        using var source = new MemoryAudioSource(input, Rate, 2);

        FeatureReport features = OfflineMixer.Analyze(source).Features!;

        var options = new MfccOptions();
        double[] first = ReferenceMfcc.Coefficients(mono.AsSpan(0, 960), options);
        double[] second = ReferenceMfcc.Coefficients(mono.AsSpan(480, 960), options);
        Assert.Equal(13, features.MfccMean.Length);
        Assert.All(Enumerable.Range(0, 13), k => Assert.Equal(0.5 * (first[k] + second[k]), features.MfccMean[k], 2e-3));
        Assert.Equal(
            0.5 * (ReferenceMfcc.ZeroCrossingRate(mono.AsSpan(0, 960)) + ReferenceMfcc.ZeroCrossingRate(mono.AsSpan(480, 960))),
            features.ZeroCrossingRate,
            1e-6);
    }

    [Fact]
    public void Loudness_in_the_report_is_that_of_the_samples()
    {
        float[] input = Signals.Programme(Rate, 5);

        (float[] output, MixReport report) = Mix(new OfflineMixer(), input, Rate, 2);

        Assert.Equal(ReferenceMeter.IntegratedLufs(input, Rate, 2), report.Input.Loudness.IntegratedLufs!.Value, 0.02);
        Assert.Equal(ReferenceMeter.IntegratedLufs(output, Rate, 2), report.Output.Loudness.IntegratedLufs!.Value, 0.02);
        Assert.True(report.GainReductionDb.Compressor.Maximum > 0);
        Assert.True(report.RealTimeFactor > 0);
        Assert.Equal(0, report.LimiterClampedSamples);
    }

    [Fact]
    public void Overrides_count_more_than_the_profile_and_each_value_has_its_reason()
    {
        var mixer = new OfflineMixer(new OfflineMixOptions
        {
            Profile = new MixProfile { Name = "mine" }.With("eq.mid_gain_db", 2).With("eq.low_gain_db", 1),
            RequestedGenre = "auto",
            Overrides = new Dictionary<string, float> { ["eq.mid_gain_db"] = 3, ["limiter.lookahead_ms"] = 2 },
        });

        (float[] output, MixReport report) = Mix(mixer, Signals.Programme(Rate, 0.3), Rate, 2);

        Assert.Equal(Parameter.All.Select(row => row.Key), report.Parameters.Select(row => row.Id));
        Assert.Contains(new AppliedParameter("eq.mid_gain_db", 3, "dB", "override"), report.Parameters);
        Assert.Contains(new AppliedParameter("eq.low_gain_db", 1, "dB", "profile mine"), report.Parameters);
        Assert.Contains(new AppliedParameter("gate.threshold_db", -40, "dB", "default"), report.Parameters);
        Assert.Equal("auto", report.Genre.Requested);
        Assert.Equal("mine", report.Genre.Applied);
        using var strip = new ChannelStrip();
        strip.Set("limiter.lookahead_ms", 2);
        Assert.Equal(strip.LatencyFrames, report.LatencyFrames);
        Assert.Equal(2 * (int)(0.3 * Rate), output.Length);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(-16f)]
    public void Progress_never_goes_back_and_ends_at_one(float? target)
    {
        var log = new ProgressLog();
        using var source = new AwkwardSource(Signals.Programme(Rate, 2), Rate, 2);

        new OfflineMixer(new OfflineMixOptions { TargetLufs = target }).Mix(source, new MemoryAudioSink(), log, CancellationToken.None);

        double[] fractions = [.. log.Messages.Select(message => message.Fraction)];
        Assert.Equal(fractions.Order(), fractions);
        Assert.Equal(1, fractions[^1]);
        Assert.Equal("mixing", log.Messages[^1].Step);
        Assert.Equal(target is null ? "mixing" : "measuring", log.Messages[0].Step);
        Assert.InRange(fractions.Length, 10, 1_000);
    }

    [Fact]
    public void Progress_is_unknown_while_the_length_is()
    {
        var log = new ProgressLog();
        using var source = new AwkwardSource(Signals.Programme(Rate, 1), Rate, 2, knowsLength: false);

        OfflineMixer.Analyze(source, log, CancellationToken.None);

        Assert.All(log.Messages.SkipLast(1), message => Assert.True(double.IsNaN(message.Fraction)));
        Assert.Equal(new MixProgress("measuring", 1), log.Messages[^1]);
    }

    [Fact]
    public void Cancelling_ends_the_work()
    {
        using var cancel = new CancellationTokenSource();
        using var source = new MemoryAudioSource(Signals.Noise(0.1, 2 * Rate), Rate, 2);
        var stopAtOnce = new CancelOnProgress(cancel);

        Assert.Throws<OperationCanceledException>(
            () => new OfflineMixer().Mix(source, new MemoryAudioSink(), stopAtOnce, cancel.Token));
        Assert.Throws<OperationCanceledException>(() => OfflineMixer.Analyze(source, null, cancel.Token));
    }

    [Fact]
    public void Sources_that_lie_or_have_another_format_are_refused()
    {
        using var tooMuch = new LyingSource(1_000_000);
        using var negative = new LyingSource(-1);
        using var surround = new LyingSource(0, channels: 6);
        using var telephone = new LyingSource(0, rateHz: 4_000);
        var mixer = new OfflineMixer();
        var sink = new MemoryAudioSink();

        Assert.Throws<InvalidOperationException>(() => mixer.Mix(tooMuch, sink));
        Assert.Throws<InvalidOperationException>(() => OfflineMixer.Analyze(negative));
        Assert.Contains("1 to 2", Assert.Throws<ArgumentOutOfRangeException>(() => mixer.Mix(surround, sink)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => OfflineMixer.Analyze(telephone));
        Assert.Throws<ArgumentNullException>(() => mixer.Mix(null!, sink));
        Assert.Throws<ArgumentNullException>(() => mixer.Mix(tooMuch, null!));
        Assert.Throws<ArgumentNullException>(() => OfflineMixer.Analyze(null!));
    }

    [Fact]
    public void Bad_options_are_refused()
    {
        Assert.Throws<ArgumentNullException>(() => new OfflineMixer(null!));
        Assert.Throws<ArgumentNullException>(() => new OfflineMixer(new OfflineMixOptions { Profile = null! }));
        Assert.Throws<ArgumentNullException>(() => new OfflineMixer(new OfflineMixOptions { Overrides = null! }));
        Assert.Throws<ArgumentNullException>(() => new OfflineMixer(new OfflineMixOptions { RequestedGenre = null! }));
        foreach (float target in new[] { 1, -71, float.NaN, float.NegativeInfinity })
        {
            Assert.Contains("-70 to 0 LUFS", Assert.Throws<ArgumentOutOfRangeException>(
                () => new OfflineMixer(new OfflineMixOptions { TargetLufs = target })).Message);
        }

        foreach (float percent in new[] { -1, 101, float.NaN })
        {
            Assert.Contains("0 to 100 %", Assert.Throws<ArgumentOutOfRangeException>(
                () => new OfflineMixer(new OfflineMixOptions { IntensityPercent = percent })).Message);
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => new OfflineMixOptions { Genre = (Genre)9 });
        Assert.Throws<ArgumentException>(() => new OfflineMixer(
            new OfflineMixOptions { Overrides = new Dictionary<string, float> { ["eq.colour"] = 1 } }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new OfflineMixer(
            new OfflineMixOptions { Overrides = new Dictionary<string, float> { ["eq.mid_gain_db"] = 13 } }));
    }

    [Fact]
    public void Memory_sources_check_their_arguments()
    {
        using var source = new MemoryAudioSource(new float[8], Rate, 2);
        Assert.Equal(4, source.TotalFrames);
        Assert.Throws<ArgumentException>(() => source.Read(new float[3]));
        Assert.Equal(3, source.Read(new float[6]));
        Assert.Equal(1, source.Read(new float[6]));
        Assert.Equal(0, source.Read(new float[6]));
        Assert.Throws<ArgumentNullException>(() => new MemoryAudioSource(null!, Rate, 2));
        Assert.Throws<ArgumentException>(() => new MemoryAudioSource(new float[7], Rate, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => new MemoryAudioSource(new float[8], Rate, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new MemoryAudioSource(new float[8], 0, 2));
    }

    internal static (float[] Output, MixReport Report) Mix(OfflineMixer mixer, float[] input, int rate, int channels)
    {
        using var source = new MemoryAudioSource(input, rate, channels);
        var sink = new MemoryAudioSink();
        MixReport report = mixer.Mix(source, sink);
        return (sink.ToArray(), report);
    }

    private sealed class CancelOnProgress(CancellationTokenSource cancel) : IProgress<MixProgress>
    {
        public void Report(MixProgress value) => cancel.Cancel();
    }
}
