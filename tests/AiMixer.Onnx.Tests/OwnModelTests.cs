using System.Collections.Immutable;

namespace AiMixer.Onnx.Tests;

/// <summary>Models of one's own, and what they may leave open.</summary>
public sealed class OwnModelTests : IDisposable
{
    private const int Coefficients = Material.Coefficients;
    private const double Tolerance = 1e-5;

    private readonly string _folder = Directory.CreateTempSubdirectory("aimixer-onnx-").FullName;
    private readonly float[] _frames =
        [.. Enumerable.Range(0, 400 * Coefficients).Select(i => (float)Math.Sin(i * 0.37) * (i % 11))];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_file_a_stream_and_bytes_give_the_same_and_the_right_answer()
    {
        byte[] bytes = new TestModel().ToBytes();
        string path = Path.Combine(_folder, "mine.onnx");
        File.WriteAllBytes(path, bytes);
        using MemoryStream stream = new([1, 2, 3, .. bytes]) { Position = 3 };
        using OnnxGenreClassifier fromFile = new(path);
        using OnnxGenreClassifier fromStream = new(stream);
        using OnnxGenreClassifier fromBytes = new(bytes);
        Array.Clear(bytes);
        ReadOnlySpan<float> window = _frames.AsSpan(0, 120 * Coefficients);

        GenreProbabilities answer = fromFile.Classify(window);

        AssertClose(Expected(window), answer);
        Assert.Equal(answer, fromStream.Classify(window));
        Assert.Equal(answer, fromBytes.Classify(window));
        Assert.True(stream.CanRead, "the stream is not ours to close");
    }

    [Fact]
    public void The_order_of_the_classes_is_that_of_the_metadata()
    {
        int[] column = [2, 4, 0, 1, 3];
        float[] turned = new float[TestModel.Weights.Length];
        for (int i = 0; i < turned.Length; i++)
        {
            turned[i] = TestModel.Weights[(i / 5 * 5) + column[i % 5]];
        }

        TestModel model = new()
        {
            Constants = [TestModel.Constant("weights", turned, Coefficients, 5)],
            Classes = " jazz, classical ,speech,rock,electronic",
        };
        using OnnxGenreClassifier classifier = new(model.ToBytes());
        AssertClose(Expected(_frames.AsSpan(0, 100 * Coefficients)), classifier.Classify(_frames.AsSpan(0, 100 * Coefficients)));
    }

    [Fact]
    public void Fixed_frames_make_windows_of_that_many()
    {
        TestModel model = new() { Inputs = [TestModel.Value("mfcc", TestModel.Float, 1, 100, 13)] };
        using OnnxGenreClassifier classifier = new(model.ToBytes());

        // Fewer are repeated.
        ReadOnlySpan<float> some = _frames.AsSpan(0, 25 * Coefficients);
        AssertClose(Expected(some), classifier.Classify(some));

        // More are windows, one each 50 frames: at 0, 50 and 100.
        GenreProbabilities[] windows = [.. new[] { 0, 50, 100 }.Select(first =>
            Expected(_frames.AsSpan(first * Coefficients, 100 * Coefficients)))];
        double[] powers = [.. GenreProbabilities.Genres.Select(genre =>
            Math.Pow(windows.Select(window => (double)window[genre]).Aggregate((a, b) => a * b), (1.25 - (0.25 / 3)) / 3))];
        GenreProbabilities mean = GenreProbabilities.From([.. powers.Select(power => (float)(power / powers.Sum()))]);
        AssertClose(mean, classifier.Classify(_frames.AsSpan(0, 210 * Coefficients)));
    }

    [Fact]
    public void Further_outputs_do_no_harm()
    {
        TestModel model = new()
        {
            Outputs =
            [
                TestModel.Value("logits", TestModel.Float, "batch", 5),
                TestModel.Value("mean", TestModel.Float, "batch", 13),
                TestModel.Value("probabilities", TestModel.Float, "batch", 5),
            ],
        };
        using OnnxGenreClassifier classifier = new(model.ToBytes());
        AssertClose(Expected(_frames.AsSpan(0, 300 * Coefficients)), classifier.Classify(_frames.AsSpan(0, 300 * Coefficients)));
    }

    [Fact]
    public void A_model_that_answers_nonsense_once_says_so_and_goes_on()
    {
        // Beyond 88 the exponential is infinite, and infinities of both signs add up to no number.
        TestModel model = new()
        {
            Nodes =
            [
                TestModel.Mean("mfcc"),
                TestModel.Node("Exp", ["mean"], "exponential"),
                TestModel.Node("MatMul", ["exponential", "weights"], "logits"),
                TestModel.Softmax("probabilities"),
            ],
        };
        float[] small = [.. Enumerable.Repeat(1f, 50 * Coefficients)];
        float[] large = [.. Enumerable.Repeat(200f, 50 * Coefficients)];
        using OnnxGenreClassifier classifier = new(model.ToBytes());
        GenreProbabilities answer = classifier.Classify(small);

        OnnxModelException exception = Assert.Throws<OnnxModelException>(() => classifier.Classify(large));

        Assert.Contains("NaN", exception.Message, StringComparison.Ordinal);
        Assert.Equal(answer, classifier.Classify(small));
    }

    private static GenreProbabilities Expected(ReadOnlySpan<float> window)
    {
        double[] logits = new double[5];
        for (int i = 0; i < window.Length; i++)
        {
            for (int genre = 0; genre < 5; genre++)
            {
                logits[genre] += (double)window[i] / (window.Length / Coefficients) * TestModel.Weights[(i % Coefficients * 5) + genre];
            }
        }

        double[] odds = [.. logits.Select(Math.Exp)];
        return GenreProbabilities.From([.. odds.Select(odd => (float)(odd / odds.Sum()))]);
    }

    private static void AssertClose(GenreProbabilities expected, GenreProbabilities actual)
    {
        ImmutableArray<Genre> genres = GenreProbabilities.Genres;
        Assert.All(genres, genre => Assert.Equal(expected[genre], actual[genre], Tolerance));
    }
}
