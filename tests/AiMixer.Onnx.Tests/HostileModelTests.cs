using System.Text;

namespace AiMixer.Onnx.Tests;

/// <summary>Files that are no genre model are refused, and the message says what was found and what is expected.</summary>
public sealed class HostileModelTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("aimixer-onnx-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    public static TheoryData<string> Spoiled => new(Cases.Keys);

    // Each model, and what its refusal must name.
    private static readonly Dictionary<string, (TestModel Model, string[] Named)> Cases = new()
    {
        ["input of another name"] = (
            new() { Inputs = [TestModel.Value("features", TestModel.Float, "batch", "frames", 13)], Nodes = Renamed("features") },
            ["'features', float [open, open, 13]", "one input 'mfcc', float [batch, frames, 13]"]),
        ["input of another type"] = (
            new()
            {
                Inputs = [TestModel.Value("mfcc", TestModel.Double, "batch", "frames", 13)],
                Nodes = [TestModel.Node("Cast", ["mfcc"], "cast", TestModel.Int("to", TestModel.Float)), .. Renamed("cast")],
            },
            ["'mfcc', double [open, open, 13]", "float [batch, frames, 13]"]),
        ["input with twenty coefficients"] = (
            new()
            {
                Inputs = [TestModel.Value("mfcc", TestModel.Float, "batch", "frames", 20)],
                Constants = [TestModel.Constant("weights", new float[100], 20, 5)],
            },
            ["float [open, open, 20]", "[batch, frames, 13]"]),
        ["input without a batch"] = (
            new()
            {
                Inputs = [TestModel.Value("mfcc", TestModel.Float, "frames", 13)],
                Outputs = [TestModel.Value("probabilities", TestModel.Float, 5)],
                Nodes =
                [
                    TestModel.Node("ReduceMean", ["mfcc"], "mean", TestModel.Ints("axes", 0), TestModel.Int("keepdims", 0)),
                    TestModel.Product("weights"),
                    TestModel.Node("Softmax", ["logits"], "probabilities", TestModel.Int("axis", 0)),
                ],
            },
            ["'mfcc', float [open, 13]"]),
        ["batch of two"] = (
            new() { Inputs = [TestModel.Value("mfcc", TestModel.Float, 2, "frames", 13)] },
            ["float [2, open, 13]", "batch open or 1"]),
        ["window of an hour"] = (
            new() { Inputs = [TestModel.Value("mfcc", TestModel.Float, 1, 360_000, 13)] },
            ["float [1, 360000, 13]", "1 to 300"]),
        ["window whose length overflows"] = (
            new() { Inputs = [TestModel.Value("mfcc", TestModel.Float, 1, (1L << 32) + 100, 13)] },
            []),
        ["second input"] = (
            new()
            {
                Inputs = [TestModel.Value("mfcc", TestModel.Float, "batch", "frames", 13), TestModel.Value("gain", TestModel.Float, 1)],
                Nodes = [TestModel.Node("Mul", ["mfcc", "gain"], "louder"), .. Renamed("louder")],
            },
            ["'mfcc'", "'gain', float [1]", "one input"]),
        ["output of another name"] = (
            new() { Outputs = [TestModel.Value("output", TestModel.Float, "batch", 5)], Nodes = [TestModel.Mean("mfcc"), TestModel.Product("weights"), TestModel.Softmax("output")] },
            ["'output', float [open, 5]", "an output 'probabilities', float [batch, 5]"]),
        ["six probabilities"] = (
            new()
            {
                Outputs = [TestModel.Value("probabilities", TestModel.Float, "batch", 6)],
                Constants = [TestModel.Constant("weights", new float[78], 13, 6)],
            },
            ["float [open, 6]", "float [batch, 5]"]),
        ["six probabilities that it does not tell of"] = (
            new()
            {
                Outputs = [TestModel.Value("probabilities", TestModel.Float, "batch", "classes")],
                Constants = [TestModel.Constant("weights", new float[78], 13, 6)],
            },
            ["5", "6"]),
        ["label in place of probabilities"] = (
            new()
            {
                Outputs = [TestModel.Value("probabilities", TestModel.Int64, "batch", 5)],
                Nodes = [TestModel.Mean("mfcc"), TestModel.Product("weights"), TestModel.Node("Cast", ["logits"], "probabilities", TestModel.Int("to", TestModel.Int64))],
            },
            ["int64 [open, 5]"]),
        ["logits in place of probabilities"] = (
            new() { Nodes = [TestModel.Mean("mfcc"), TestModel.Node("MatMul", ["mean", "weights"], "probabilities")] },
            ["The model answered", "add up to 1"]),
        ["weights that are no numbers"] = (
            new() { Constants = [TestModel.Constant("weights", [.. Enumerable.Repeat(float.NaN, 65)], 13, 5)] },
            ["NaN", "add up to 1"]),
        ["no classes"] = (new() { Classes = null }, ["'classes'", TestModel.Order]),
        ["classes of something else"] = (new() { Classes = "cat,dog,bird,fish,cow" }, ["'cat,dog,bird,fish,cow'", TestModel.Order]),
        ["a class twice"] = (new() { Classes = "speech,rock,jazz,jazz,classical" }, [TestModel.Order]),
        ["a class too many"] = (new() { Classes = TestModel.Order + ",other" }, [TestModel.Order]),
        ["a megabyte of classes"] = (new() { Classes = new string('x', 1 << 20) }, ["xxx...", TestModel.Order]),
        ["operation that nobody knows"] = (
            new() { Nodes = [TestModel.Node("Guess", ["mfcc"], "probabilities")] },
            ["Guess"]),
        ["weights that are not there"] = (
            new() { Constants = [TestModel.Constant("weights", [1, 2, 3], 13, 5)] },
            []),
        ["weights of a terabyte"] = (
            new() { Constants = [TestModel.Constant("weights", [1, 2, 3], 1L << 20, 1L << 18)] },
            []),
        ["weights of more than all there is"] = (
            new() { Constants = [TestModel.Constant("weights", [1, 2, 3], long.MaxValue, long.MaxValue)] },
            []),
        ["weights in another file"] = (
            new() { Constants = [TestModel.ConstantElsewhere("weights", "weights.bin", 13, 5)] },
            []),
        ["weights in a file of somebody else"] = (
            new() { Constants = [TestModel.ConstantElsewhere("weights", "../../../../../../etc/passwd", 13, 5)] },
            []),
        ["graph that goes round in circles"] = (
            new()
            {
                Nodes =
                [
                    TestModel.Node("Add", ["mfcc", "second"], "first"), TestModel.Node("Relu", ["first"], "second"),
                    .. Renamed("second"),
                ],
            },
            []),
        ["nothing but inputs and outputs"] = (new() { Nodes = [], Constants = [] }, []),
    };

    [Theory]
    [MemberData(nameof(Spoiled))]
    public void A_model_that_is_no_genre_model_is_refused_by_name(string what)
    {
        (TestModel model, string[] named) = Cases[what];

        OnnxModelException exception = Assert.Throws<OnnxModelException>(() => new OnnxGenreClassifier(model.ToBytes()));

        Assert.All(named, part => Assert.Contains(part, exception.Message, StringComparison.Ordinal));
        Assert.InRange(exception.Message.Length, 20, 2000);
    }

    [Fact]
    public void An_empty_file_is_refused()
    {
        string path = Path.Combine(_folder, "empty.onnx");
        File.WriteAllBytes(path, []);
        Assert.Contains("empty", Assert.Throws<OnnxModelException>(() => new OnnxGenreClassifier(path)).Message, StringComparison.Ordinal);
        Assert.Throws<OnnxModelException>(() => new OnnxGenreClassifier([]));
        Assert.Throws<OnnxModelException>(() => new OnnxGenreClassifier(Stream.Null));
    }

    [Fact]
    public void A_truncated_file_is_refused_wherever_it_ends()
    {
        byte[] whole = Shipped();
        foreach (int length in Enumerable.Range(1, 60).Select(i => i * (whole.Length - 1) / 60))
        {
            Assert.Throws<OnnxModelException>(() => new OnnxGenreClassifier(whole[..length]));
        }
    }

    [Fact]
    public void Text_pictures_and_noise_are_refused()
    {
        byte[] noise = new byte[10_000];
        new Random(1).NextBytes(noise);
        Assert.Throws<OnnxModelException>(() => new OnnxGenreClassifier(noise));
        Assert.Throws<OnnxModelException>(() => new OnnxGenreClassifier(new byte[1000]));
        Assert.Throws<OnnxModelException>(() => new OnnxGenreClassifier(Encoding.UTF8.GetBytes("{ \"model\": \"genre\" }")));
        Assert.Throws<OnnxModelException>(() => new OnnxGenreClassifier([0x89, .. "PNG\r\n"u8, 0x1a, (byte)'\n']));
        // The runtime's own format is not taken either.
        Assert.Throws<OnnxModelException>(() => new OnnxGenreClassifier([24, 0, 0, 0, .. "ORTM"u8, .. new byte[100]]));
    }

    [Fact]
    public void Damaged_weights_give_probabilities_or_a_refusal()
    {
        byte[] whole = Shipped();
        Random random = new(11);
        float[] window = [.. Enumerable.Range(0, 300 * Material.Coefficients).Select(_ => (random.NextSingle() * 60) - 30)];
        int refused = 0;
        int answered = 0;
        // Inside the largest constant: what holds the graph together stays whole.
        int first = whole.Length * 2 / 3;
        for (int round = 0; round < 100; round++)
        {
            byte[] damaged = [.. whole];
            for (int flip = 0; flip < 8; flip++)
            {
                damaged[random.Next(first, first + 4000)] ^= (byte)(1 << random.Next(8));
            }

            try
            {
                using OnnxGenreClassifier classifier = new(damaged);
                Assert.InRange(classifier.Classify(window).ByName().Sum(pair => pair.Value), 0.99, 1.01);
                answered++;
            }
            catch (OnnxModelException)
            {
                refused++;
            }
        }

        Assert.Equal(100, answered + refused);
    }

    [Fact]
    public void A_file_beyond_the_limit_is_refused_unread()
    {
        string path = Path.Combine(_folder, "huge.onnx");
        using (FileStream file = File.Create(path))
        {
            // Takes no room on the disk.
            file.SetLength(1L << 40);
        }

        OnnxModelException exception = Assert.Throws<OnnxModelException>(() => new OnnxGenreClassifier(path));
        Assert.Contains("1099511627776", exception.Message, StringComparison.Ordinal);
        Assert.Contains("67108864", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_stream_without_end_is_left_when_it_has_given_too_much()
    {
        EndlessStream stream = new();
        Assert.Throws<OnnxModelException>(() => new OnnxGenreClassifier(stream));
        Assert.InRange(stream.Given, OnnxGenreClassifier.ModelBytesMaximum, OnnxGenreClassifier.ModelBytesMaximum + (1 << 20));
    }

    [Fact]
    public void What_is_no_file_says_what_it_is()
    {
        Assert.Throws<FileNotFoundException>(() => new OnnxGenreClassifier(Path.Combine(_folder, "none.onnx")));
        Assert.Throws<UnauthorizedAccessException>(() => new OnnxGenreClassifier(_folder));
        Assert.Throws<ArgumentException>(() => new OnnxGenreClassifier(""));
        Assert.Throws<ArgumentNullException>(() => new OnnxGenreClassifier((string)null!));
        Assert.Throws<ArgumentNullException>(() => new OnnxGenreClassifier((Stream)null!));
        Assert.Throws<ArgumentNullException>(() => new OnnxGenreClassifier((byte[])null!));
    }

    [Fact]
    public void After_all_these_the_shipped_model_still_works()
    {
        foreach ((TestModel model, _) in Cases.Values)
        {
            Assert.Throws<OnnxModelException>(() => new OnnxGenreClassifier(model.ToBytes()));
        }

        using OnnxGenreClassifier classifier = new();
        Assert.InRange(classifier.Classify(new float[13]).Highest, 0.2f, 1);
    }

    private static byte[][] Renamed(string input) =>
        [TestModel.Mean(input), TestModel.Product("weights"), TestModel.Softmax("probabilities")];

    private static byte[] Shipped()
    {
        using Stream resource = typeof(OnnxGenreClassifier).Assembly.GetManifestResourceStream("genre.onnx")!;
        using MemoryStream bytes = new();
        resource.CopyTo(bytes);
        return bytes.ToArray();
    }

    private sealed class EndlessStream : Stream
    {
        internal long Given { get; private set; }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            Given += count;
            return count;
        }

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
