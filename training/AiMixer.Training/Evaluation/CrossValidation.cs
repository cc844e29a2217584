using AiMixer.Training.Data;
using AiMixer.Training.Features;
using AiMixer.Training.Network;

namespace AiMixer.Training.Evaluation;

/// <summary>What the procedure is worth on sources it has not seen.</summary>
/// <param name="Answers">Of every recording, by the network of the fold that held it out.</param>
/// <param name="Temperatures">Of every recording, the temperature that the answers to all other folds ask for.</param>
/// <param name="Temperature">The temperature that all answers ask for: that of what ships.</param>
/// <param name="Kept">For every treatment: recordings that were right before, and how many of them kept the answer.</param>
/// <param name="Baselines">For every baseline its answers, without calibration.</param>
/// <param name="Choices">What each fold's inner cross-validation chose.</param>
/// <param name="Live">What is decided live on what each fold's network has not seen.</param>
internal sealed record CrossValidation(
    IReadOnlyList<Answers> Answers,
    float[] Temperatures,
    float Temperature,
    (int Right, int Kept)[] Kept,
    IReadOnlyList<(Candidate Candidate, IReadOnlyList<Answers> Answers)> Baselines,
    IReadOnlyList<Candidate> Choices,
    IReadOnlyList<LiveStream> Live)
{
    public const int OuterFolds = 5;

    /// <summary>Cross-validates the whole procedure, two folds at a time.</summary>
    public static CrossValidation Run(
        IReadOnlyList<Recording> recordings, FeatureSet features, string[] units, Procedure procedure, Action<string> progress)
    {
        int[] everyone = [.. Enumerable.Range(0, recordings.Count)];
        int[] folds = Folds.Split(recordings, units, everyone, OuterFolds, "outer");
        Fold[] results = new Fold[OuterFolds];
        ParallelOptions cores = new() { MaxDegreeOfParallelism = Environment.ProcessorCount };
        Parallel.For(0, OuterFolds, cores, f =>
        {
            int[] inside = [.. everyone.Where(i => folds[i] != f)];
            int[] outside = [.. everyone.Where(i => folds[i] == f)];
            (GenreNetwork network, Candidate chosen) = procedure.Run(inside, $"fold {f}");
            results[f] = new Fold(
                network, chosen, [.. procedure.Ask(network, outside)],
                [.. Candidate.Baselines.Select(b => procedure.Ask(procedure.Train(b, inside, $"fold {f}"), outside).ToArray())]);
            progress($"fold {f + 1} of {OuterFolds}: {chosen.Name}");
        });
        Answers[] answers = [.. results.SelectMany(r => r.Answers).OrderBy(a => a.Recording)];
        float[] temperatures =
        [
            .. Enumerable.Range(0, OuterFolds).Select(f => Calibration.Fit(
                recordings, [.. answers.Where(a => folds[a.Recording] != f)]).Temperature),
        ];
        GenreNetwork[] networks = [.. results.Select((r, f) => r.Network with { Temperature = temperatures[f] })];
        (int Right, int Kept)[][] kept =
        [
            .. Enumerable.Range(0, OuterFolds).Select(f => Endure(
                recordings, features, networks[f], [.. everyone.Where(i => folds[i] == f)])),
        ];
        progress("live streams of what each fold has not seen");
        LiveStream[][] live = new LiveStream[OuterFolds][];
        Parallel.For(0, OuterFolds, cores, f => live[f] =
        [
            .. LiveStream.Play(recordings, features, networks[f], everyone.Where(i => folds[i] == f), $"live {f}"),
        ]);
        return new CrossValidation(
            answers,
            [.. everyone.Select(i => temperatures[folds[i]])],
            Calibration.Fit(recordings, answers).Temperature,
            [.. Treatment.All.Select((_, t) => (kept.Sum(k => k[t].Right), kept.Sum(k => k[t].Kept)))],
            [.. Candidate.Baselines.Select((b, n) => (b, (IReadOnlyList<Answers>)[.. results.SelectMany(r => r.Baselines[n])]))],
            [.. results.Select(r => r.Chosen)],
            [.. live.SelectMany(s => s)]);
    }

    // Of the treated recordings outside a fold: does the answer to the first seconds survive each treatment?
    private static (int Right, int Kept)[] Endure(
        IReadOnlyList<Recording> recordings, FeatureSet features, GenreNetwork network, HashSet<int> outside)
    {
        (int Right, int Kept)[] kept = new (int, int)[Treatment.All.Length];
        for (int n = 0; n < features.Treated.Count; ++n)
        {
            TakeFrames treated = features.Treated[n];
            if (!outside.Contains(treated.Recording))
            {
                continue;
            }

            float[] plain = features.Plain[treated.Recording].Bands;
            int length = Math.Min(plain.Length, FeatureSet.TreatedSeconds * FrameExtractor.FramesPerSecond * FrameExtractor.Bands);
            int before = Say(network, new TakeFrames(treated.Recording, plain[..length]));
            if (before != recordings[treated.Recording].Class)
            {
                continue;
            }

            int t = n % kept.Length;
            kept[t] = (kept[t].Right + 1, kept[t].Kept + (Say(network, treated) == before ? 1 : 0));
        }

        return kept;
    }

    private static int Say(GenreNetwork network, TakeFrames take)
    {
        Answers answers = Hearing.Of(take).Ask(network);
        return answers.Windows.Length == 0 ? -1 : Scores.Best(answers.Clip(network.Temperature));
    }

    private sealed record Fold(GenreNetwork Network, Candidate Chosen, Answers[] Answers, Answers[][] Baselines);
}
