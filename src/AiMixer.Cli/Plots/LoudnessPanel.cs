namespace AiMixer.Cli.Plots;

/// <summary>Momentary and short-term loudness over time, the integrated loudness as a line across, the target if any.</summary>
internal static class LoudnessPanel
{
    private const double Height = 230;
    private const int TimeTicksMax = 14;
    private const double StepLu = 6;
    private const double NarrowestLu = 24;
    private const double WidestLu = 54;

    // A tenth of the time may lie below the axis: pauses, fades, the silence before the first note.
    private const double ShareBelowAxis = 0.1;

    // Text of this height must not lie on other text.
    private const double LabelHeight = 15;

    /// <summary>Draws from the top of the box and returns how far down it came.</summary>
    public static double Draw(SvgCanvas svg, PlottedSignal[] signals, float? targetLufs, Box box)
    {
        Box plot = new(box.Left, box.Top, box.Width, Height);
        Axis time = Axis.Time(signals.Max(signal => signal.Picture.Seconds), box.Left, box.Right, TimeTicksMax);
        (double low, double high) = Range(signals, targetLufs);
        Axis loudness = Axis.Decibel(low, high, StepLu, plot.Bottom, plot.Top, "loudness (LUFS)");
        Panel.Heading(
            svg, plot, "Loudness", "thin: momentary (400 ms), thick: short-term (3 s), dotted: integrated");
        Panel.Grid(svg, plot, time, loudness);
        svg.Clipped(plot, () =>
        {
            foreach (PlottedSignal signal in signals)
            {
                svg.Path($"{signal.Look}-thin", Curve(signal, time, loudness, point => point.MomentaryLufs));
                svg.Path($"{signal.Look}-line", Curve(signal, time, loudness, point => point.ShortTermLufs));
            }
        });
        DrawMarks(svg, plot, signals, targetLufs, loudness);
        if (signals.All(signal => signal.Picture.Loudness.All(point => point.MomentaryLufs <= LoudnessReading.Silence)))
        {
            bool brief = signals.All(signal => signal.Picture.Loudness.Length == 0 || signal.Picture.Seconds < 0.4);
            svg.Text(
                "note",
                plot.Left + (plot.Width / 2),
                plot.Top + (plot.Height / 2),
                Anchor.Middle,
                brief ? "shorter than 400 ms: too short for a loudness reading" : "silence");
        }

        Panel.Frame(svg, plot);
        Panel.HorizontalAxis(svg, plot, time);
        return plot.Bottom + Panel.AxisHeight;
    }

    private static (double Low, double High) Range(PlottedSignal[] signals, float? targetLufs)
    {
        double[] levels =
        [
            .. signals.SelectMany(signal => signal.Picture.Loudness)
                .Select(point => (double)point.MomentaryLufs)
                .Where(level => level > LoudnessReading.Silence)
                .Order(),
        ];
        if (levels.Length == 0)
        {
            return (-NarrowestLu, 0);
        }

        IEnumerable<double> lines = signals.Select(signal => (double)signal.Picture.Total.IntegratedLufs)
            .Where(level => level > LoudnessReading.Silence);
        if (targetLufs is { } target)
        {
            lines = lines.Append(target);
        }

        double high = lines.Append(levels[^1]).Max() + 1;
        double low = lines.Append(levels[(int)(ShareBelowAxis * levels.Length)]).Min() - 1;
        return (Math.Clamp(low, high - WidestLu, high - NarrowestLu), high);
    }

    private static IEnumerable<Spot?> Curve(PlottedSignal signal, Axis time, Axis loudness, Func<LoudnessPoint, float> value)
    {
        // Points of one pixel column become one: their mean, as the eye would have it.
        return signal.Picture.Loudness
            .GroupBy(point => (int)time.At(point.Seconds))
            .Select(column => (Points: column, Level: column.Average(value), Silent: column.Any(p => value(p) <= LoudnessReading.Silence)))
            .Select(column => column.Silent
                ? (Spot?)null
                : new Spot(time.At(column.Points.Average(p => p.Seconds)), loudness.At(Math.Max(column.Level, loudness.From - 1))));
    }

    private static void DrawMarks(SvgCanvas svg, Box plot, PlottedSignal[] signals, float? targetLufs, Axis loudness)
    {
        List<(string Look, double Level, string Text)> marks = [];
        if (targetLufs is { } target)
        {
            marks.Add(("target", target, $"target {Axis.Number(target, "0.#")}"));
        }

        foreach (PlottedSignal signal in signals.Reverse())
        {
            float level = signal.Picture.Total.IntegratedLufs;
            if (level > LoudnessReading.Silence)
            {
                string name = signal.Label.Length == 0 ? "integrated" : signal.Label;
                marks.Add((signal.Look, level, $"{name} {Axis.Number(level, "0.0")}"));
            }
        }

        foreach ((string look, double level, _) in marks)
        {
            svg.Line($"{look}-mark", plot.Left, loudness.At(level), plot.Right, loudness.At(level));
        }

        // Labels stand above their lines at the right; one that would lie on its neighbour moves to its left.
        List<(double X, double Y)> placed = [];
        foreach ((string look, double level, string text) in marks)
        {
            double y = Math.Max(loudness.At(level) - 5, plot.Top + LabelHeight);
            double x = plot.Right - 8;
            while (placed.Any(other => Math.Abs(other.Y - y) < LabelHeight && Math.Abs(other.X - x) < 1))
            {
                x -= 118;
            }

            placed.Add((x, y));
            svg.Text($"{look}-text", x, y, Anchor.End, text);
        }
    }
}
