using System.Globalization;

namespace AiMixer;

/// <summary>Recognises a whole programme while it is read: as one, and over time as a stream would be.</summary>
internal sealed class ProgrammeListener : IDisposable
{
    /// <summary>Below it a genre is not known: that of the live rules.</summary>
    internal const float UnsureBelow = 0.45f;

    private readonly GenreListener _listener;
    private readonly GenreHistory _history;

    internal ProgrammeListener(int sampleRateHz, int channels, GenreWeights weights)
    {
        _listener = new GenreListener(sampleRateHz, channels);
        _listener.SetWeights(weights);
        _history = new GenreHistory(sampleRateHz);
        Weights = weights;
    }

    private GenreWeights Weights { get; }

    internal void Add(ReadOnlySpan<float> interleaved)
    {
        _listener.Add(interleaved);
        _history.Watch(_listener.Reading, _listener.Events);
    }

    /// <summary>What the programme is, from all of it.</summary>
    internal GenreRecognition Recognise()
    {
        GenreProbabilities probabilities = _listener.Programme.Weighted(Weights);
        bool isKnown = probabilities.Highest >= UnsureBelow;
        string reason = probabilities.Highest == 0 ? "nothing but silence, or less than half a second of sound"
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{probabilities.Likeliest.ProfileName()} has {probabilities.Highest:0.00} over the whole programme{(isKnown ? "" : $", less than {UnsureBelow}")}");
        return new GenreRecognition
        {
            Genre = isKnown ? probabilities.Likeliest : Genre.Neutral,
            Probabilities = probabilities,
            Confidence = probabilities.Highest,
            Reason = reason,
            Timeline = _history.Moments,
            Changes = _history.Changes,
        };
    }

    public void Dispose() => _listener.Dispose();
}
