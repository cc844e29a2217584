namespace AiMixer.Cli.Plots;

/// <summary>Average spectrum in bands of a sixth of an octave, before and after over each other.</summary>
internal static class SpectrumPanel
{
    private const double Height = 230;
    private const double StepDb = 10;
    private const double WidestDb = 70;
    private const double NarrowestDb = 40;

    /// <summary>Draws from the top of the box and returns how far down it came.</summary>
    public static double Draw(SvgCanvas svg, PlottedSignal[] signals, Box box)
    {
        Box plot = new(box.Left, box.Top, box.Width, Height);
        Axis frequency = Axis.Frequency(plot.Left, plot.Right);
        double[] levels =
        [
            .. signals.SelectMany(signal => signal.Picture.Spectrum)
                .Select(point => point.LevelDb)
                .Where(level => level > LoudnessReading.Silence),
        ];
        double high = levels.Length == 0 ? 0 : levels.Max() + 2;
        double low = levels.Length == 0 ? -WidestDb : Math.Clamp(levels.Min() - 2, high - WidestDb, high - NarrowestDb);
        Axis level = Axis.Decibel(low, high, StepDb, plot.Bottom, plot.Top, "level (dBFS)");
        Panel.Heading(svg, plot, "Average spectrum", "level of bands of 1/6 octave; pink noise is a flat line");
        Panel.Grid(svg, plot, frequency, level);
        svg.Clipped(plot, () =>
        {
            foreach (PlottedSignal signal in signals)
            {
                svg.Path(
                    $"{signal.Look}-line",
                    signal.Picture.Spectrum.Select(point => (Spot?)new Spot(
                        frequency.At(point.Hertz), level.At(Math.Max(point.LevelDb, level.From - 5)))));
            }
        });
        if (levels.Length == 0)
        {
            svg.Text("note", plot.Left + (plot.Width / 2), plot.Top + (plot.Height / 2), Anchor.Middle, "silence");
        }

        Panel.Frame(svg, plot);
        Panel.HorizontalAxis(svg, plot, frequency);
        return plot.Bottom + Panel.AxisHeight;
    }
}
