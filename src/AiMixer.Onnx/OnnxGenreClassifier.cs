using System.Globalization;

namespace AiMixer;

/// <summary>
/// Genre recognition run by ONNX Runtime: the model that ships with the library, or one's own. One instance is one session,
/// meant to be shared by all streams: any number of threads may classify at once, each call on one thread only. The same
/// frames give the same bits on the same machine, and the shipped model those of <see cref="GenreClassifier"/> within 1e-5.
/// </summary>
/// <remarks>
/// <para>
/// A model of one's own is one ONNX file without external data. Its one input is <c>mfcc</c>, float [batch, frames, 13],
/// where batch is open or 1, and frames open or fixed, 1 to 300. One output is <c>probabilities</c>, float [batch, 5].
/// The metadata entry <c>classes</c> names speech, rock, jazz, electronic and classical, separated by commas, in the order
/// of that output.
/// </para>
/// <para>
/// A model is a program, run in this process: what its loops and tensors take of time and memory is not limited. A damaged
/// file is refused; load others from who you trust.
/// </para>
/// </remarks>
public sealed class OnnxGenreClassifier : IGenreClassifier, IDisposable
{
    /// <summary>Most bytes that a model may have: 64 MiB.</summary>
    public const int ModelBytesMaximum = 64 << 20;

    private const int Coefficients = GenreClassifier.Coefficients;
    private const float Magnitude = 10_000;

    private readonly GenreSession _session;

    /// <summary>Loads the model that ships with the library.</summary>
    /// <exception cref="DllNotFoundException">There is no ONNX Runtime for this platform: see <see cref="IsSupported"/>.</exception>
    public OnnxGenreClassifier()
        : this(ModelFile.ReadShipped())
    {
    }

    /// <summary>Loads a model from a file.</summary>
    /// <param name="path">Path of the .onnx file.</param>
    /// <exception cref="ArgumentException">The path is null or empty.</exception>
    /// <exception cref="IOException">The file cannot be read; <see cref="FileNotFoundException"/> when there is none.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read, or is a folder.</exception>
    /// <exception cref="OnnxModelException">The model cannot be used; the message says what was found and what is expected.</exception>
    /// <exception cref="DllNotFoundException">There is no ONNX Runtime for this platform: see <see cref="IsSupported"/>.</exception>
    public OnnxGenreClassifier(string path)
        : this(ModelFile.Read(path))
    {
    }

    /// <summary>Loads a model from a stream, to its end; the stream stays open.</summary>
    /// <param name="model">The stream, from its present position.</param>
    /// <exception cref="ArgumentNullException">There is no stream.</exception>
    /// <exception cref="OnnxModelException">The model cannot be used; the message says what was found and what is expected.</exception>
    /// <exception cref="DllNotFoundException">There is no ONNX Runtime for this platform: see <see cref="IsSupported"/>.</exception>
    public OnnxGenreClassifier(Stream model)
        : this(ModelFile.Read(model))
    {
    }

    /// <summary>Loads a model from memory, which is not needed any more afterwards.</summary>
    /// <param name="model">The bytes of an .onnx file.</param>
    /// <exception cref="ArgumentNullException">There are no bytes.</exception>
    /// <exception cref="OnnxModelException">The model cannot be used; the message says what was found and what is expected.</exception>
    /// <exception cref="DllNotFoundException">There is no ONNX Runtime for this platform: see <see cref="IsSupported"/>.</exception>
    public OnnxGenreClassifier(byte[] model)
    {
        ModelFile.Check(model);
        OnnxRuntimeLibrary.Require();
        _session = new GenreSession(model);
    }

    /// <summary>
    /// Whether ONNX Runtime can be loaded here. Where it cannot, as on musl, <see cref="GenreClassifier"/> does the same.
    /// </summary>
    public static bool IsSupported => OnnxRuntimeLibrary.IsAvailable;

    /// <summary>Classifies a stretch of sound.</summary>
    /// <param name="mfcc">
    /// Frames as <see cref="IGenreClassifier.Classify"/> takes them. A model whose frames are fixed looks at windows of that
    /// many instead of 50 to 300.
    /// </param>
    /// <returns>The probability of each genre; they add up to 1.</returns>
    /// <exception cref="ArgumentException">There is no frame, or the length is no multiple of 13.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A value is not finite or out of range.</exception>
    /// <exception cref="OnnxModelException">The model failed, or what it answered are no probabilities.</exception>
    /// <exception cref="ObjectDisposedException">The classifier was disposed.</exception>
    public GenreProbabilities Classify(ReadOnlySpan<float> mfcc)
    {
        ObjectDisposedException.ThrowIf(_session.IsDisposed, this);
        Check(mfcc);
        ModelContract contract = _session.Contract;
        int frames = mfcc.Length / Coefficients;
        if (frames < contract.FramesLeast)
        {
            Span<float> repeated = stackalloc float[contract.FramesLeast * Coefficients];
            for (int i = 0; i < repeated.Length; i++)
            {
                repeated[i] = mfcc[i % mfcc.Length];
            }

            return ClassifyWindow(repeated);
        }

        return frames < contract.FramesMost + WindowMean.StepFrames
            ? ClassifyWindow(mfcc[..(Math.Min(frames, contract.FramesMost) * Coefficients)])
            : ClassifyWindows(mfcc, frames);
    }

    /// <summary>Frees the session once the calls under way are done.</summary>
    public void Dispose() => _session.Dispose();

    private static void Check(ReadOnlySpan<float> mfcc)
    {
        if (mfcc.IsEmpty || mfcc.Length % Coefficients != 0)
        {
            throw new ArgumentException(
                $"Whole frames of {Coefficients} coefficients are needed, at least one; there are {mfcc.Length} values.", nameof(mfcc));
        }

        foreach (float value in mfcc)
        {
            // Written so that NaN fails too.
            if (!(value >= -Magnitude && value <= Magnitude))
            {
                throw new ArgumentOutOfRangeException(
                    nameof(mfcc), value, string.Create(CultureInfo.InvariantCulture, $"Every coefficient must lie within +/-{Magnitude}."));
            }
        }
    }

    private GenreProbabilities ClassifyWindows(ReadOnlySpan<float> mfcc, int frames)
    {
        int window = _session.Contract.FramesMost;
        WindowMean mean = new();
        for (int first = 0; first + window <= frames; first += WindowMean.StepFrames)
        {
            mean.Add(ClassifyWindow(mfcc.Slice(first * Coefficients, window * Coefficients)));
        }

        return mean.Read();
    }

    private GenreProbabilities ClassifyWindow(ReadOnlySpan<float> window)
    {
        Span<float> answer = stackalloc float[GenreProbabilities.Count];
        Span<float> ordered = stackalloc float[GenreProbabilities.Count];
        _session.Run(window, answer);
        for (int i = 0; i < ordered.Length; i++)
        {
            ordered[i] = answer[_session.Contract.Order[i]];
        }

        return GenreProbabilities.From(ordered);
    }
}
