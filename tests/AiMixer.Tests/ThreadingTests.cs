namespace AiMixer.Tests;

public sealed class ThreadingTests
{
    private const int Rate = 48_000;

    [Fact]
    public async Task Parallel_strips_give_the_bits_of_a_single_one()
    {
        float[] input = Signals.Programme(Rate, 1);
        float[] expected = Mix(input);

        float[][] results = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Mix(input))));

        Assert.All(results, result => Assert.Equal(expected, result));

        static float[] Mix(float[] input)
        {
            using var strip = new ChannelStrip();
            float[] output = new float[input.Length];
            for (int at = 0; at < input.Length; at += 1920)
            {
                strip.Process(input.AsSpan(at, 1920), output.AsSpan(at, 1920));
            }

            return output;
        }
    }

    [Fact]
    public async Task Parameters_and_metrics_may_be_used_while_it_processes()
    {
        using var strip = new ChannelStrip();
        using var stop = new CancellationTokenSource();
        Parameter[] live = [.. Parameter.All.Where(row => !row.IsSetup && row.Id is not (
            ParameterId.Bypass or ParameterId.LimiterEnabled or ParameterId.LimiterCeilingDb or ParameterId.LimiterThresholdDb))];
        Task turning = Task.Run(() =>
        {
            var random = new Random(3);
            while (!stop.IsCancellationRequested)
            {
                Parameter row = live[random.Next(live.Length)];
                float value = random.Next(2) == 0 ? row.Minimum : row.Maximum;
                strip.Set(row.Id, value);
                Assert.Equal(value, strip.Get(row.Id));
            }
        });
        Task reading = Task.Run(() =>
        {
            long frames = 0;
            while (!stop.IsCancellationRequested)
            {
                long now = strip.Metrics.Frames;
                Assert.True(now >= frames);
                frames = now;
            }
        });

        float[] input = Signals.Programme(Rate, 0.5);
        float[] output = new float[input.Length];
        double peak = 0;
        for (int round = 0; round < 20; round++)
        {
            strip.Process(input, output);
            Assert.All(output, sample => Assert.True(float.IsFinite(sample)));
            peak = Math.Max(peak, ReferenceMeter.SamplePeak(output));
        }

        await stop.CancelAsync();
        await turning;
        await reading;
        Assert.True(peak <= Math.Pow(10, -0.1 / 20) + 1e-6, $"peak {peak}");
        Assert.Equal(0, strip.Metrics.LimiterClampedSamples);
    }

    [Fact]
    public async Task Dispose_waits_for_the_call_that_is_under_way()
    {
        for (int round = 0; round < 20; round++)
        {
            var strip = new ChannelStrip();
            float[] samples = new float[200_000];
            Task processing = Task.Run(() =>
            {
                while (true)
                {
                    strip.Process(samples);
                }
            });
            await Task.Delay(2);
            strip.Dispose();

            await Assert.ThrowsAsync<ObjectDisposedException>(() => processing);
        }
    }

    [Fact]
    public async Task Collector_never_takes_a_strip_that_still_works()
    {
        using var stop = new CancellationTokenSource();
        Task collecting = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }
        });
        float[] input = Signals.Programme(Rate, 0.2);
        float[] expected = [.. input];
        new ChannelStrip().Process(expected);

        for (int round = 0; round < 50; round++)
        {
            float[] output = [.. input];
            // Nothing refers to the strip any more while the core is at work.
            new ChannelStrip().Process(output);
            Assert.Equal(expected, output);
        }

        await stop.CancelAsync();
        await collecting;
    }
}
