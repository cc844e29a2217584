using AiMixer.Training.Data;

namespace AiMixer.Training.Evaluation;

/// <summary>How right and how honest answers are.</summary>
internal sealed class Scores
{
    public const int Bins = 10;

    /// <param name="recordings">The recordings.</param>
    /// <param name="answers">What was said about some of them.</param>
    /// <param name="temperatureOf">The temperature that belongs to each answer.</param>
    public Scores(IReadOnlyList<Recording> recordings, IReadOnlyList<Answers> answers, Func<Answers, float> temperatureOf)
    {
        foreach (Answers answer in answers)
        {
            int truth = recordings[answer.Recording].Class;
            float temperature = temperatureOf(answer);
            Count(Clips, ClipBins, truth, answer.Clip(temperature));
            foreach (float[] logits in answer.Windows)
            {
                Count(Windows, WindowBins, truth, Answers.Window(logits, temperature));
            }
        }
    }

    public Scores(IReadOnlyList<Recording> recordings, IReadOnlyList<Answers> answers, float temperature)
        : this(recordings, answers, _ => temperature)
    {
    }

    /// <summary>Truth by answer, in recordings.</summary>
    public int[,] Clips { get; } = new int[GenreClass.Count, GenreClass.Count];

    /// <summary>Truth by answer, in windows of 3 s.</summary>
    public int[,] Windows { get; } = new int[GenreClass.Count, GenreClass.Count];

    /// <summary>Of answers by their probability: how many, how many right, sum of the probabilities.</summary>
    public (int Count, int Right, double Sum)[] ClipBins { get; } = new (int, int, double)[Bins];

    /// <summary>The same of windows.</summary>
    public (int Count, int Right, double Sum)[] WindowBins { get; } = new (int, int, double)[Bins];

    /// <summary>Share of answers that are right, and their number.</summary>
    public static (double Share, int Right, int Count) Accuracy(int[,] confusion)
    {
        int right = Enumerable.Range(0, GenreClass.Count).Sum(c => confusion[c, c]);
        int count = confusion.Cast<int>().Sum();
        return ((double)right / Math.Max(1, count), right, count);
    }

    /// <summary>Share of answers that tell speech from music rightly.</summary>
    public static (double Share, int Right, int Count) SpeechAgainstMusic(int[,] confusion)
    {
        int wrong = Enumerable.Range(1, GenreClass.Count - 1).Sum(c => confusion[0, c] + confusion[c, 0]);
        int count = confusion.Cast<int>().Sum();
        return (1 - ((double)wrong / Math.Max(1, count)), count - wrong, count);
    }

    /// <summary>Share of each class that was recognised; classes that do not occur are left out.</summary>
    public static IEnumerable<double> Recalls(int[,] confusion)
    {
        for (int c = 0; c < GenreClass.Count; ++c)
        {
            int row = Enumerable.Range(0, GenreClass.Count).Sum(d => confusion[c, d]);
            if (row > 0)
            {
                yield return (double)confusion[c, c] / row;
            }
        }
    }

    /// <summary>Expected calibration error: distance of probability and truth, weighted by how often each occurs.</summary>
    public static double CalibrationError((int Count, int Right, double Sum)[] bins) =>
        bins.Sum(b => Math.Abs(b.Sum - b.Right)) / Math.Max(1, bins.Sum(b => b.Count));

    /// <summary>The likeliest class.</summary>
    public static int Best(float[] values) => Array.IndexOf(values, values.Max());

    private static void Count(int[,] confusion, (int Count, int Right, double Sum)[] bins, int truth, float[] probabilities)
    {
        int said = Best(probabilities);
        ++confusion[truth, said];
        ref (int Count, int Right, double Sum) bin = ref bins[Math.Min(Bins - 1, (int)(probabilities[said] * Bins))];
        bin = (bin.Count + 1, bin.Right + (said == truth ? 1 : 0), bin.Sum + probabilities[said]);
    }
}
