using AiMixer.Training.Data;
using AiMixer.Training.Features;
using AiMixer.Training.Network;

namespace AiMixer.Training.Evaluation;

/// <summary>
/// Everything that makes a model from recordings: choose a candidate and calibrate, both by cross-validation within these
/// recordings, then train on all of them. Evaluation applies it to parts of the recordings, so that nothing that is
/// reported took part in a choice; what ships is the same applied to all.
/// </summary>
internal sealed class Procedure(IReadOnlyList<Recording> recordings, FeatureSet features, string[] units, int steps)
{
    private const int InnerFolds = 2;

    // A choice between candidates needs less training than the network that ships.
    private const int InnerShare = 3;

    /// <summary>Makes a calibrated network.</summary>
    /// <param name="members">Indices of the recordings it may learn from.</param>
    /// <param name="key">Decides every draw.</param>
    public (GenreNetwork Network, Candidate Chosen) Run(IReadOnlyCollection<int> members, string key)
    {
        var best = Candidate.All
            .Select(c => (Candidate: c, Fit: Calibration.Fit(recordings, CrossValidate(c, members, $"{key} inner"))))
            .MinBy(c => c.Fit.Loss);
        return (Train(best.Candidate, members, key, steps) with { Temperature = best.Fit.Temperature }, best.Candidate);
    }

    /// <summary>Trains one candidate, without calibration.</summary>
    public GenreNetwork Train(Candidate candidate, IReadOnlyCollection<int> members, string key, int trainingSteps)
    {
        TrainingPlan plan = candidate.Plan with { Steps = trainingSteps };
        return Trainer.Train(candidate.Shape, plan, new WindowSampler(recordings, features, members), key);
    }

    /// <summary>Asks a network about recordings as they are.</summary>
    public IEnumerable<Answers> Ask(GenreNetwork network, IEnumerable<int> members) =>
        members.Select(i => Answers.Ask(network, features.Plain[i])).Where(a => a.Windows.Length > 0);

    private List<Answers> CrossValidate(Candidate candidate, IReadOnlyCollection<int> members, string key)
    {
        int[] folds = Folds.Split(recordings, units, members, InnerFolds, key);
        List<Answers> answers = [];
        for (int f = 0; f < InnerFolds; ++f)
        {
            int[] inside = [.. members.Where(i => folds[i] != f)];
            GenreNetwork network = Train(candidate, inside, $"{key} {f}", steps / InnerShare);
            answers.AddRange(Ask(network, members.Where(i => folds[i] == f)));
        }

        return answers;
    }
}
