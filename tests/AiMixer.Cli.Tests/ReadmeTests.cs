namespace AiMixer.Cli.Tests;

/// <summary>Every command that the README shows works as it stands there.</summary>
public sealed class ReadmeTests
{
    [Fact]
    public void Every_command_of_the_readme_runs()
    {
        string[] commands = [.. Commands()
            // It would not end by itself; the tests of the server run the commands that follow it.
            .Where(line => !line.StartsWith("aimixer serve", StringComparison.Ordinal))
            // The tests of the player have something to play on.
            .Where(line => !line.StartsWith("aimixer play", StringComparison.Ordinal))];
        Assert.True(commands.Length >= 10, $"only {commands.Length} commands found");

        using ScratchFolder folder = new();
        folder.Write("song.wav", WaveFile.Encode(Sound.Programme(2), 24));
        folder.Write("talk.wav", WaveFile.Encode(Sound.Programme(1, 16000, 1), 16));
        foreach (string command in commands)
        {
            Outcome outcome = Aimixer.Shell($"cd '{folder.Path}' && aimixer() {{ $AIMIXER \"$@\"; }} && {command}");
            Assert.True(outcome.ExitCode == 0, $"{command}\n{outcome.Errors}");
        }

        Assert.Superset(
            new HashSet<string> { "mixed.wav", "mixed.flac", "mixed.json", "mixed.svg", "song.svg", "mine.json", "mixed" },
            folder.Content.ToHashSet());
    }

    /// <summary>The commands that the README shows, in order.</summary>
    internal static IEnumerable<string> Commands() =>
        File.ReadLines(Path.Combine(Repository.Root, "README.md")).Where(line => line.StartsWith("aimixer ", StringComparison.Ordinal));
}
