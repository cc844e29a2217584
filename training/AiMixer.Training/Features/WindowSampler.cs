using AiMixer.Training.Augmentation;
using AiMixer.Training.Data;

namespace AiMixer.Training.Features;

/// <summary>Draws windows to learn from: every class as often, within it a group by the square root of its size.</summary>
internal sealed class WindowSampler
{
    public const int FramesMaximum = 300;
    public const int FramesMinimum = 50;
    private const int BlockFrames = 10;

    // How often an augmented take is drawn rather than the recording as it is.
    private const double TakeShare = 0.4;
    private const int Bands = FrameExtractor.Bands;

    // A window whose mean lies that far below its recording's is a pause: it tells no class.
    private const float PauseDb = 25;

    // What a synthesiser played teaches less of what people play.
    private const double RenderedWeight = 0.25;

    private readonly FeatureSet _features;
    private readonly ILookup<int, int> _takesOf;
    private readonly Group[][] _groups;

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
        _groups =
        [
            .. Enumerable.Range(0, GenreClass.Count).Select(c => recordings
                .Select((r, i) => (r, i))
                .Where(p => p.r.Class == c && chosen.Contains(p.i) && features.Plain[p.i].Count >= FramesMinimum)
                .GroupBy(p => p.r.Group)
                .Select(g => new Group(
                    [.. g.Select(p => p.i)], Math.Sqrt(g.Count()) * (g.All(p => p.r.Rendered) ? RenderedWeight : 1)))
                .ToArray()),
        ];
        _present = [.. Enumerable.Range(0, GenreClass.Count).Where(c => _groups[c].Length > 0)];
        _music = [.. _present.Where(c => c != GenreClass.Speech)];
    }

    /// <summary>Draws a window.</summary>
    /// <param name="dice">Decides everything.</param>
    /// <param name="coefficients">Room for 300 rows of 13; receives the window.</param>
    /// <param name="strength">What the chances of the treatments are multiplied by.</param>
    /// <returns>Its class and its number of frames.</returns>
    public (int Class, int Frames) Draw(Dice dice, Span<float> coefficients, float strength)
    {
        int drawn = _present[dice.Below(_present.Length)];
        float[] window = DrawBands(dice, drawn, FramesMaximum);
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
        Cepstrum.FromBands(window, coefficients);
        return (drawn, window.Length / Bands);
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
            int wanted = dice.Chance(0.7) ? framesMaximum : dice.Below(framesMaximum - FramesMinimum + 1) + FramesMinimum;
            int length = Math.Min(wanted, take.Count) / BlockFrames * BlockFrames;
            if (length < FramesMinimum)
            {
                continue;
            }

            for (int attempt = 0; attempt < 4; ++attempt)
            {
                int from = dice.Below(take.Count - length + 1);
                ReadOnlySpan<float> window = take.Bands.AsSpan(from * Bands, length * Bands);
                if (Mean(window) > Mean(take.Bands) - PauseDb)
                {
                    return window.ToArray();
                }
            }
        }
    }

    private static float Mean(ReadOnlySpan<float> values) =>
        System.Numerics.Tensors.TensorPrimitives.Sum<float>(values) / values.Length;

    private int DrawRecording(Dice dice, int drawn)
    {
        Group[] groups = _groups[drawn];
        double at = dice.Unit() * groups.Sum(g => g.Weight);
        int i = 0;
        while (i < groups.Length - 1 && at >= groups[i].Weight)
        {
            at -= groups[i++].Weight;
        }

        return groups[i].Members[dice.Below(groups[i].Members.Length)];
    }

    private sealed record Group(int[] Members, double Weight);
}
