namespace AiMixer.Cli.Plots;

/// <summary>The outline of the waveform with its RMS inside; before and after one below the other, on one scale.</summary>
internal static class WaveformPanel
{
    private const double HeightAlone = 150;
    private const double HeightOfTwo = 104;
    private const double Gap = 10;
    private const int TimeTicksMax = 14;

    // A line of silence is still a line.
    private const double ThicknessMin = 1.2;

    /// <summary>Draws from the top of the box and returns how far down it came.</summary>
    public static double Draw(SvgCanvas svg, PlottedSignal[] signals, Box box)
    {
        double height = signals.Length == 1 ? HeightAlone : HeightOfTwo;
        double peak = signals.SelectMany(signal => signal.Picture.Envelope.Bins)
            .Select(bin => Math.Max(-bin.Low, bin.High))
            .DefaultIfEmpty(0)
            .Max();
        Axis time = Axis.Time(signals.Max(signal => signal.Picture.Seconds), box.Left, box.Right, TimeTicksMax);
        Box plot = new(box.Left, box.Top, box.Width, height);
        Panel.Heading(svg, plot, "Waveform", "outline: lowest to highest sample, core: RMS; all channels together");
        foreach (PlottedSignal signal in signals)
        {
            Axis amplitude = Axis.Amplitude(peak, plot.Bottom, plot.Top);
            Panel.Grid(svg, plot, time, amplitude);
            svg.Clipped(plot, () => DrawSignal(svg, signal, time, amplitude));
            svg.Line("axis", plot.Left, amplitude.At(0), plot.Right, amplitude.At(0));
            Panel.Frame(svg, plot);
            if (signal.Label.Length > 0)
            {
                svg.Text($"{signal.Look}-text", plot.Left + 8, plot.Top + 17, Anchor.Start, signal.Label);
            }

            plot = plot with { Top = plot.Bottom + Gap };
        }

        Box last = plot with { Top = plot.Top - Gap - height };
        Panel.HorizontalAxis(svg, last, time);
        return last.Bottom + Panel.AxisHeight;
    }

    private static void DrawSignal(SvgCanvas svg, PlottedSignal signal, Axis time, Axis amplitude)
    {
        Column[] columns = Columns(signal.Picture.Envelope, time);
        svg.Area($"{signal.Look}-area", Outline(columns, amplitude, column => (column.Low, column.High)));
        svg.Area(
            $"{signal.Look}-core",
            Outline(columns, amplitude, column => (Math.Max(column.Low, -column.Rms), Math.Min(column.High, column.Rms))));
    }

    private static IEnumerable<Spot> Outline(Column[] columns, Axis amplitude, Func<Column, (double Low, double High)> range)
    {
        IEnumerable<Spot> Edge(IEnumerable<Column> along, bool upper) => along.SelectMany(column =>
        {
            (double low, double high) = range(column);
            double top = amplitude.At(high);
            double bottom = amplitude.At(low);
            double widen = Math.Max(0, ThicknessMin - (bottom - top)) / 2;
            double y = upper ? top - widen : bottom + widen;
            return upper
                ? new[] { new Spot(column.Left, y), new Spot(column.Right, y) }
                : [new Spot(column.Right, y), new Spot(column.Left, y)];
        });

        return Edge(columns, upper: true).Concat(Edge(columns.Reverse(), upper: false));
    }

    /// <summary>One column per pixel; a clip with fewer bins than pixels gets one per bin.</summary>
    private static Column[] Columns(Envelope envelope, Axis time)
    {
        List<Column> columns = [];
        int bin = 0;
        while (bin < envelope.Bins.Length)
        {
            double left = time.At(bin * envelope.SecondsPerBin);
            double low = double.PositiveInfinity;
            double high = double.NegativeInfinity;
            double square = 0;
            int first = bin;
            do
            {
                EnvelopeBin next = envelope.Bins[bin++];
                low = Math.Min(low, next.Low);
                high = Math.Max(high, next.High);
                square += (double)next.Rms * next.Rms;
            }
            while (bin < envelope.Bins.Length && time.At(bin * envelope.SecondsPerBin) < left + 1);

            double right = Math.Min(time.At(bin * envelope.SecondsPerBin), time.End);
            columns.Add(new Column(left, right, low, high, Math.Sqrt(square / (bin - first))));
        }

        return [.. Joined(columns)];
    }

    /// <summary>Each column reaches its neighbour, so that a short clip is a line and not a row of dots.</summary>
    private static IEnumerable<Column> Joined(List<Column> columns)
    {
        Column? previous = null;
        foreach (Column column in columns)
        {
            yield return previous is { } before
                ? column with { Low = Math.Min(column.Low, before.High), High = Math.Max(column.High, before.Low) }
                : column;
            previous = column;
        }
    }

    private readonly record struct Column(double Left, double Right, double Low, double High, double Rms);
}
