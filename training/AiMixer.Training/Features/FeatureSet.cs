using AiMixer.Training.Augmentation;
using AiMixer.Training.Data;

namespace AiMixer.Training.Features;

/// <summary>The frames of all recordings: as they are and treated (for evaluation), and of augmented takes (for training).</summary>
/// <param name="Plain">One per recording, whole and untouched.</param>
/// <param name="Takes">Any number per recording.</param>
/// <param name="Treated">For some recordings one per <see cref="Treatment.All"/>, in that order.</param>
internal sealed record FeatureSet(
    IReadOnlyList<TakeFrames> Plain, IReadOnlyList<TakeFrames> Takes, IReadOnlyList<TakeFrames> Treated)
{
    // Part of the cache's key: another number when what is extracted changes.
    private const int RecipeVersion = 3;
    private const int TakesLeast = 3;
    private const int TakesMost = 80;

    // How many recordings of each class of a folder are treated, and how much of each.
    private const int TreatedPerClass = 20;
    public const int TreatedSeconds = 10;

    /// <summary>Extracts everything, or reads it from the cache: a folder that is added leaves what was kept of the others.</summary>
    /// <param name="folders">The recordings of each folder.</param>
    /// <param name="takesPerClass">About how many takes each class gets in each folder.</param>
    /// <param name="cacheFolder">Where the cache lies.</param>
    /// <param name="progress">Told the number of recordings done, and of how many.</param>
    /// <returns>Those of all folders, counted on from one to the next.</returns>
    public static FeatureSet Make(
        IReadOnlyList<IReadOnlyList<Recording>> folders, int takesPerClass, string cacheFolder, Action<int, int> progress)
    {
        List<TakeFrames> plain = [];
        List<TakeFrames> takes = [];
        List<TakeFrames> treated = [];
        foreach (IReadOnlyList<Recording> recordings in folders)
        {
            FeatureSet set = Make(recordings, takesPerClass, cacheFolder, done => progress(done, recordings.Count));
            int before = plain.Count;
            IEnumerable<TakeFrames> CountedOn(IEnumerable<TakeFrames> frames) => frames.Select(f => f with { Recording = before + f.Recording });
            plain.AddRange(CountedOn(set.Plain));
            takes.AddRange(CountedOn(set.Takes));
            treated.AddRange(CountedOn(set.Treated));
        }

        return new FeatureSet(plain, takes, treated);
    }

    private static FeatureSet Make(
        IReadOnlyList<Recording> recordings, int takesPerClass, string cacheFolder, Action<int> progress)
    {
        FeatureCache cache = new(cacheFolder, $"{RecipeVersion} {takesPerClass}", recordings);
        if (cache.Read() is { } cached)
        {
            return cached;
        }

        int[] takes = TakesPerRecording(recordings, takesPerClass);
        HashSet<int> treatedOnes = ToTreat(recordings);
        TakeFrames[] plain = new TakeFrames[recordings.Count];
        TakeFrames[][] augmented = new TakeFrames[recordings.Count][];
        TakeFrames[][] treated = new TakeFrames[recordings.Count][];
        int done = 0;
        ParallelOptions cores = new() { MaxDegreeOfParallelism = Environment.ProcessorCount };
        Parallel.For(0, recordings.Count, cores, i =>
        {
            float[] samples = SoundFile.Decode(recordings[i].Path);
            plain[i] = new TakeFrames(i, FrameExtractor.Extract(samples, SoundFile.SampleRateHz));
            augmented[i] =
            [
                .. Enumerable.Range(0, takes[i])
                    .Select(t => new TakeFrames(i, Take.Bands(new Dice($"{recordings[i].Name}#{t}"), samples))),
            ];
            treated[i] = treatedOnes.Contains(i)
                ? [.. Treatment.All.Select(t => new TakeFrames(i, t.Bands(samples[..Math.Min(samples.Length, TreatedSeconds * SoundFile.SampleRateHz)])))]
                : [];
            progress(Interlocked.Increment(ref done));
        });
        FeatureSet made = new(plain, [.. augmented.SelectMany(a => a)], [.. treated.SelectMany(t => t)]);
        cache.Write(made);
        return made;
    }

    // Every class as many takes in all, and within a class a group by the square root of its size, so that neither the
    // largest class nor the largest group drowns the others.
    private static int[] TakesPerRecording(IReadOnlyList<Recording> recordings, int takesPerClass)
    {
        int[] takes = new int[recordings.Count];
        foreach (var ofClass in recordings.Select((r, i) => (r, i)).GroupBy(p => p.r.Class))
        {
            var groups = ofClass.GroupBy(p => p.r.Group).ToList();
            double total = groups.Sum(g => Math.Sqrt(g.Count()));
            foreach (var group in groups)
            {
                double each = takesPerClass / Math.Sqrt(group.Count()) / total;
                foreach ((_, int index) in group)
                {
                    takes[index] = Math.Clamp((int)Math.Round(each), TakesLeast, TakesMost);
                }
            }
        }

        return takes;
    }

    private static HashSet<int> ToTreat(IReadOnlyList<Recording> recordings) =>
    [
        .. recordings.Select((r, i) => (r, i)).GroupBy(p => p.r.Class).SelectMany(ofClass => ofClass
            .OrderBy(p => new Dice($"treat {p.r.Name}").Unit()).Take(TreatedPerClass).Select(p => p.i)),
    ];
}
