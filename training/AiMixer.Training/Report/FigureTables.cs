using System.Globalization;
using System.Text;
using AiMixer.Training.Data;
using AiMixer.Training.Evaluation;
using AiMixer.Training.Features;
using AiMixer.Training.Network;

namespace AiMixer.Training.Report;

/// <summary>The figures of the model card, as Markdown.</summary>
/// <param name="folders">The folders that the recordings come from, with how many came from each, in their order.</param>
/// <param name="recordings">All recordings.</param>
/// <param name="units">What must not be divided, of each.</param>
/// <param name="evaluation">What unseen networks said to them.</param>
/// <param name="network">What ships.</param>
/// <param name="shipped">How it was trained.</param>
internal sealed class FigureTables(
    IReadOnlyList<(string Name, int Count)> folders, IReadOnlyList<Recording> recordings, string[] units,
    CrossValidation evaluation, GenreNetwork network, Candidate shipped)
{
    private readonly StringBuilder _text = new();

    /// <summary>What was heard, from where.</summary>
    public string Data()
    {
        Line("| class | recordings | rendered | groups | sources that share nothing |");
        Line("|---|---|---|---|---|");
        for (int c = 0; c < GenreClass.Count; ++c)
        {
            int[] of = [.. Enumerable.Range(0, recordings.Count).Where(i => recordings[i].Class == c)];
            Line($"| {GenreClass.Names[c]} | {of.Length} | {of.Count(i => recordings[i].Rendered)} | " +
                $"{of.Select(i => recordings[i].Group).Distinct().Count()} | {of.Select(i => units[i]).Distinct().Count()} |");
        }

        Line("");
        Line("| source | recordings | licences |");
        Line("|---|---|---|");
        foreach (var family in recordings.GroupBy(Folds.Family).OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal))
        {
            string[] licences = [.. family.Select(r => r.Licence).Distinct().Order(StringComparer.Ordinal)];
            string told = string.Join("; ", licences.Take(3)) + (licences.Length > 3 ? $"; {licences.Length - 3} more" : "");
            Line($"| {family.Key} | {family.Count()} | {told.Replace("|", "/", StringComparison.Ordinal)} |");
        }

        return Take();
    }

    /// <summary>How right the answers on unseen sources are.</summary>
    public string Accuracy()
    {
        Scores real = Score(a => !recordings[a.Recording].Rendered);
        Scores all = Score(_ => true);
        Line("| | recordings, whole | recordings, 3 s windows | with rendered ones, whole | with rendered ones, windows |");
        Line("|---|---|---|---|---|");
        Row("five classes", Scores.Accuracy, real, all);
        Row("speech against music", Scores.SpeechAgainstMusic, real, all);
        Line($"| mean of the classes' shares | {Mean(real.Clips)} | {Mean(real.Windows)} | {Mean(all.Clips)} | {Mean(all.Windows)} |");
        Line($"| expected calibration error | {Error(real.ClipBins)} | {Error(real.WindowBins)} | {Error(all.ClipBins)} | {Error(all.WindowBins)} |");
        Line("");
        Apart();
        Line("Whole recordings (truth in rows, rendered ones left out):");
        Line("");
        Confusion(real.Clips);
        Line("");
        Line("Windows of 3 s, one every 0.5 s:");
        Line("");
        Confusion(real.Windows);
        return Take();
    }

    /// <summary>Source by source, each heard by a network that knows nothing of it.</summary>
    public string Sources()
    {
        Line("| class | source | recordings | right | taken for |");
        Line("|---|---|---|---|---|");
        foreach (var unit in evaluation.Answers
            .GroupBy(a => (recordings[a.Recording].Class, Unit: units[a.Recording]))
            .OrderBy(g => g.Key.Class).ThenByDescending(g => g.Count()).ThenBy(g => g.Key.Unit, StringComparer.Ordinal))
        {
            int[] said = new int[GenreClass.Count];
            foreach (Answers answer in unit)
            {
                ++said[Scores.Best(answer.Clip(evaluation.Temperatures[answer.Recording]))];
            }

            string wrong = string.Join(", ", Enumerable.Range(0, GenreClass.Count)
                .Where(c => c != unit.Key.Class && said[c] > 0).OrderByDescending(c => said[c])
                .Select(c => $"{GenreClass.Names[c]} {said[c]}"));
            Line($"| {GenreClass.Names[unit.Key.Class]} | {NameOf(unit.Key.Unit)} | {unit.Count()} | {said[unit.Key.Class]} | {wrong} |");
        }

        return Take();
    }

    /// <summary>Treatments, alternatives, and what ships.</summary>
    public string Comparison()
    {
        Line("| treatment | right before | answer kept | share |");
        Line("|---|---|---|---|");
        for (int t = 0; t < Treatment.All.Length; ++t)
        {
            (int right, int kept) = evaluation.Kept[t];
            Line($"| {Treatment.All[t].Name} | {right} | {kept} | {Share(kept, right)} |");
        }

        Line("");
        Line("| network | parameters | recordings, whole | 3 s windows |");
        Line("|---|---|---|---|");
        Scores ours = Score(a => !recordings[a.Recording].Rendered);
        Line($"| shipped | {network.Shape.ParameterCount} | {Told(Scores.Accuracy(ours.Clips))} | {Told(Scores.Accuracy(ours.Windows))} |");
        foreach ((Candidate baseline, IReadOnlyList<Answers> answers) in evaluation.Baselines)
        {
            Scores scores = new(recordings, [.. answers.Where(a => !recordings[a.Recording].Rendered)], 1);
            Line($"| {baseline.Name} | {baseline.Shape.ParameterCount} | {Told(Scores.Accuracy(scores.Clips))} | {Told(Scores.Accuracy(scores.Windows))} |");
        }

        Line("");
        Line($"The folds chose: {string.Join(", ", evaluation.Choices.Select(c => c.Name))}. " +
            $"What ships: {shipped.Name}, temperature {Number(network.Temperature, 2)}, {network.Shape.ParameterCount} parameters.");
        return Take();
    }

    /// <summary>Calibration of windows of recordings, for the plot.</summary>
    public (int Count, int Right, double Sum)[] WindowBins() => Score(a => !recordings[a.Recording].Rendered).WindowBins;

    private static string Number(double value, int digits) => value.ToString($"F{digits}", CultureInfo.InvariantCulture);

    private static string Share(int part, int whole) => whole == 0 ? "-" : Number((double)part / whole, 3);

    private static string Told((double Share, int Right, int Count) result) =>
        $"{Number(result.Share, 3)} ({result.Right} of {result.Count})";

    private static string Mean(int[,] confusion) => Number(Scores.Recalls(confusion).Average(), 3);

    private static string Error((int Count, int Right, double Sum)[] bins) => Number(Scores.CalibrationError(bins), 3);

    private Scores Score(Func<Answers, bool> wanted) =>
        new(recordings, [.. evaluation.Answers.Where(wanted)], a => evaluation.Temperatures[a.Recording]);

    private void Row(string name, Func<int[,], (double Share, int Right, int Count)> of, Scores real, Scores all) =>
        Line($"| {name} | {Told(of(real.Clips))} | {Told(of(real.Windows))} | {Told(of(all.Clips))} | {Told(of(all.Windows))} |");

    // With several folders: each by itself, so that what is added does not hide what became of the rest.
    private void Apart()
    {
        if (folders.Count < 2)
        {
            return;
        }

        Line("| recordings from | five classes, whole | 3 s windows | mean of the classes' shares, whole |");
        Line("|---|---|---|---|");
        int from = 0;
        foreach ((string name, int count) in folders)
        {
            (int first, int after) = (from, from + count);
            bool Belongs(Answers a) => a.Recording >= first && a.Recording < after && !recordings[a.Recording].Rendered;
            if (evaluation.Answers.Any(Belongs))
            {
                Scores of = Score(Belongs);
                Line($"| {name} | {Told(Scores.Accuracy(of.Clips))} | {Told(Scores.Accuracy(of.Windows))} | {Mean(of.Clips)} |");
            }

            from = after;
        }

        Line("");
    }

    private void Confusion(int[,] confusion)
    {
        Line($"| | {string.Join(" | ", GenreClass.Names)} | share |");
        Line($"|---|{string.Concat(Enumerable.Repeat("---|", GenreClass.Count + 1))}");
        for (int c = 0; c < GenreClass.Count; ++c)
        {
            int[] row = [.. Enumerable.Range(0, GenreClass.Count).Select(d => confusion[c, d])];
            Line($"| {GenreClass.Names[c]} | {string.Join(" | ", row)} | {Share(row[c], row.Sum())} |");
        }
    }

    // A unit's largest source, and how many it is tied to.
    private string NameOf(string unit)
    {
        var families = Enumerable.Range(0, recordings.Count).Where(i => units[i] == unit)
            .GroupBy(i => Folds.Family(recordings[i])).OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal).ToList();
        return families.Count == 1 ? families[0].Key : $"{families[0].Key} and {families.Count - 1} tied to it";
    }

    private void Line(string line) => _text.Append(line).Append('\n');

    private string Take()
    {
        string text = _text.ToString();
        _text.Clear();
        return text;
    }
}
