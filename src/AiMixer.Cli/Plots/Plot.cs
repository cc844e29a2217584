using System.Collections.Immutable;
using System.Globalization;

namespace AiMixer.Cli.Plots;

/// <summary>A signal in a plot, with the name and the looks it goes by.</summary>
/// <param name="Label">"before", "after"; empty when it is the only one.</param>
/// <param name="Look">Prefix of its classes in <see cref="PlotStyle"/>.</param>
/// <param name="Picture">What is to be shown of it.</param>
internal sealed record PlottedSignal(string Label, string Look, SignalPicture Picture);

/// <summary>
/// A picture of a signal, or of one before and after mixing: waveform, loudness and genre over time and average spectrum in one
/// SVG document.
/// </summary>
/// <param name="Title">What was mixed or analysed.</param>
/// <param name="Caption">Sample rate, channels and settings.</param>
/// <param name="Signals">One signal, or before and after, in the order of drawing.</param>
/// <param name="TargetLufs">The loudness that was asked for.</param>
/// <param name="Genres">What it was recognised as over time; empty when nothing was.</param>
internal sealed record Plot(
    string Title, string Caption, PlottedSignal[] Signals, float? TargetLufs, ImmutableArray<GenreMoment> Genres)
{
    private const double Width = 1200;
    private const double Left = 84;
    private const double Right = 1088;
    private const double TitleLine = 42;
    private const double SummaryTop = 74;
    private const double SummaryStep = 23;
    private const double HeaderGap = 46;
    private const double PanelGap = 32;
    private const int TitleCharactersMax = 56;

    public static Plot Of(string title, string caption, SignalPicture only, ImmutableArray<GenreMoment> genres) =>
        new(title, caption, [new PlottedSignal("", "after", only)], null, genres);

    public static Plot Of(
        string title,
        string caption,
        SignalPicture before,
        SignalPicture after,
        float? targetLufs,
        ImmutableArray<GenreMoment> genres) => new(
            title,
            caption,
            [new PlottedSignal("before", "before", before), new PlottedSignal("after", "after", after)],
            targetLufs,
            genres);

    public string ToSvg()
    {
        SvgCanvas body = new();
        double y = DrawHeader(body);
        y = WaveformPanel.Draw(body, Signals, new Box(Left, y + HeaderGap, Right - Left, 0));
        y = LoudnessPanel.Draw(body, Signals, TargetLufs, new Box(Left, y + PanelGap, Right - Left, 0));
        y = GenreBand.Draw(body, Genres, Signals.Max(signal => signal.Picture.Seconds), new Box(Left, y + PanelGap, Right - Left, 0));
        y = SpectrumPanel.Draw(body, Signals, new Box(Left, y + PanelGap, Right - Left, 0));
        string description = string.Join("; ", Signals.Select(signal => $"{signal.Label} {Summary(signal.Picture)}".Trim()));
        return body.ToDocument(Width, y + 18, Title, $"{Caption}. {description}");
    }

    private double DrawHeader(SvgCanvas svg)
    {
        svg.Text("title", Left, TitleLine, Anchor.Start, Shorten(Title));
        double y = SummaryTop;
        foreach (PlottedSignal signal in Signals)
        {
            double x = Left;
            if (signal.Label.Length > 0)
            {
                svg.Rectangle($"{signal.Look}-core", new Box(Left, y - 11, 18, 12));
                svg.Text($"{signal.Look}-text", Left + 26, y, Anchor.Start, signal.Label);
                x = Left + 80;
            }

            svg.Text("note", x, y, Anchor.Start, Summary(signal.Picture));
            y += SummaryStep;
        }

        svg.Text("note", Right, TitleLine, Anchor.End, Caption);
        return y - SummaryStep;
    }

    private static string Summary(SignalPicture picture)
    {
        LoudnessReading total = picture.Total;
        return string.Join(
            "  \u00B7  ",
            $"{Level(total.IntegratedLufs)} LUFS integrated",
            $"{Level(total.TruePeakDbtp)} dBTP true peak",
            $"{Axis.Number(total.LoudnessRangeLu, "0.0")} LU range",
            $"{Level(total.RmsDbfs)} dBFS RMS");
    }

    private static string Level(float db) => db > LoudnessReading.Silence ? Axis.Number(db, "0.0") : "\u2212\u221E";

    private static string Shorten(string text)
    {
        StringInfo info = new(text);
        return info.LengthInTextElements <= TitleCharactersMax
            ? text
            : $"{info.SubstringByTextElements(0, TitleCharactersMax - 1)}\u2026";
    }
}
