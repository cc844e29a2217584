namespace AiMixer.Onnx.Tests;

/// <summary>The example of docs/onnx.md is this code, and this code runs.</summary>
public sealed class GuideTests
{
    [Fact]
    public void The_example_is_what_runs_here()
    {
        string[] guide = [.. Repository.Lines("docs/onnx.md", "```csharp", "```").Where(line => line != "using AiMixer;")];
        string[] here = Repository.Lines("tests/AiMixer.Onnx.Tests/GuideTests.cs", "// Guide begins", "// Guide ends");
        Assert.NotEmpty(here);
        Assert.Equal(here, guide);
    }

    [Fact]
    public void The_example_runs()
    {
        File.WriteAllBytes("mine.onnx", new TestModel().ToBytes());

        // Guide begins
        // One session for all streams: any number of threads may ask it at once.
        using OnnxGenreClassifier? onnx = OnnxGenreClassifier.IsSupported ? new OnnxGenreClassifier() : null;
        IGenreClassifier classifier = onnx is not null ? onnx : new GenreClassifier();

        // 3 s of a mono stream at 48 kHz: 13 MFCCs every 10 ms.
        float[] samples = new float[3 * 48000];
        using var extractor = new MfccExtractor();
        float[] mfcc = new float[extractor.FramesFor(samples.Length) * 13];
        extractor.Process(samples, mfcc);
        GenreProbabilities probabilities = classifier.Classify(mfcc);
        Console.WriteLine($"{probabilities.Likeliest}: {probabilities.Highest}");

        // A model of your own, from a file, a stream or bytes.
        using var mine = new OnnxGenreClassifier("mine.onnx");
        Console.WriteLine(mine.Classify(mfcc));

        // Its answers decided upon as those of the core are, every half second, and a strip that follows.
        using var strip = new ChannelStrip();
        using var listener = new GenreListener(48000, 1);
        listener.Hear(mine.Classify(mfcc));
        strip.SetGenre(listener.Reading.Genre);
        // Guide ends

        File.Delete("mine.onnx");
        Assert.Equal(new GenreClassifier().Classify(mfcc).Likeliest, probabilities.Likeliest);
    }
}
