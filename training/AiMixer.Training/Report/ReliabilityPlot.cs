using System.Globalization;
using System.Text;
using AiMixer.Training.Evaluation;

namespace AiMixer.Training.Report;

/// <summary>How often answers of each confidence were right, as an SVG.</summary>
internal static class ReliabilityPlot
{
    private const int Side = 360;
    private const int Left = 60;
    private const int Top = 40;

    public static string Draw((int Count, int Right, double Sum)[] bins, string title)
    {
        StringBuilder svg = new();
        void Add(FormattableString line) => svg.Append(FormattableString.Invariant(line)).Append('\n');
        Add($"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Side + Left + 30} {Side + Top + 60}\" font-family=\"sans-serif\" font-size=\"12\">");
        Add($"<rect width=\"100%\" height=\"100%\" fill=\"white\"/>");
        Add($"<text x=\"{Left}\" y=\"22\" font-size=\"14\">{title}</text>");
        for (int i = 0; i <= 10; i += 2)
        {
            double at = i / 10.0;
            Add($"<line x1=\"{Left}\" y1=\"{Y(at)}\" x2=\"{Left + Side}\" y2=\"{Y(at)}\" stroke=\"#ddd\"/>");
            Add($"<text x=\"{Left - 8}\" y=\"{Y(at) + 4}\" text-anchor=\"end\">{at.ToString("F1", CultureInfo.InvariantCulture)}</text>");
            Add($"<text x=\"{X(at)}\" y=\"{Top + Side + 18}\" text-anchor=\"middle\">{at.ToString("F1", CultureInfo.InvariantCulture)}</text>");
        }

        int most = Math.Max(1, bins.Max(b => b.Count));
        for (int b = 0; b < Scores.Bins; ++b)
        {
            double share = (double)bins[b].Count / most;
            Add($"<rect x=\"{X((double)b / Scores.Bins) + 1}\" y=\"{Y(share)}\" width=\"{(Side / Scores.Bins) - 2}\" height=\"{Top + Side - Y(share):F1}\" fill=\"#dce6f2\"/>");
        }

        Add($"<line x1=\"{X(0)}\" y1=\"{Y(0)}\" x2=\"{X(1)}\" y2=\"{Y(1)}\" stroke=\"#888\" stroke-dasharray=\"4 4\"/>");
        string points = string.Join(" ", bins.Where(b => b.Count > 0).Select(b => FormattableString.Invariant(
            $"{X(b.Sum / b.Count):F1},{Y((double)b.Right / b.Count):F1}")));
        Add($"<polyline points=\"{points}\" fill=\"none\" stroke=\"#1f5fa8\" stroke-width=\"2\"/>");
        foreach ((int count, int right, double sum) in bins.Where(b => b.Count > 0))
        {
            Add($"<circle cx=\"{X(sum / count):F1}\" cy=\"{Y((double)right / count):F1}\" r=\"4\" fill=\"#1f5fa8\"/>");
        }

        Add($"<text x=\"{Left + (Side / 2)}\" y=\"{Top + Side + 42}\" text-anchor=\"middle\">probability of the answer (bars: how often it occurs)</text>");
        Add($"<text transform=\"translate(18 {Top + (Side / 2)}) rotate(-90)\" text-anchor=\"middle\">share that is right</text>");
        Add($"</svg>");
        return svg.ToString();
    }

    private static double X(double value) => Left + (Side * value);

    private static double Y(double value) => Top + (Side * (1 - value));
}
