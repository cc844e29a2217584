namespace AiMixer.Cli.Plots;

/// <summary>What every panel has: heading, grid, axes with ticks and units, frame.</summary>
internal static class Panel
{
    public const double HeadingHeight = 12;
    private const double TickRoom = 18;
    private const double TitleRoom = 36;
    private const double UprightRoom = 58;

    /// <summary>Room that the horizontal axis takes below the plot.</summary>
    public const double AxisHeight = 42;

    public static void Heading(SvgCanvas svg, Box plot, string heading, string legend)
    {
        svg.Text("heading", plot.Left, plot.Top - HeadingHeight, Anchor.Start, heading);
        svg.Text("tick", plot.Right, plot.Top - HeadingHeight, Anchor.End, legend);
    }

    public static void Grid(SvgCanvas svg, Box plot, Axis horizontal, Axis vertical)
    {
        foreach (Tick tick in horizontal.Ticks)
        {
            double x = horizontal.At(tick.Value);
            svg.Line("grid", x, plot.Top, x, plot.Bottom);
        }

        foreach (Tick tick in vertical.Ticks)
        {
            double y = vertical.At(tick.Value);
            svg.Line("grid", plot.Left, y, plot.Right, y);
            svg.Text("tick", plot.Left - 8, y + 4, Anchor.End, tick.Label);
        }

        svg.Upright("tick", plot.Left - UprightRoom, plot.Top + (plot.Height / 2), vertical.Title);
    }

    public static void HorizontalAxis(SvgCanvas svg, Box plot, Axis axis)
    {
        foreach (Tick tick in axis.Ticks)
        {
            double x = axis.At(tick.Value);
            svg.Line("axis", x, plot.Bottom, x, plot.Bottom + 4);
            svg.Text("tick", x, plot.Bottom + TickRoom, Anchor.Middle, tick.Label);
        }

        svg.Text("tick", plot.Left + (plot.Width / 2), plot.Bottom + TitleRoom, Anchor.Middle, axis.Title);
    }

    public static void Frame(SvgCanvas svg, Box plot) => svg.Rectangle("frame", plot);
}
