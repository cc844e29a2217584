using System.Globalization;
using System.Text;
using AiMixer.Training.Data;
using AiMixer.Training.Evaluation;

namespace AiMixer.Training.Report;

/// <summary>The figures of the live decisions, as Markdown.</summary>
internal sealed class LiveTables(IReadOnlyList<Recording> recordings, IReadOnlyList<LiveStream> streams)
{
    // Seconds within which speech, and music, is to be right from the beginning of a stream.
    private const double SpeechSeconds = 1;
    private const double MusicSeconds = 4;

    // In a row, what is decided so soon after a recording's beginning still rests on the one before.
    private const double RowSeconds = 6;
    private const double StepMinutes = 0.5 / 60;

    private readonly StringBuilder _text = new();

    /// <summary>All tables.</summary>
    public string Write()
    {
        Line("| each by itself | recordings | minutes | right in time | right at some time | median until then | 90 % until then | " +
            "first decision right | never decided | right at the end | false switches per minute | time in the right profile | in a wrong one |");
        Line($"|{string.Concat(Enumerable.Repeat("---|", 13))}");
        LiveStream[] alone = [.. streams.Where(s => s.Kind == StreamKind.Alone)];
        for (int c = 0; c < GenreClass.Count; ++c)
        {
            Alone(GenreClass.Names[c], string.Create(CultureInfo.InvariantCulture, $" within {InTimeSeconds(c)} s"), [.. alone.Where(s => Class(s.Steps[0]) == c)]);
        }

        Alone("all", "", alone);
        Line("");
        Line("| one after the other | minutes | false switches per minute | time in the right profile | in a wrong one |");
        Line("|---|---|---|---|---|");
        LiveStream[] mixed = [.. streams.Where(s => s.Kind == StreamKind.Mixed)];
        InARow("all classes mixed", mixed);
        InARow("one class throughout", [.. streams.Where(s => s.Kind == StreamKind.OneClass)]);
        Line("");
        Line("| where the class changes | times | right before it ends | median until then | 90 % until then |");
        Line("|---|---|---|---|---|");
        Changes("into speech", mixed, (_, to) => to == GenreClass.Speech);
        Changes("from speech into music", mixed, (from, to) => from == GenreClass.Speech && to != GenreClass.Speech);
        Changes("from music into another kind", mixed, (from, to) => from != GenreClass.Speech && to != GenreClass.Speech);
        return _text.ToString();
    }

    /// <summary>
    /// Decisions for a wrong genre, but the first one of a stream and those within 6 s of a later recording's beginning.
    /// </summary>
    public int FalseSwitches(LiveStream stream)
    {
        int count = 0;
        bool decided = false;
        foreach (Held step in stream.Steps.Where(s => s.Decided))
        {
            bool first = step.Recording == stream.Steps[0].Recording;
            count += Wrong(step) && (first ? decided : step.Seconds > RowSeconds) ? 1 : 0;
            decided = true;
        }

        return count;
    }

    /// <summary>Seconds until the right genre holds; nothing when it never does.</summary>
    public double? Until(IEnumerable<Held> steps) =>
        steps.Where(Right).Select(s => (double?)s.Seconds).FirstOrDefault();

    private static double InTimeSeconds(int genreClass) => genreClass == GenreClass.Speech ? SpeechSeconds : MusicSeconds;

    private static double Minutes(LiveStream[] of) => of.Sum(s => s.Steps.Count) * StepMinutes;

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);

    private static string Share(int part, int whole) => whole == 0 ? "-" : Number((double)part / whole, "F2");

    // The smallest of the times that so many of them do not exceed.
    private static string Quantile(double[] seconds, double share) => seconds.Length == 0
        ? "-"
        : Number(seconds.Order().ElementAt((int)Math.Ceiling(share * seconds.Length) - 1), "F1") + " s";

    private int Class(Held step) => recordings[step.Recording].Class;

    private bool Right(Held step) => step.Genre == GenreProbabilities.Genres[Class(step)];

    private bool Wrong(Held step) => step.Genre != Genre.Neutral && !Right(step);

    private void Alone(string name, string within, LiveStream[] of)
    {
        double[] until = [.. of.Select(s => Until(s.Steps)).OfType<double>()];
        int inTime = of.Count(s => Until(s.Steps) <= InTimeSeconds(Class(s.Steps[0])));
        Held[] firsts = [.. of.Select(s => s.Steps.FirstOrDefault(t => t.Decided)).Where(t => t.Decided)];
        Line($"| {name} | {of.Length} | {Number(Minutes(of), "F0")} | {Share(inTime, of.Length)}{within} | {Share(until.Length, of.Length)} | " +
            $"{Quantile(until, 0.5)} | {Quantile(until, 0.9)} | {Share(firsts.Count(Right), firsts.Length)} of {firsts.Length} | " +
            $"{of.Length - firsts.Length} | {Share(of.Count(s => Right(s.Steps[^1])), of.Length)} | {FalsePerMinute(of)} | {Times(of)} |");
    }

    private void InARow(string name, LiveStream[] of) =>
        Line($"| {name} ({of.Length}) | {Number(Minutes(of), "F0")} | {FalsePerMinute(of)} | {Times(of)} |");

    private void Changes(string name, LiveStream[] of, Func<int, int, bool> wanted)
    {
        List<double?> until = [];
        foreach (LiveStream stream in of)
        {
            List<Held> part = [];
            int before = -1;
            foreach (Held step in stream.Steps.Append(default(Held) with { Recording = -1 }))
            {
                if (part.Count > 0 && step.Recording != part[0].Recording)
                {
                    int now = Class(part[0]);
                    if (before >= 0 && now != before && wanted(before, now))
                    {
                        until.Add(Until(part));
                    }

                    before = now;
                    part.Clear();
                }

                part.Add(step);
            }
        }

        double[] followed = [.. until.OfType<double>()];
        Line($"| {name} | {until.Count} | {Share(followed.Length, until.Count)} | {Quantile(followed, 0.5)} | {Quantile(followed, 0.9)} |");
    }

    private string FalsePerMinute(LiveStream[] of) => of.Length == 0 ? "-" : Number(of.Sum(FalseSwitches) / Minutes(of), "F2");

    private string Times(LiveStream[] of)
    {
        Held[] steps = [.. of.SelectMany(s => s.Steps)];
        return $"{Share(steps.Count(Right), steps.Length)} | {Share(steps.Count(Wrong), steps.Length)}";
    }

    private void Line(string line) => _text.Append(line).Append('\n');
}
