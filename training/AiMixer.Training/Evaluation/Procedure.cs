using AiMixer.Training.Data;
using AiMixer.Training.Features;
using AiMixer.Training.Network;

namespace AiMixer.Training.Evaluation;

/// <summary>
/// What makes a network from recordings: choose a candidate by cross-validation within these recordings, then train several
/// networks on all of them, and one that learns what they agree on. Evaluation applies it to parts of the recordings, so that nothing that is
/// reported took part in a choice; what ships is the same applied to all.
/// </summary>
internal sealed class Procedure(IReadOnlyList<Recording> recordings, FeatureSet features, string[] units, int steps)
{
    private const int InnerFolds = 2;
    private const int Teachers = 4;

    // A choice between candidates needs less training than the network that ships.
    private const int InnerShare = 3;

    private readonly Hearing[] _plain =
        [.. features.Plain.AsParallel().AsOrdered().WithDegreeOfParallelism(Environment.ProcessorCount).Select(Hearing.Of)];

    /// <summary>Makes a network; calibration comes after.</summary>
    /// <param name="members">Indices of the recordings it may learn from.</param>
    /// <param name="key">Decides every draw.</param>
    public (GenreNetwork Network, Candidate Chosen) Run(IReadOnlyCollection<int> members, string key)
    {
        Candidate best = Candidate.All.MinBy(
            c => Calibration.Fit(recordings, CrossValidate(c, members, $"{key} inner")).Loss)!;
        GenreNetwork[] teachers =
        [
            .. Enumerable.Range(0, Teachers).Select(t => Train(best, members, $"{key} teacher {t}")),
        ];
        return (Train(best, members, key, teachers), best);
    }

    /// <summary>Trains one candidate, without calibration.</summary>
    public GenreNetwork Train(Candidate candidate, IReadOnlyCollection<int> members, string key, params GenreNetwork[] teachers) =>
        Train(candidate, members, key, steps, teachers);

    private GenreNetwork Train(
        Candidate candidate, IReadOnlyCollection<int> members, string key, int trainingSteps, GenreNetwork[] teachers)
    {
        TrainingPlan plan = candidate.Plan with { Steps = trainingSteps };
        return Trainer.Train(candidate.Shape, plan, new WindowSampler(recordings, features, members), teachers, key);
    }

    /// <summary>Asks a network about recordings as they are.</summary>
    public IEnumerable<Answers> Ask(GenreNetwork network, IEnumerable<int> members) =>
        members.Select(i => _plain[i]).Where(h => h.Windows.Length > 0).Select(h => h.Ask(network));

    private List<Answers> CrossValidate(Candidate candidate, IReadOnlyCollection<int> members, string key)
    {
        int[] folds = Folds.Split(recordings, units, members, InnerFolds, key);
        List<Answers> answers = [];
        for (int f = 0; f < InnerFolds; ++f)
        {
            int[] inside = [.. members.Where(i => folds[i] != f)];
            GenreNetwork network = Train(candidate, inside, $"{key} {f}", steps / InnerShare, []);
            answers.AddRange(Ask(network, members.Where(i => folds[i] == f)));
        }

        return answers;
    }
}
