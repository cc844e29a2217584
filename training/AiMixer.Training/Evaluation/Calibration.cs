using AiMixer.Training.Data;

namespace AiMixer.Training.Evaluation;

/// <summary>Temperature scaling (Guo, Pleiss, Sun and Weinberger 2017) on windows of recordings not trained on.</summary>
internal static class Calibration
{
    private const float Lowest = 0.5f;
    private const float Highest = 6;
    private const float Step = 1.03f;

    /// <summary>
    /// The temperature with the least cross-entropy, and that. Every recording counts the same; what was rendered from notes
    /// counts only when there is nothing else.
    /// </summary>
    public static (float Temperature, double Loss) Fit(IReadOnlyList<Recording> recordings, IReadOnlyList<Answers> answers)
    {
        Answers[] real = [.. answers.Where(a => !recordings[a.Recording].Rendered)];
        answers = real.Length > 0 ? real : answers;
        float best = 1;
        double least = double.MaxValue;
        for (float temperature = Lowest; temperature <= Highest; temperature *= Step)
        {
            double loss = answers.Sum(a => a.Windows.Average(
                w => -Math.Log(Math.Max(1e-9, Answers.Window(w, temperature)[recordings[a.Recording].Class]))));
            (best, least) = loss < least ? (temperature, loss) : (best, least);
        }

        return (best, least / Math.Max(1, answers.Count));
    }
}
