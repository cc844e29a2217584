using System.Collections.Immutable;
using System.Globalization;

namespace AiMixer.Cli.Playback;

/// <summary>
/// What a player shows and hears: on a terminal a line of meters, and keys; elsewhere plain lines of what happens.
/// </summary>
internal sealed class PlayerScreen(Player player, ChannelStrip strip, bool quiet)
{
    private const string ClearLine = "\r\u001b[K";
    private static readonly TimeSpan RedrawInterval = TimeSpan.FromMilliseconds(80);

    private readonly PlayerKeys _keys = new(player, strip);
    private readonly bool _hasKeys = !Console.IsInputRedirected;
    private readonly bool _hasMeters = !quiet && !Console.IsOutputRedirected;
    private long _told;

    /// <summary>Shows until the player has ended.</summary>
    public void Run(CancellationToken cancellation)
    {
        if (_hasKeys)
        {
            Say(PlayerKeys.Legend);
        }

        while (!player.Ended.IsCompleted)
        {
            cancellation.ThrowIfCancellationRequested();
            PressKeys();
            TellDecisions();
            if (_hasMeters)
            {
                Console.Out.Write(ClearLine + Fitting(MeterLine.Of(player, strip)));
            }

            Task.WhenAny(player.Ended, Task.Delay(RedrawInterval, CancellationToken.None)).Wait(CancellationToken.None);
        }

        TellDecisions();
        if (_hasMeters)
        {
            Console.Out.Write(ClearLine);
        }
    }

    private void PressKeys()
    {
        while (_hasKeys && Console.KeyAvailable)
        {
            if (_keys.Press(Console.ReadKey(intercept: true)) is { } change)
            {
                Say($"{MeterLine.Time(player.Position)}  {change}");
            }
        }
    }

    private void TellDecisions()
    {
        ImmutableArray<GenreEvent> events = strip.GenreEvents(_told);
        foreach (GenreEvent decision in events)
        {
            string heard = decision.To == Genre.Neutral ? "not sure what it is" : $"recognised as {decision.To.ProfileName()}";
            Say(string.Create(CultureInfo.InvariantCulture, $"{MeterLine.Time(player.Position)}  {heard}, {100 * decision.Confidence:0} %"));
            _told = decision.Sequence;
        }
    }

    private void Say(string line)
    {
        if (!quiet)
        {
            Console.Out.WriteLine(_hasMeters ? ClearLine + line : line);
        }
    }

    // A line that wraps could not be drawn over.
    private static string Fitting(string line)
    {
        int width = Console.WindowWidth - 1;
        return width > 0 && line.Length > width ? line[..width] : line;
    }
}
