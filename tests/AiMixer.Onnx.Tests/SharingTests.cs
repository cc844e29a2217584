namespace AiMixer.Onnx.Tests;

/// <summary>One session serves many threads, and ends when the last of them is done.</summary>
public sealed class SharingTests(ITestOutputHelper output)
{
    private const int Window = 300 * Material.Coefficients;

    [Fact]
    public async Task Threads_that_share_a_session_get_the_bits_of_a_single_one()
    {
        using OnnxGenreClassifier classifier = new();
        float[][] windows = [.. Enumerable.Range(0, 100).Select(Noise)];
        GenreProbabilities[] expected = [.. windows.Select(window => classifier.Classify(window))];

        GenreProbabilities[][] results = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
            windows.Select(window => classifier.Classify(window)).ToArray())));

        Assert.All(results, result => Assert.Equal(expected, result));
    }

    [Fact]
    public void Two_sessions_give_the_same_bits()
    {
        using OnnxGenreClassifier one = new();
        using OnnxGenreClassifier other = new();
        Assert.All(Enumerable.Range(0, 20).Select(Noise), window => Assert.Equal(one.Classify(window), other.Classify(window)));
    }

    [Fact]
    public async Task Dispose_waits_for_the_calls_under_way_and_later_ones_are_refused()
    {
        float[] window = Noise(1);
        for (int round = 0; round < 20; round++)
        {
            OnnxGenreClassifier classifier = new();
            using CountdownEvent running = new(4);
            // Threads of their own: a pool whose threads are all busy gives no more while the machine is busy too.
            Task[] classifying = [.. Enumerable.Range(0, 4).Select(_ => Task.Factory.StartNew(
                () =>
                {
                    classifier.Classify(window);
                    running.Signal();
                    while (true)
                    {
                        classifier.Classify(window);
                    }
                },
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default))];
            running.Wait();
            classifier.Dispose();

            foreach (Task task in classifying)
            {
                await Assert.ThrowsAsync<ObjectDisposedException>(() => task);
            }

            classifier.Dispose();
            ObjectDisposedException refused = Assert.Throws<ObjectDisposedException>(() => classifier.Classify(window));
            Assert.Contains(nameof(OnnxGenreClassifier), refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Collector_never_takes_a_session_that_still_works()
    {
        using CancellationTokenSource stop = new();
        Task collecting = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }
        });
        float[] window = Noise(2);
        GenreProbabilities expected = new OnnxGenreClassifier().Classify(window);
        for (int round = 0; round < 50; round++)
        {
            // Nothing refers to the classifier any more while it is at work.
            Assert.Equal(expected, new OnnxGenreClassifier().Classify(window));
        }

        await stop.CancelAsync();
        await collecting;
    }

    [Fact]
    public void A_window_allocates_little()
    {
        const int rounds = 100;
        const int bytesMost = 2048;
        using OnnxGenreClassifier classifier = new();
        float[] window = Noise(3);
        for (int i = 0; i < rounds; i++)
        {
            classifier.Classify(window);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < rounds; i++)
        {
            classifier.Classify(window);
        }

        long bytes = (GC.GetAllocatedBytesForCurrentThread() - before) / rounds;
        output.WriteLine($"{bytes} bytes per window");
        Assert.InRange(bytes, 0, bytesMost);
    }

    private static float[] Noise(int seed)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, Window).Select(_ => (random.NextSingle() * 60) - 30)];
    }
}
