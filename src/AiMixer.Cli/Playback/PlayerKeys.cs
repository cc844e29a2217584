namespace AiMixer.Cli.Playback;

/// <summary>What the keys do.</summary>
internal sealed class PlayerKeys(Player player, ChannelStrip strip)
{
    public const string Legend = "1 speech  2 rock  3 jazz  4 electronic  5 classical  0 neutral  a auto  b bypass  space pause  left/right 5 s  q quit";

    private static readonly TimeSpan Leap = TimeSpan.FromSeconds(5);

    /// <summary>Does what a key stands for; others do nothing.</summary>
    /// <returns>A word on what changed, for keys whose effect the meters do not show.</returns>
    public string? Press(ConsoleKeyInfo key)
    {
        switch (key.Key)
        {
            case ConsoleKey.LeftArrow:
                player.Leap(-Leap);
                return null;
            case ConsoleKey.RightArrow:
                player.Leap(Leap);
                return null;
            case ConsoleKey.Escape:
                player.Stop();
                return null;
        }

        switch (char.ToLowerInvariant(key.KeyChar))
        {
            case >= '0' and <= '5' and char digit:
                return Choose((Genre)(digit - '0'));
            case 'a':
                return Choose(Genre.Auto);
            case 'b':
                strip.Bypass = !strip.Bypass;
                return strip.Bypass ? "bypass" : "mixed again";
            case ' ':
                player.IsPaused = !player.IsPaused;
                return player.IsPaused ? "paused" : "goes on";
            case 'q':
                player.Stop();
                return null;
            default:
                return null;
        }
    }

    private string Choose(Genre genre)
    {
        strip.SetGenre(genre);
        return $"genre: {genre.ProfileName()}";
    }
}
