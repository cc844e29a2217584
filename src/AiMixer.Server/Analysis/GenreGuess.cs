using AiMixer.Server.Mixing;

namespace AiMixer.Server.Analysis;

/// <summary>What a buffer is recognised as.</summary>
/// <param name="Genre">The genre; neutral when nothing is likely enough.</param>
/// <param name="Confidence">Probability of the likeliest genre, 0 to 1; 0 for silence.</param>
internal readonly record struct GenreGuess(Genre Genre, float Confidence)
{
    // From here on the recognition works with windows of its own; anything shorter is judged by its features.
    private const double ListeningSeconds = 1;

    // The rules of live recognition: quieter is silence, less likely is unknown.
    private const float SilencePeak = 1e-4f;
    private const float UnknownBelow = 0.45f;

    private static readonly GenreClassifier Classifier = new();

    /// <summary>Listens to a buffer.</summary>
    /// <param name="interleaved">Whole frames.</param>
    /// <param name="settings">Tell sample rate and channels.</param>
    public static GenreGuess Of(ReadOnlySpan<float> interleaved, StripSettings settings)
    {
        int frames = interleaved.Length / settings.Channels;
        if (frames < BufferFeatures.WindowOf(settings.SampleRateHz) || IsSilent(interleaved))
        {
            return new GenreGuess(Genre.Neutral, 0);
        }

        if (frames >= ListeningSeconds * settings.SampleRateHz)
        {
            using var listener = new GenreListener(settings.SampleRateHz, settings.Channels);
            listener.Add(interleaved);
            return From(listener.Programme);
        }

        BufferFeatures features =
            BufferFeatures.Of(interleaved, settings.SampleRateHz, settings.Channels, GenreClassifier.Coefficients);
        return From(Classifier.Classify(features.Rows));
    }

    private static GenreGuess From(GenreProbabilities probabilities) =>
        new(probabilities.Highest < UnknownBelow ? Genre.Neutral : probabilities.Likeliest, probabilities.Highest);

    private static bool IsSilent(ReadOnlySpan<float> samples)
    {
        foreach (float sample in samples)
        {
            if (MathF.Abs(sample) >= SilencePeak)
            {
                return false;
            }
        }

        return true;
    }
}
