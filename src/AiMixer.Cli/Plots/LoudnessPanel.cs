namespace AiMixer.Cli.Plots;

/// <summary>Momentary and short-term loudness over time, the integrated loudness as a line across, the target if any.</summary>
internal static class LoudnessPanel
{
    private const double Height = 230;
    private const int TimeTicksMax = 14;
    private const double StepLu = 6;
    private const double NarrowestLu = 15;
    private const double WidestLu = 54;

    // A twentieth of the time may lie below the axis: pauses, fades, the silence before the first note.
    private const double ShareBelowAxis = 0.05;

    private const double LabelHeight = 16;
    private const double LabelGap = 8;

    // From the middle of the letters to the line they stand on.
    private const double LabelDrop = 4;

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

        double high = lines.Append(levels[^1]).Max() + 0.5;
        double low = lines.Append(levels[(int)(ShareBelowAxis * levels.Length)]).Min() - 0.5;
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

        foreach (PlottedSignal signal in signals)
        {
            float level = signal.Picture.Total.IntegratedLufs;
            if (level > LoudnessReading.Silence)
            {
                string text = Axis.Number(level, "0.0");
                marks.Add((signal.Look, level, signal.Label.Length == 0 ? $"{text} LUFS" : $"{signal.Label} {text}"));
            }
        }

        // Labels stand beside the plot at the height of their lines, or as near as the ones above leave room.
        double lowest = double.NegativeInfinity;
        foreach ((string look, double level, string text) in marks.OrderByDescending(mark => mark.Level))
        {
            double y = loudness.At(level);
            svg.Line($"{look}-mark", plot.Left, y, plot.Right, y);
            lowest = Math.Max(y + LabelDrop, lowest + LabelHeight);
            svg.Text($"{look}-text", plot.Right + LabelGap, lowest, Anchor.Start, text);
        }
    }
}
