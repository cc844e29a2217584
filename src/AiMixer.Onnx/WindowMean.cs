namespace AiMixer;

/// <summary>The probabilities of several windows as those of one programme, as the core does it.</summary>
internal sealed class WindowMean
{
    /// <summary>Frames from one window to the next.</summary>
    internal const int StepFrames = 50;

    // No single window rules a genre out.
    private const double Least = 1e-4;

    // Several windows are surer than one.
    private const double Surer = 0.25;

    private readonly double[] _logarithms = new double[GenreProbabilities.Count];
    private int _windows;

    internal void Add(GenreProbabilities window)
    {
        for (int i = 0; i < _logarithms.Length; i++)
        {
            _logarithms[i] += Math.Log(Math.Max(window[GenreProbabilities.Genres[i]], Least));
        }

        _windows++;
    }

    internal GenreProbabilities Read()
    {
        double exponent = (1 + (Surer * (1 - (1.0 / _windows)))) / _windows;
        double[] powers = [.. _logarithms.Select(sum => Math.Exp(sum * exponent))];
        double sum = powers.Sum();
        return GenreProbabilities.From([.. powers.Select(power => (float)(power / sum))]);
    }
}
