using System.Globalization;
using System.Text;

namespace AiMixer.Cli.Plots;

/// <summary>Where a text is anchored.</summary>
internal enum Anchor
{
    Start,
    Middle,
    End,
}

/// <summary>A place on the canvas, in pixels from the top left corner.</summary>
internal readonly record struct Spot(double X, double Y);

/// <summary>A rectangle on the canvas, in pixels.</summary>
internal readonly record struct Box(double Left, double Top, double Width, double Height)
{
    public double Right => Left + Width;

    public double Bottom => Top + Height;
}

/// <summary>Writes SVG elements. Looks are named by class and defined once, in <see cref="PlotStyle"/>.</summary>
internal sealed class SvgCanvas
{
    private readonly StringBuilder _svg = new();
    private int _clips;

    public void Line(string look, double x1, double y1, double x2, double y2) =>
        Append($"<line class=\"{look}\" x1=\"{x1:0.#}\" y1=\"{y1:0.#}\" x2=\"{x2:0.#}\" y2=\"{y2:0.#}\"/>");

    public void Rectangle(string look, Box box) => Append(
        $"<rect class=\"{look}\" x=\"{box.Left:0.#}\" y=\"{box.Top:0.#}\" width=\"{box.Width:0.#}\" height=\"{box.Height:0.#}\"/>");

    public void Rectangle(string look, Box box, double opacity) => Append(
        $"<rect class=\"{look}\" x=\"{box.Left:0.#}\" y=\"{box.Top:0.#}\" width=\"{box.Width:0.#}\" height=\"{box.Height:0.#}\" opacity=\"{opacity:0.##}\"/>");

    public void Text(string look, double x, double y, Anchor anchor, string text) => Append(
        $"<text class=\"{look}\" x=\"{x:0.#}\" y=\"{y:0.#}\" text-anchor=\"{Name(anchor)}\">{Escape(text)}</text>");

    /// <summary>Text that reads from bottom to top, for the axis on the left.</summary>
    public void Upright(string look, double x, double y, string text) => Append(
        $"<text class=\"{look}\" transform=\"translate({x:0.#} {y:0.#}) rotate(-90)\" text-anchor=\"middle\">{Escape(text)}</text>");

    /// <summary>Lines through the spots; a null starts a new one.</summary>
    public void Path(string look, IEnumerable<Spot?> spots)
    {
        StringBuilder data = new();
        bool pen = false;
        foreach (Spot? spot in spots)
        {
            if (spot is { } at)
            {
                data.Append(CultureInfo.InvariantCulture, $"{(pen ? 'L' : 'M')}{at.X:0.#} {at.Y:0.#}");
            }

            pen = spot is not null;
        }

        if (data.Length > 0)
        {
            Append($"<path class=\"{look}\" d=\"{data}\"/>");
        }
    }

    /// <summary>A filled outline.</summary>
    public void Area(string look, IEnumerable<Spot> spots)
    {
        StringBuilder data = new();
        foreach (Spot at in spots)
        {
            data.Append(CultureInfo.InvariantCulture, $"{(data.Length == 0 ? 'M' : 'L')}{at.X:0.#} {at.Y:0.#}");
        }

        if (data.Length > 0)
        {
            Append($"<path class=\"{look}\" d=\"{data}Z\"/>");
        }
    }

    /// <summary>Draws something of which only the part inside the box shows.</summary>
    public void Clipped(Box box, Action draw)
    {
        string id = $"clip{++_clips}";
        Append($"<clipPath id=\"{id}\">");
        Append($"<rect x=\"{box.Left:0.#}\" y=\"{box.Top:0.#}\" width=\"{box.Width:0.#}\" height=\"{box.Height:0.#}\"/>");
        Append($"</clipPath><g clip-path=\"url(#{id})\">");
        draw();
        Append($"</g>");
    }

    /// <summary>The whole document.</summary>
    public string ToDocument(double width, double height, string title, string description) => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        <?xml version="1.0" encoding="UTF-8"?>
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:0.#} {height:0.#}" width="{width:0.#}" height="{height:0.#}" role="img">
        <title>{Escape(title)}</title>
        <desc>{Escape(description)}</desc>
        <style>
        {PlotStyle.Css}
        </style>
        <rect class="paper" width="100%" height="100%"/>
        {_svg}</svg>

        """);

    // XML 1.0 knows no control characters, not even escaped, and no halves of surrogate pairs; file names may hold both.
    private static string Escape(string text)
    {
        StringBuilder escaped = new(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            _ = rune.Value switch
            {
                '&' => escaped.Append("&amp;"),
                '<' => escaped.Append("&lt;"),
                '>' => escaped.Append("&gt;"),
                '"' => escaped.Append("&quot;"),
                < 0x20 or 0x7F or 0xFFFE or 0xFFFF => escaped.Append('\uFFFD'),
                _ => escaped.Append(rune.ToString()),
            };
        }

        return escaped.ToString();
    }

    private static string Name(Anchor anchor) => anchor switch
    {
        Anchor.Start => "start",
        Anchor.Middle => "middle",
        _ => "end",
    };

    private void Append(FormattableString element) =>
        _svg.Append(element.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
