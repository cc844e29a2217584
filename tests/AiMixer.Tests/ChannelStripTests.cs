namespace AiMixer.Tests;

public sealed class ChannelStripTests
{
    private const int Rate = 48_000;

    /// <summary>Nothing in the chain touches a programme that stays below full scale.</summary>
    internal static MixProfile Transparent { get; } = MixProfile.Neutral
        .With("gate.enabled", 0)
        .With("compressor.enabled", 0)
        .With("limiter.threshold_db", 0)
        .With("limiter.ceiling_db", 0);

    [Fact]
    public void Default_strip_is_stereo_at_48_kHz_with_every_parameter_at_its_default()
    {
        using var strip = new ChannelStrip();

        Assert.Equal(new ChannelStripOptions(), strip.Options);
        Assert.All(Parameter.All, row => Assert.Equal(row.Default, strip.Get(row.Id)));
        Assert.True(strip.LatencyFrames >= 0.005 * Rate);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Any_split_of_the_stream_gives_the_same_bits(int channels)
    {
        float[] input = Signals.Programme(Rate, 1, channels);
        float[] whole = new float[input.Length];
        using (var strip = Strip(channels, maxFrames: 960))
        {
            strip.Process(input, whole);
        }

        foreach (int maxFrames in new[] { 1, 7, 64, 4096 })
        {
            using var strip = Strip(channels, maxFrames);
            float[] inPlace = [.. input];
            var random = new Random(maxFrames);
            for (int at = 0; at < inPlace.Length;)
            {
                int samples = Math.Min(random.Next(0, 3000) * channels, inPlace.Length - at);
                strip.Process(inPlace.AsSpan(at, samples));
                at += samples;
            }

            Assert.Equal(whole, inPlace);
        }
    }

    [Fact]
    public void Planar_and_interleaved_give_the_same_bits()
    {
        float[] input = Signals.Programme(Rate, 0.5);
        float[] interleaved = [.. input];
        float[] left = Signals.Channel(input, 0, 2);
        float[] right = Signals.Channel(input, 1, 2);
        float[] outputLeft = new float[left.Length];
        float[] outputRight = new float[right.Length];
        using var first = Strip(2, 500);
        using var second = Strip(2, 333);
        using var third = Strip(2, 960);

        first.Process(interleaved);
        second.ProcessPlanar(left, right, outputLeft, outputRight);
        third.ProcessPlanar(left, right);

        Assert.Equal(Signals.Channel(interleaved, 0, 2), outputLeft);
        Assert.Equal(Signals.Channel(interleaved, 1, 2), outputRight);
        Assert.Equal(outputLeft, left);
        Assert.Equal(outputRight, right);
    }

    [Fact]
    public void Mono_planar_is_mono_interleaved()
    {
        float[] input = Signals.Programme(Rate, 0.3, channels: 1);
        float[] planar = [.. input];
        using var first = Strip(1, 960);
        using var second = Strip(1, 960);

        first.Process(input);
        second.ProcessPlanar(planar);

        Assert.Equal(input, planar);
    }

    [Theory]
    [InlineData(8_000, 1)]
    [InlineData(44_100, 2)]
    [InlineData(48_000, 2)]
    [InlineData(192_000, 2)]
    public void Transparent_settings_and_bypass_delay_and_change_no_bit(int rate, int channels)
    {
        float[] input = Signals.Programme(rate, 0.2, channels);
        foreach (bool bypass in new[] { false, true })
        {
            using var strip = new ChannelStrip(
                new ChannelStripOptions { SampleRateHz = rate, Channels = channels, Profile = Transparent });
            if (bypass)
            {
                strip.Apply(MixProfile.Neutral.With("eq.mid_gain_db", 6));
                strip.Bypass = true;
            }

            float[] output = new float[input.Length];
            strip.Process(input, output);

            int delay = strip.LatencyFrames * channels;
            Assert.All(output[..delay], sample => Assert.Equal(0, sample));
            Assert.Equal(input[..^delay], output[delay..]);
        }
    }

    [Fact]
    public void Reset_is_as_good_as_new()
    {
        float[] input = Signals.Programme(Rate, 0.5);
        float[] fresh = [.. input];
        float[] again = [.. input];
        using var first = new ChannelStrip();
        using var second = new ChannelStrip();
        first.Set(ParameterId.EqMidGainDb, 4);
        second.Process(Signals.Noise(0.9, 20_000));
        second.Set(ParameterId.EqMidGainDb, 4);
        second.Reset();

        first.Process(fresh);
        second.Process(again);

        Assert.Equal(fresh, again);
        Assert.Equal(first.Metrics, second.Metrics);
    }

    [Fact]
    public void Damaged_samples_become_silence_and_are_counted()
    {
        float[] samples = Signals.Programme(Rate, 0.2);
        samples[100] = float.NaN;
        samples[1001] = float.PositiveInfinity;
        samples[2002] = float.NegativeInfinity;
        samples[3003] = 1e30f;
        using var strip = new ChannelStrip();

        strip.Process(samples);

        Assert.All(samples, sample => Assert.True(float.IsFinite(sample)));
        Assert.Equal(4, strip.Metrics.NonFiniteSamples);
    }

    [Fact]
    public void Metrics_say_what_went_through()
    {
        float[] input = Signals.Programme(Rate, 4, amplitude: 0.9);
        float[] output = new float[input.Length];
        using var strip = new ChannelStrip(
            new ChannelStripOptions { Meters = StripMeters.Input | StripMeters.Output });
        using var inputMeter = new LoudnessMeter(Rate, 2);
        using var outputMeter = new LoudnessMeter(Rate, 2);

        strip.Process(input, output);
        inputMeter.Add(input);
        outputMeter.Add(output);

        StripMetrics metrics = strip.Metrics;
        Assert.Equal(input.Length / 2, metrics.Frames);
        Assert.Equal(0, metrics.LimiterClampedSamples);
        // The strip measures in whole quanta of its own; a few frames at the end may still be missing.
        Assert.Equal(inputMeter.Read().IntegratedLufs, metrics.Input.IntegratedLufs, 0.02f);
        Assert.Equal(outputMeter.Read().IntegratedLufs, metrics.Output.IntegratedLufs, 0.02f);
        Assert.Equal(outputMeter.Read().SamplePeakDbfs, metrics.Output.SamplePeakDbfs, 0.02f);
        Assert.InRange(metrics.Compressor.MaximumDb, 0.5f, 40);
        Assert.InRange(metrics.Compressor.AverageDb, 0.01f, metrics.Compressor.MaximumDb);
    }

    [Fact]
    public void Fresh_strips_and_absent_meters_read_silence()
    {
        using var strip = new ChannelStrip(new ChannelStripOptions { Meters = StripMeters.None });
        Assert.Equal(LoudnessReading.Silence, strip.Metrics.Output.IntegratedLufs);

        strip.Process(Signals.Programme(Rate, 1));

        Assert.Equal(LoudnessReading.Silence, strip.Metrics.Output.IntegratedLufs);
        Assert.Equal(LoudnessReading.Silence, strip.Metrics.Input.SamplePeakDbfs);
        Assert.Equal(Rate, strip.Metrics.Frames);
    }

    [Fact]
    public void Parameters_are_set_by_number_and_by_key_and_are_heard()
    {
        using var strip = new ChannelStrip(new ChannelStripOptions { Profile = Transparent });
        strip.Set(ParameterId.LimiterInputGainDb, -6);
        Assert.Equal(-6, strip.Get(ParameterId.LimiterInputGainDb));
        strip.Set("limiter.input_gain_db", -12);
        Assert.Equal(-12, strip.Get(ParameterId.LimiterInputGainDb));

        float[] tone = Signals.Sine(Rate, 997, 0.5, Rate);
        strip.Process(tone);

        Assert.Equal(0.5 * Math.Pow(10, -12 / 20.0), ReferenceMeter.SamplePeak(tone.AsSpan(Rate)), 1e-4);
    }

    [Fact]
    public void Profile_sets_everything_but_bypass()
    {
        using var strip = new ChannelStrip();
        strip.Set(ParameterId.EqLowGainDb, 5);
        strip.Bypass = true;

        strip.Apply(new MixProfile { Name = "mine" }.With("eq.mid_gain_db", 2));

        Assert.Equal(0, strip.Get(ParameterId.EqLowGainDb));
        Assert.Equal(2, strip.Get(ParameterId.EqMidGainDb));
        Assert.True(strip.Bypass);
    }

    [Fact]
    public void Latency_cannot_change_while_the_strip_runs()
    {
        using var strip = new ChannelStrip();
        int latency = strip.LatencyFrames;
        strip.Process(new float[200]);
        MixProfile longer = MixProfile.Neutral.With("limiter.lookahead_ms", 8).With("eq.mid_gain_db", 2);

        var refusal = Assert.Throws<AiMixerException>(() => strip.Apply(longer));
        Assert.Equal(-5, refusal.Status);
        Assert.Contains("limiter.lookahead_ms", refusal.Message);
        Assert.Equal(0, strip.Get(ParameterId.EqMidGainDb));
        Assert.Equal(latency, strip.LatencyFrames);
        strip.Apply(MixProfile.Neutral.With("eq.mid_gain_db", 1));

        strip.Reset();
        strip.Apply(longer);
        Assert.Equal(2, strip.Get(ParameterId.EqMidGainDb));
        Assert.Equal(latency + (0.003 * Rate), strip.LatencyFrames);
    }

    [Theory]
    [InlineData(7_999, 2, 960, 1, "7999", "8000 to 192000")]
    [InlineData(192_001, 2, 960, 1, "192001", "8000 to 192000")]
    [InlineData(-48_000, 2, 960, 1, "-48000", "8000 to 192000")]
    [InlineData(48_000, 0, 960, 1, "0", "1 to 2")]
    [InlineData(48_000, 3, 960, 1, "3", "1 to 2")]
    [InlineData(48_000, 2, 0, 1, "0", "1 to 1048576")]
    [InlineData(48_000, 2, 1_048_577, 1, "1048577", "1 to 1048576")]
    [InlineData(48_000, 2, 960, 4, "4", "0 to 3")]
    public void Bad_options_are_named_with_what_is_allowed(
        int rate, int channels, int maxFrames, int meters, string value, string allowed)
    {
        var options = new ChannelStripOptions
        {
            SampleRateHz = rate, Channels = channels, MaxFrames = maxFrames, Meters = (StripMeters)meters,
        };

        string message = Assert.Throws<ArgumentOutOfRangeException>(() => new ChannelStrip(options)).Message;

        Assert.Contains(value, message);
        Assert.Contains(allowed, message);
    }

    [Fact]
    public void Bad_spans_are_refused()
    {
        using var stereo = new ChannelStrip();
        using var mono = Strip(1, 960);
        float[] a = new float[64];
        float[] b = new float[64];

        Assert.Contains("63", Assert.Throws<ArgumentException>(() => stereo.Process(a.AsSpan(0, 63))).Message);
        Assert.Throws<ArgumentException>(() => stereo.Process(a, b.AsSpan(0, 62)));
        Assert.Throws<ArgumentException>(() => stereo.Process(a.AsSpan(0, 32), a.AsSpan(2, 32)));
        Assert.Throws<ArgumentException>(() => stereo.ProcessPlanar(a, b.AsSpan(1)));
        Assert.Throws<ArgumentException>(() => stereo.ProcessPlanar(a, a));
        Assert.Throws<ArgumentException>(() => stereo.ProcessPlanar(a, b, b, a));
        Assert.Throws<ArgumentException>(() => stereo.ProcessPlanar(a, a, b, b));
        Assert.Throws<ArgumentException>(() => stereo.ProcessPlanar(a, b, new float[63], new float[64]));
        Assert.Throws<ArgumentException>(() => stereo.ProcessPlanar(a, b, new float[64], new float[65]));
        Assert.Throws<InvalidOperationException>(() => stereo.ProcessPlanar(a));
        Assert.Throws<InvalidOperationException>(() => mono.ProcessPlanar(a, b));
        Assert.Equal(0, stereo.Metrics.Frames);

        stereo.Process([]);
        stereo.Process([], []);
        stereo.ProcessPlanar([], []);
        mono.ProcessPlanar([]);
        Assert.Equal(0, stereo.Metrics.Frames);
    }

    [Fact]
    public void Bad_parameters_are_refused_and_change_nothing()
    {
        using var strip = new ChannelStrip();

        var refusal = Assert.Throws<ArgumentOutOfRangeException>(() => strip.Set(ParameterId.GateThresholdDb, 1));
        Assert.Contains("gate.threshold_db", refusal.Message);
        Assert.Contains("-100 to 0 dB", refusal.Message);
        Assert.Equal(1f, refusal.ActualValue);
        Assert.Throws<ArgumentOutOfRangeException>(() => strip.Set(ParameterId.GateThresholdDb, float.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => strip.Set("gate.enabled", 0.5f));
        Assert.Throws<ArgumentException>(() => strip.Set("gate.colour", 1));
        Assert.Throws<ArgumentException>(() => strip.Set((ParameterId)7, 1));
        Assert.Throws<ArgumentException>(() => strip.Get((ParameterId)7));
        Assert.Throws<ArgumentNullException>(() => strip.Set(null!, 1));
        Assert.Throws<ArgumentNullException>(() => strip.Apply(null!));
        Assert.Throws<ArgumentNullException>(() => new ChannelStrip(null!));
        Assert.All(Parameter.All, row => Assert.Equal(row.Default, strip.Get(row.Id)));
    }

    [Fact]
    public void Every_boundary_of_every_parameter_is_accepted()
    {
        using var strip = new ChannelStrip();

        Assert.All(Parameter.All, row =>
        {
            strip.Set(row.Id, row.Minimum);
            Assert.Equal(row.Minimum, strip.Get(row.Id));
            strip.Set(row.Id, row.Maximum);
            Assert.Equal(row.Maximum, strip.Get(row.Id));
        });
    }

    [Fact]
    public void Disposed_strips_say_so()
    {
        var strip = new ChannelStrip();
        byte[] snapshot = strip.Save();
        strip.Dispose();
        strip.Dispose();
        float[] samples = new float[8];
        Action[] calls =
        [
            () => strip.Process(samples),
            () => strip.Process(samples, samples),
            () => strip.ProcessPlanar(samples),
            () => strip.ProcessPlanar(samples, new float[8]),
            () => strip.Set(ParameterId.Bypass, 1),
            () => strip.Set("bypass", 1),
            () => strip.Get(ParameterId.Bypass),
            () => strip.Bypass = true,
            () => _ = strip.Bypass,
            () => _ = strip.LatencyFrames,
            () => _ = strip.Metrics,
            () => _ = strip.SnapshotSize,
            () => strip.Save(),
            () => strip.Save(snapshot),
            () => strip.Restore(snapshot),
            () => strip.Reset(),
            () => strip.Apply(MixProfile.Neutral),
            () => strip.SetProfile(MixProfile.Neutral, TimeSpan.Zero),
            () => strip.SetGenre(Genre.Rock),
            () => strip.Release(ParameterId.Bypass),
            () => strip.Intensity = 50,
            () => _ = strip.Intensity,
            () => _ = strip.Genre,
        ];

        Assert.All(calls, call => Assert.Contains(
            nameof(ChannelStrip), Assert.Throws<ObjectDisposedException>(call).ObjectName));
    }

    private static ChannelStrip Strip(int channels, int maxFrames) =>
        new(new ChannelStripOptions { Channels = channels, MaxFrames = maxFrames });
}
