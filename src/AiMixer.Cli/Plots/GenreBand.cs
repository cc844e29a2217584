using System.Collections.Immutable;

namespace AiMixer.Cli.Plots;

/// <summary>What the signal was recognised as over time, as a band of colours; the surer, the fuller.</summary>
internal static class GenreBand
{
    private const double Height = 26;
    private const int TimeTicksMax = 14;

    // Narrower stretches have no room for their name.
    private const double NameWidth = 74;

    // However unsure, a colour can be told from paper.
    private const double FaintestOpacity = 0.35;

    /// <summary>Draws from the top of the box and returns how far down it came; nothing when there is nothing to show.</summary>
    public static double Draw(SvgCanvas svg, ImmutableArray<GenreMoment> genres, double seconds, Box box)
    {
        if (genres.IsEmpty)
        {
            return box.Top - Panel.HeadingHeight;
        }

        Axis time = Axis.Time(seconds, box.Left, box.Right, TimeTicksMax);
        Box band = new(box.Left, box.Top, box.Width, Height);
        Panel.Heading(svg, band, "Genre", "as a live stream is recognised: the surer, the fuller");
        foreach (Stretch stretch in Stretches(genres, seconds))
        {
            double left = time.At(stretch.From);
            double right = time.At(stretch.To);
            foreach (GenreMoment part in stretch.Parts)
            {
                double start = time.At(part.Seconds);
                double end = time.At(stretch.EndOf(part));
                double opacity = FaintestOpacity + ((1 - FaintestOpacity) * Math.Clamp(part.Confidence, 0, 1));
                svg.Rectangle($"genre-{stretch.Genre}", new Box(start, band.Top, end - start, Height), opacity);
            }

            if (right - left >= NameWidth)
            {
                svg.Text("genre-name", (left + right) / 2, band.Top + (Height / 2) + 4.5, Anchor.Middle, stretch.Genre);
            }
        }

        Panel.Frame(svg, band);
        Panel.HorizontalAxis(svg, band, time);
        return band.Bottom + Panel.AxisHeight;
    }

    private static IEnumerable<Stretch> Stretches(ImmutableArray<GenreMoment> genres, double seconds)
    {
        int first = 0;
        while (first < genres.Length)
        {
            int next = first + 1;
            while (next < genres.Length && genres[next].Genre == genres[first].Genre)
            {
                next++;
            }

            yield return new Stretch(genres[first..next], next < genres.Length ? genres[next].Seconds : seconds);
            first = next;
        }
    }

    /// <summary>Moments of one genre.</summary>
    private sealed record Stretch(ImmutableArray<GenreMoment> Parts, double To)
    {
        public string Genre => Parts[0].Genre;

        public double From => Parts[0].Seconds;

        public double EndOf(GenreMoment part)
        {
            int next = Parts.IndexOf(part) + 1;
            return next < Parts.Length ? Parts[next].Seconds : To;
        }
    }
}
