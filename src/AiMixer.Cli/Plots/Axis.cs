using System.Globalization;

namespace AiMixer.Cli.Plots;

/// <summary>A mark on an axis.</summary>
internal readonly record struct Tick(double Value, string Label);

/// <summary>Maps values to pixels and marks round values.</summary>
/// <param name="From">Value at the start.</param>
/// <param name="To">Value at the end.</param>
/// <param name="Start">Pixel of <paramref name="From"/>.</param>
/// <param name="End">Pixel of <paramref name="To"/>.</param>
/// <param name="IsLogarithmic">Equal ratios are equally far apart.</param>
/// <param name="Title">Quantity and unit.</param>
/// <param name="Ticks">The marks.</param>
internal sealed record Axis(
    double From, double To, double Start, double End, bool IsLogarithmic, string Title, Tick[] Ticks)
{
    private static readonly double[] FrequencyMarks = [20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000];

    // Steps of a clock, which below a second are those of the decimal system.
    private static readonly double[] TimeSteps =
    [
        0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600,
        7200, 14400, 21600, 43200, 86400,
    ];

    // +/-1 is full scale; floats may go far beyond, whispers stay far below.
    private static readonly double[] AmplitudeLimits =
        [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];

    public double At(double value)
    {
        double share = IsLogarithmic ? Math.Log(value / From) / Math.Log(To / From) : (value - From) / (To - From);
        return Start + (share * (End - Start));
    }

    /// <summary>Time from zero, with a unit that suits the length.</summary>
    public static Axis Time(double seconds, double start, double end, int ticksMax)
    {
        double length = seconds > 0 ? seconds : TimeSteps[0];
        double step = TimeSteps.FirstOrDefault(candidate => length / candidate <= ticksMax, TimeSteps[^1]);
        List<Tick> ticks = [];
        for (int i = 0; i * step <= length * (1 + 1e-9) && i <= 4 * ticksMax; i++)
        {
            ticks.Add(new Tick(i * step, TimeLabel(i * step, length)));
        }

        string unit = length < 1 ? "ms" : length < 100 ? "s" : length < 3600 ? "min:s" : "h:min";
        return new Axis(0, length, start, end, false, $"time ({unit})", [.. ticks]);
    }

    /// <summary>20 Hz to 20 kHz, logarithmic.</summary>
    public static Axis Frequency(double start, double end) => new(
        FrequencyMarks[0],
        FrequencyMarks[^1],
        start,
        end,
        true,
        "frequency (Hz)",
        [.. FrequencyMarks.Select(hertz => new Tick(hertz, hertz < 1000 ? $"{hertz:0}" : $"{hertz / 1000:0}k"))]);

    /// <summary>Decibels between two multiples of a step that enclose the range.</summary>
    public static Axis Decibel(double low, double high, double step, double bottom, double top, string title)
    {
        double from = Math.Floor(low / step) * step;
        double to = Math.Max(Math.Ceiling(high / step) * step, from + step);
        List<Tick> ticks = [];
        for (double value = from; value <= to + (step / 2); value += step)
        {
            ticks.Add(new Tick(value, Number(value, "0")));
        }

        return new Axis(from, to, bottom, top, false, title, [.. ticks]);
    }

    /// <summary>Sample values around zero, up to the round number that holds the peak.</summary>
    public static Axis Amplitude(double peak, double bottom, double top)
    {
        double limit = AmplitudeLimits.FirstOrDefault(candidate => peak <= candidate, AmplitudeLimits[^1]);
        if (peak <= 0)
        {
            limit = 1;
        }

        // Marks at half the height, where the labels of two plots above each other do not meet.
        Tick[] ticks = [.. new[] { -limit / 2, 0, limit / 2 }.Select(value => new Tick(value, Number(value, "0.####")))];
        return new Axis(-limit, limit, bottom, top, false, "amplitude", ticks);
    }

    /// <summary>A number with a real minus sign.</summary>
    public static string Number(double value, string format)
    {
        string text = value.ToString(format, CultureInfo.InvariantCulture);
        return text.StartsWith('-') ? $"\u2212{text[1..]}" : text;
    }

    private static string TimeLabel(double seconds, double length)
    {
        if (length < 1)
        {
            return Number(seconds * 1000, "0.#");
        }

        if (length < 100)
        {
            return Number(seconds, "0.##");
        }

        long whole = (long)Math.Round(seconds);
        return length < 3600 ? $"{whole / 60}:{whole % 60:00}" : $"{whole / 3600}:{whole / 60 % 60:00}";
    }
}
