using System.Text.RegularExpressions;
using AiMixer.Cli.Tests;
using AiMixer.Server.Tests;

namespace AiMixer.Samples.Tests;

/// <summary>Every sample runs as its README says, and is short enough to be read in one go.</summary>
public sealed partial class ReadmeTests
{
    private const int LongestProgram = 150;

    private static readonly string Root = Repository.Root;

    public static TheoryData<string> Samples => [.. Directory.EnumerateDirectories(Path.Combine(Root, "samples"))
        .Where(folder => File.Exists(Path.Combine(folder, "Program.cs")))
        .Select(folder => Path.GetFileName(folder))
        // Outside the solution: it needs a package of others, and has its own tests.
        .Where(name => name != "NAudioPlayer")
        .Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Samples))]
    public void A_sample_is_short_and_listed(string name)
    {
        Assert.InRange(File.ReadLines(Path.Combine(Root, "samples", name, "Program.cs")).Count(), 1, LongestProgram);
        Assert.Contains($"({name}/README.md)", File.ReadAllText(Path.Combine(Root, "samples", "README.md")), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public async Task Every_command_of_a_readme_runs(string name)
    {
        Ffmpeg.SkipWithout();
        string[][] commands = [.. Command().Matches(await File.ReadAllTextAsync(Path.Combine(Root, "samples", name, "README.md"), TestContext.Current.CancellationToken))
            .Select(match => match.Groups["words"].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries).Prepend(match.Groups["name"].Value).ToArray())];
        Assert.NotEmpty(commands);
        Assert.All(commands, command => Assert.Equal(name, command[0]));

        using ScratchFolder folder = new();
        Directory.CreateSymbolicLink(folder["samples"], Path.Combine(Root, "samples"));
        Directory.CreateDirectory(folder["music"]);
        Ffmpeg.Cut(Path.Combine(Root, "samples", "media", "demo.ogg"), 2, Path.Combine(folder["music"], "song.ogg"));
        using SoundServer? sound = name == "ConsolePlayer" ? SoundServer.Start(48000, 2) : null;
        string http2 = FreeAddress.Next();
        await using ServerProcess? server = name == "RestClient" ? await ServerProcess.StartAsync($"H2C_PORT={new Uri(http2).Port}") : null;
        foreach (string[] command in commands)
        {
            string[] words = [.. command[1..].Select(word => word.Replace("http://localhost:8082", http2, StringComparison.Ordinal))];
            Outcome outcome = Sample.RunIn(folder.Path, sound?.Environment ?? new Dictionary<string, string>(), name, words);
            Assert.True(outcome.ExitCode == 0, $"{string.Join(' ', command)}\n{outcome.Text}\n{outcome.Errors}");
        }
    }

    [GeneratedRegex(@"^dotnet run --project samples/(?<name>\w+) -c Release( -- (?<words>.*))?$", RegexOptions.Multiline)]
    private static partial Regex Command();
}
