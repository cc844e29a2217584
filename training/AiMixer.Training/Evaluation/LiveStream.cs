using AiMixer.Training.Augmentation;
using AiMixer.Training.Data;
using AiMixer.Training.Features;
using AiMixer.Training.Network;

namespace AiMixer.Training.Evaluation;

/// <summary>What a live stream is like.</summary>
internal enum StreamKind
{
    /// <summary>One recording by itself.</summary>
    Alone,

    /// <summary>Recordings of all classes in a row.</summary>
    Mixed,

    /// <summary>Recordings of one class in a row.</summary>
    OneClass,
}

/// <summary>What held at the end of a step.</summary>
/// <param name="Recording">Index of the recording that sounds.</param>
/// <param name="Seconds">From where that recording began to sound.</param>
/// <param name="Genre">The genre that holds.</param>
/// <param name="Decided">Whether that was decided here.</param>
internal readonly record struct Held(int Recording, double Seconds, Genre Genre, bool Decided);

/// <summary>
/// What the core's decisions make, live, of a network's answers to recordings that it has not seen: streams of recordings
/// alone and in a row, without a pause between them.
/// </summary>
/// <param name="Kind">What is in it.</param>
/// <param name="Steps">What held, every half second.</param>
internal sealed record LiveStream(StreamKind Kind, IReadOnlyList<Held> Steps)
{
    // Time enough to go wrong again after the first answer.
    private const int SecondsLeast = 10;

    /// <summary>Plays the recordings that one network has not seen.</summary>
    /// <param name="recordings">All recordings.</param>
    /// <param name="features">Their frames.</param>
    /// <param name="network">The network, calibrated.</param>
    /// <param name="members">Those that it has not seen; rendered ones and short ones are left out.</param>
    /// <param name="key">Decides their order in a row.</param>
    public static IEnumerable<LiveStream> Play(
        IReadOnlyList<Recording> recordings, FeatureSet features, GenreNetwork network, IEnumerable<int> members, string key)
    {
        Dice dice = new(key);
        TakeFrames[] takes =
        [
            .. members.Where(i => !recordings[i].Rendered).Select(i => features.Plain[i])
                .Where(t => t.Count >= SecondsLeast * FrameExtractor.FramesPerSecond)
                .Select(t => (Take: t, Lot: dice.Unit())).OrderBy(p => p.Lot).Select(p => p.Take),
        ];
        IEnumerable<(StreamKind Kind, TakeFrames[] Takes)> streams =
        [
            .. takes.OrderBy(t => t.Recording).Select(t => (StreamKind.Alone, new[] { t })),
            (StreamKind.Mixed, takes),
            .. takes.GroupBy(t => recordings[t.Recording].Class).OrderBy(g => g.Key).Select(g => (StreamKind.OneClass, g.ToArray())),
        ];
        return streams.Where(s => s.Takes.Length > 0).Select(s => new LiveStream(s.Kind, Decide(LiveSteps.Of(s.Takes), network)));
    }

    private static List<Held> Decide(List<LiveStep> steps, GenreNetwork network)
    {
        using GenreListener listener = new(SoundFile.SampleRateHz, 1);
        Pass pass = new(network.Shape);
        List<Held> held = [];
        foreach (LiveStep step in steps)
        {
            long decisions = listener.Reading.Decisions;
            listener.Hear(step.Statistics is null
                ? default
                : GenreProbabilities.From(Answers.Window(pass.Forward(network.Weights, step.Statistics).ToArray(), network.Temperature)));
            GenreReading reading = listener.Reading;
            held.Add(new Held(step.Recording, step.Seconds, reading.Genre, reading.Decisions > decisions));
        }

        return held;
    }
}
