using System.Collections.Immutable;

namespace AiMixer;

/// <summary>Keeps what a programme was recognised as over time, for reports and plots.</summary>
internal sealed class GenreHistory(int sampleRateHz)
{
    // A change of confidence that shows.
    private const float ConfidenceStep = 0.1f;

    private readonly ImmutableArray<GenreMoment>.Builder _moments = ImmutableArray.CreateBuilder<GenreMoment>();
    private readonly ImmutableArray<GenreChange>.Builder _changes = ImmutableArray.CreateBuilder<GenreChange>();
    private GenreState _state;
    private float _confidence;

    internal ImmutableArray<GenreMoment> Moments => _moments.ToImmutable();

    internal ImmutableArray<GenreChange> Changes => _changes.ToImmutable();

    internal void Clear()
    {
        _moments.Clear();
        _changes.Clear();
    }

    /// <summary>Takes what is recognised now, and the decisions after a number when there are new ones.</summary>
    internal void Watch(in GenreReading reading, Func<long, ImmutableArray<GenreEvent>> decisionsSince)
    {
        if (_moments.Count == 0 || reading.State != _state || Math.Abs(reading.Confidence - _confidence) >= ConfidenceStep)
        {
            double seconds = _moments.Count == 0 ? 0 : (double)reading.Frames / sampleRateHz;
            _moments.Add(new GenreMoment(seconds, NameOf(reading.State), reading.Confidence));
            _state = reading.State;
            _confidence = reading.Confidence;
        }

        if (reading.Decisions > _changes.Count)
        {
            _changes.AddRange(decisionsSince(_changes.Count).Select(decision => GenreChange.Of(decision, sampleRateHz)));
        }
    }

    private static string NameOf(GenreState state) => state switch
    {
        GenreState.Silence => "silence",
        GenreState.Unknown => "unknown",
        _ => ((Genre)state).ProfileName(),
    };
}
