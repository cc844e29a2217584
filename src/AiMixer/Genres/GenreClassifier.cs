using AiMixer.Bindings;

namespace AiMixer;

/// <summary>The recognition that is built into the core.</summary>
public sealed class GenreClassifier : IGenreClassifier
{
    /// <summary>Coefficients per frame.</summary>
    public const int Coefficients = NativeMethods.AIM_GENRE_COEFFICIENTS;

    /// <inheritdoc/>
    public unsafe GenreProbabilities Classify(ReadOnlySpan<float> mfcc)
    {
        if (mfcc.IsEmpty || mfcc.Length % Coefficients != 0)
        {
            throw new ArgumentException(
                $"Whole frames of {Coefficients} coefficients are needed, at least one; there are {mfcc.Length} values.", nameof(mfcc));
        }

        float* probabilities = stackalloc float[GenreProbabilities.Count];
        fixed (float* frames = mfcc)
        {
            aim_status_code status = NativeMethods.aim_classify_frames(
                frames, (uint)(mfcc.Length / Coefficients), Coefficients, probabilities);
            if (status == aim_status_code.AIM_ERROR_OUT_OF_RANGE)
            {
                throw new ArgumentOutOfRangeException(nameof(mfcc), "Every coefficient must lie within +/-10000.");
            }

            CoreStatus.Check(status);
        }

        return GenreProbabilities.From(new ReadOnlySpan<float>(probabilities, GenreProbabilities.Count));
    }
}
