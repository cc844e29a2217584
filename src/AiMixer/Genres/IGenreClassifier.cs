namespace AiMixer;

/// <summary>Tells the genre of a stretch of sound from its MFCCs. May be used from several threads at once.</summary>
public interface IGenreClassifier
{
    /// <summary>Classifies a stretch of sound.</summary>
    /// <param name="mfcc">
    /// Frames of 13 coefficients, one frame every 10 ms, row by row, as <see cref="MfccExtractor"/> makes them with its
    /// defaults; each value within +/-10000. At least one frame. Up to 300 frames (3 s) are one window; more are n windows,
    /// one each 50 frames: the product of their probabilities to the power of (1.25 - 0.25 / n) / n, normalised; fewer than 50
    /// are repeated, which makes a guess of them.
    /// </param>
    /// <returns>The probability of each genre; they add up to 1.</returns>
    /// <exception cref="ArgumentException">There is no frame, or the length is no multiple of 13.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A value is not finite or out of range.</exception>
    GenreProbabilities Classify(ReadOnlySpan<float> mfcc);
}
