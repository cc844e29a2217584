using System.Globalization;
using System.Text;

namespace AiMixer.Cli.Playback;

/// <summary>The meters of a player as one line of text.</summary>
internal static class MeterLine
{
    private const int BarWidth = 20;

    // What a meter with the scale of EBU Tech 3341 shows, and the headroom above it.
    private const float LowestLufs = -41;
    private const float HighestLufs = -5;

    public static string Of(Player player, ChannelStrip strip)
    {
        StripMetrics metrics = strip.Metrics;
        string length = player.Length is { } total ? $"/{Time(total)}" : "";
        string state = player.IsPaused ? " paused" : strip.Bypass ? " bypass" : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Time(player.Position)}{length}{state} {Genre(strip)} [{Bar(metrics.Output.MomentaryLufs)}] {Level(metrics.Output.MomentaryLufs)} LUFS {Level(metrics.Output.CurrentPeakDbfs)} dBFS  gate {metrics.Gate.NowDb:0.0} comp {metrics.Compressor.NowDb:0.0} lim {metrics.Limiter.NowDb:0.0} dB");
    }

    public static string Time(TimeSpan time) =>
        string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalMinutes}:{time.Seconds:00}");

    /// <summary>A level; what the core calls -200 is silence.</summary>
    public static string Level(float level) =>
        level > -200 ? string.Create(CultureInfo.InvariantCulture, $"{level,5:0.0}") : " -inf";

    private static string Genre(ChannelStrip strip)
    {
        GenreReading reading = strip.GenreReading;
        if (!reading.IsListening)
        {
            return strip.Genre?.ProfileName() ?? "own profile";
        }

        return reading.Genre == AiMixer.Genre.Neutral
            ? "auto: not sure"
            : string.Create(CultureInfo.InvariantCulture, $"auto: {reading.Genre.ProfileName()} {100 * reading.Confidence:0} %");
    }

    private static string Bar(float lufs)
    {
        int filled = (int)Math.Clamp(BarWidth * (lufs - LowestLufs) / (HighestLufs - LowestLufs), 0, BarWidth);
        return new StringBuilder(BarWidth).Append('#', filled).Append('.', BarWidth - filled).ToString();
    }
}
