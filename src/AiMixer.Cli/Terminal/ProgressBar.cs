using System.Diagnostics;
using System.Globalization;

namespace AiMixer.Cli.Terminal;

/// <summary>One line on standard error that shows how far the work is; nothing at all when that is no terminal.</summary>
internal sealed class ProgressBar : IProgress<MixProgress>, IDisposable
{
    private const int BarWidth = 30;
    private const int LabelWidth = 36;
    private const string ClearLine = "\r\u001b[K";
    private static readonly TimeSpan RedrawInterval = TimeSpan.FromMilliseconds(80);

    private readonly string _label;
    private readonly bool _visible;
    private long _drawn;
    private bool _dirty;
    private int _turns;

    public ProgressBar(string label, bool quiet)
    {
        string clean = new([.. label.Select(letter => char.IsControl(letter) ? '?' : letter)]);
        _label = clean.Length <= LabelWidth ? clean : $"\u2026{clean[^(LabelWidth - 1)..]}";
        _visible = !quiet && !Console.IsErrorRedirected;
    }

    /// <inheritdoc/>
    public void Report(MixProgress value)
    {
        if (!_visible || (_dirty && Stopwatch.GetElapsedTime(_drawn) < RedrawInterval))
        {
            return;
        }

        _drawn = Stopwatch.GetTimestamp();
        _dirty = true;
        Console.Error.Write($"{ClearLine}{Bar(value.Fraction)}  {value.Step}  {_label}");
    }

    /// <summary>Leaves the line empty for what comes next.</summary>
    public void Dispose()
    {
        if (_dirty)
        {
            Console.Error.Write(ClearLine);
        }
    }

    private string Bar(double fraction)
    {
        if (double.IsNaN(fraction))
        {
            // Length unknown: a block that wanders shows that something happens.
            int at = _turns++ % BarWidth;
            return $"[{new string('.', at)}#{new string('.', BarWidth - 1 - at)}]    ? ";
        }

        int done = (int)(Math.Clamp(fraction, 0, 1) * BarWidth);
        string percent = string.Create(CultureInfo.InvariantCulture, $"{100 * fraction,4:0} %");
        return $"[{new string('#', done)}{new string('.', BarWidth - done)}]{percent}";
    }
}
