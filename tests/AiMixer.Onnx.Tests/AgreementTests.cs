namespace AiMixer.Onnx.Tests;

/// <summary>The shipped model says the same in ONNX Runtime as in the core.</summary>
public sealed class AgreementTests(ITestOutputHelper output) : IDisposable
{
    private const double Tolerance = 1e-5;
    private const int Count = 1000;
    private const int Coefficients = Material.Coefficients;

    private readonly GenreClassifier _core = new();
    private readonly OnnxGenreClassifier _onnx = new();

    public void Dispose() => _onnx.Dispose();

    [Fact]
    public void A_thousand_windows_of_speech_music_and_noise_agree_with_the_core()
    {
        int kinds = Agree(Material.Windows(Material.Synthesised, Count));
        Assert.True(kinds >= 2, $"a model that hears only {kinds} genres in all this proves little");
    }

    [Fact]
    public void A_thousand_windows_of_recordings_agree_with_the_core()
    {
        float[][] recordings = Material.Recordings();
        Assert.SkipWhen(recordings.Length == 0, $"{Material.FolderVariable} names no folder of recordings");
        Agree(Material.Windows(recordings, Count));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(49)]
    [InlineData(50)]
    [InlineData(299)]
    [InlineData(301)]
    [InlineData(349)]
    [InlineData(350)]
    [InlineData(1234)]
    public void Any_number_of_frames_is_cut_into_windows_as_the_core_does(int frames)
    {
        float[] sound = [.. Material.Synthesised.SelectMany(kind => kind.Take(5 * 100 * Coefficients))];
        Agree(Enumerable.Range(0, 5).Select(i =>
            (ReadOnlyMemory<float>)sound.AsMemory(i * 400 * Coefficients, frames * Coefficients)));
    }

    [Fact]
    public void Values_at_their_limits_still_give_probabilities()
    {
        Random random = new(7);
        float[] wild = new float[300 * Coefficients];
        for (int round = 0; round < 50; round++)
        {
            for (int i = 0; i < wild.Length; i++)
            {
                wild[i] = random.Next(3) switch { 0 => 10_000, 1 => -10_000, _ => random.NextSingle() };
            }

            GenreProbabilities probabilities = _onnx.Classify(wild);
            Assert.InRange(probabilities.ByName().Sum(pair => pair.Value), 0.999, 1.001);
        }
    }

    [Theory]
    [InlineData(0, typeof(ArgumentException))]
    [InlineData(12, typeof(ArgumentException))]
    [InlineData(14, typeof(ArgumentException))]
    public void A_length_that_is_no_whole_frames_is_refused_as_by_the_core(int values, Type exception)
    {
        Assert.Throws(exception, () => _core.Classify(new float[values]));
        Assert.Throws(exception, () => _onnx.Classify(new float[values]));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(-10_000.1f)]
    [InlineData(1e30f)]
    public void A_value_out_of_range_is_refused_as_by_the_core(float value)
    {
        float[] mfcc = new float[300 * Coefficients];
        mfcc[^1] = value;
        Assert.Throws<ArgumentOutOfRangeException>(() => _core.Classify(mfcc));
        Assert.Throws<ArgumentOutOfRangeException>(() => _onnx.Classify(mfcc));
    }

    /// <returns>How many genres were the likeliest somewhere.</returns>
    private int Agree(IEnumerable<ReadOnlyMemory<float>> windows)
    {
        double worst = 0;
        HashSet<Genre> likeliest = [];
        foreach (ReadOnlyMemory<float> window in windows)
        {
            GenreProbabilities core = _core.Classify(window.Span);
            GenreProbabilities onnx = _onnx.Classify(window.Span);
            foreach (Genre genre in GenreProbabilities.Genres)
            {
                worst = Math.Max(worst, Math.Abs((double)core[genre] - onnx[genre]));
            }

            Assert.True(worst <= Tolerance, $"core {core}, ONNX Runtime {onnx}: {worst} apart");
            likeliest.Add(core.Likeliest);
        }

        output.WriteLine($"worst difference {worst}; heard: {string.Join(", ", likeliest)}");
        return likeliest.Count;
    }
}
