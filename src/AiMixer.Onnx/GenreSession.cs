using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace AiMixer;

/// <summary>
/// A model loaded into ONNX Runtime, shared by the runs of several threads. A handle, because it counts who uses it: disposed
/// during a run, it is freed when the run ends.
/// </summary>
internal sealed unsafe class GenreSession : SafeHandle
{
    private const int Coefficients = GenreClassifier.Coefficients;

    // What five rounded probabilities may lack of 1, generously: half floats are fine, logits are not.
    private const float SumTolerance = 5e-3f;

    private static readonly string[] InputNames = [ModelContract.Input];
    private static readonly string[] OutputNames = [ModelContract.Output];
    private static readonly long[] OutputShape = [1, GenreProbabilities.Count];

    private readonly InferenceSession _session;
    private volatile bool _disposed;

    /// <summary>Loads a model and has it answer once.</summary>
    /// <exception cref="OnnxModelException">It cannot be used.</exception>
    internal GenreSession(byte[] model)
        : base(0, ownsHandle: true)
    {
        _session = Load(model);
        SetHandle(1);
        try
        {
            Contract = ModelContract.Of(_session);
            TryOut();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>What the model takes and gives.</summary>
    internal ModelContract Contract { get; }

    /// <summary>
    /// Disposed, though runs may still be under way. The handle itself counts as closed only when the last of them has ended, which
    /// is never while threads take turns.
    /// </summary>
    internal bool IsDisposed => _disposed;

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <summary>Asks the model about one window.</summary>
    /// <param name="window">Whole frames, as many as the contract allows.</param>
    /// <param name="answer">Room for the five probabilities, in the model's order.</param>
    /// <exception cref="OnnxModelException">The model failed, or what it answered are no probabilities.</exception>
    /// <exception cref="ObjectDisposedException">The session was closed.</exception>
    internal void Run(ReadOnlySpan<float> window, Span<float> answer)
    {
        bool held = false;
        try
        {
            DangerousAddRef(ref held);
            fixed (float* frames = window)
            fixed (float* probabilities = answer)
            {
                using OrtValue input = Tensor(frames, window.Length, [1, window.Length / Coefficients, Coefficients]);
                using OrtValue output = Tensor(probabilities, answer.Length, OutputShape);
                _session.Run(null, InputNames, [input], OutputNames, [output]);
            }
        }
        catch (OnnxRuntimeException exception)
        {
            throw new OnnxModelException($"The model cannot answer: {exception.Message}", exception);
        }
        finally
        {
            if (held)
            {
                DangerousRelease();
            }
        }

        Check(answer);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _disposed = true;
        base.Dispose(disposing);
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        _session.Dispose();
        return true;
    }

    private static InferenceSession Load(byte[] model)
    {
        using SessionOptions options = new()
        {
            // One thread, the caller's: streams run beside each other, and sums always add up in the same order.
            IntraOpNumThreads = 1,
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            // What goes wrong is told by exceptions, not on the error stream.
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
        };
        // Not the runtime's own format, which it trusts more than it should a stranger's file.
        options.AddSessionConfigEntry("session.load_model_format", "ONNX");
        try
        {
            return new InferenceSession(model, options);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // The managed part has its own ways to fail on unusual types and names.
            throw new OnnxModelException($"ONNX Runtime cannot load the model: {exception.Message}", exception);
        }
    }

    // That the shapes fit is known only when something went through.
    private void TryOut()
    {
        float[] window = new float[Contract.FramesLeast * Coefficients];
        for (int i = 0; i < window.Length; i++)
        {
            window[i] = (i * 7 % 31) - 15;
        }

        Run(window, stackalloc float[GenreProbabilities.Count]);
    }

    private static void Check(ReadOnlySpan<float> answer)
    {
        float sum = 0;
        float least = float.PositiveInfinity;
        foreach (float probability in answer)
        {
            sum += probability;
            least = Math.Min(least, probability);
        }

        // Written so that NaN fails too.
        if (!(least >= 0 && Math.Abs(sum - 1) <= SumTolerance))
        {
            throw new OnnxModelException(string.Create(
                CultureInfo.InvariantCulture,
                $"The model answered {string.Join(", ", answer.ToArray())}; '{ModelContract.Output}' must be 0 or more and add up to 1."));
        }
    }

    private static OrtValue Tensor(float* values, int count, long[] shape) => OrtValue.CreateTensorValueWithData(
        OrtMemoryInfo.DefaultInstance, TensorElementType.Float, shape, (nint)values, count * sizeof(float));
}
