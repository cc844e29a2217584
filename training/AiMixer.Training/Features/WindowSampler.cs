using AiMixer.Training.Augmentation;
using AiMixer.Training.Data;

namespace AiMixer.Training.Features;

/// <summary>
/// Draws windows to learn from, one thread at a time: every class as often, within it every recording, what was rendered from
/// notes less often.
/// </summary>
internal sealed class WindowSampler
{
    public const int FramesMaximum = 300;
    public const int FramesMinimum = 50;

    // How often an augmented take is drawn rather than the recording as it is.
    private const double TakeShare = 0.4;

    // How often a window is as long as can be; the others are what a stream has at its beginning.
    private const double FullShare = 0.5;

    // How often a rendered recording is drawn where another is drawn once: they are many, and of few instruments.
    private const double RenderedWeight = 1.0 / 3;
    private const int Bands = FrameExtractor.Bands;

    private readonly FeatureSet _features;
    private readonly float[] _coefficients = new float[FramesMaximum * Cepstrum.Coefficients];
    private readonly WindowStatistics _measure = new(FramesMaximum);
    private readonly ILookup<int, int> _takesOf;
    private readonly Member[][] _members;

    // Classes that have anything to draw: an inner fold may lack one.
    private readonly int[] _present;
    private readonly int[] _music;

    /// <summary>Over some of the recordings.</summary>
    /// <param name="recordings">All recordings.</param>
    /// <param name="features">Their frames.</param>
    /// <param name="members">Those to draw from.</param>
    public WindowSampler(
        IReadOnlyList<Recording> recordings, FeatureSet features, IReadOnlyCollection<int> members)
    {
        _features = features;
        HashSet<int> chosen = [.. members];
        _takesOf = Enumerable.Range(0, features.Takes.Count).ToLookup(t => features.Takes[t].Recording);
        _members =
        [
            .. Enumerable.Range(0, GenreClass.Count).Select(c => chosen
                .Where(i => recordings[i].Class == c && features.Plain[i].Count >= FramesMinimum)
                .Order()
                .Select(i => new Member(i, recordings[i].Rendered ? RenderedWeight : 1))
                .ToArray()),
        ];
        _present = [.. Enumerable.Range(0, GenreClass.Count).Where(c => _members[c].Length > 0)];
        _music = [.. _present.Where(c => c != GenreClass.Speech)];
    }

    /// <summary>Draws a window.</summary>
    /// <param name="dice">Decides everything.</param>
    /// <param name="statistics">Receives the <see cref="WindowStatistics"/> of the window.</param>
    /// <param name="strength">What the chances of the treatments are multiplied by.</param>
    /// <returns>Its class.</returns>
    public int Draw(Dice dice, Span<float> statistics, float strength)
    {
        int drawn = _present[dice.Below(_present.Length)];
        int wanted = dice.Chance(FullShare) ? FramesMaximum : (int)dice.BetweenLog(FramesMinimum, FramesMaximum);
        float[] window = DrawBands(dice, drawn, wanted);
        if (drawn == GenreClass.Speech && _music.Length > 0 && dice.Chance(0.3))
        {
            float[] bed = DrawBands(dice, _music[dice.Below(_music.Length)], window.Length / Bands);
            Lay(dice, window, bed, 8, 22);
        }
        else if (drawn != GenreClass.Speech && dice.Chance(0.15))
        {
            Lay(dice, window, DrawBands(dice, drawn, window.Length / Bands), 0, 10);
        }

        BandAugmentation.Apply(dice, window, strength);
        Span<float> coefficients = _coefficients.AsSpan(0, window.Length / Bands * Cepstrum.Coefficients);
        Cepstrum.FromBands(window, coefficients);
        _measure.Measure(coefficients, statistics);
        return drawn;
    }

    private static void Lay(Dice dice, float[] window, float[] below, double fromDb, double toDb)
    {
        if (below.Length >= window.Length)
        {
            BandAugmentation.Underlay(window, below.AsSpan(0, window.Length), (float)dice.Between(fromDb, toDb));
        }
    }

    private float[] DrawBands(Dice dice, int drawn, int framesMaximum)
    {
        while (true)
        {
            int recording = DrawRecording(dice, drawn);
            int takes = _takesOf[recording].Count();
            TakeFrames take = takes > 0 && dice.Chance(TakeShare)
                ? _features.Takes[_takesOf[recording].ElementAt(dice.Below(takes))]
                : _features.Plain[recording];
            int length = Math.Min(framesMaximum, take.Count) / WindowStatistics.BlockFrames * WindowStatistics.BlockFrames;
            if (length < FramesMinimum)
            {
                continue;
            }

            for (int attempt = 0; attempt < 4; ++attempt)
            {
                int from = dice.Below(take.Count - length + 1);
                if (take.Sounds(from, length))
                {
                    return take.Bands.AsSpan(from * Bands, length * Bands).ToArray();
                }
            }
        }
    }

    /// <summary>Draws a recording of a class.</summary>
    internal int DrawRecording(Dice dice, int drawn)
    {
        Member[] members = _members[drawn];
        double at = dice.Unit() * members.Sum(m => m.Weight);
        int i = 0;
        while (i < members.Length - 1 && at >= members[i].Weight)
        {
            at -= members[i++].Weight;
        }

        return members[i].Recording;
    }

    private sealed record Member(int Recording, double Weight);
}
