using System.Net;
using System.Net.WebSockets;
using System.Text.RegularExpressions;
using AiMixer.Server.Hosting;
using AiMixer.Server.Security;

namespace AiMixer.Server.Tests.Security;

/// <summary>What docs/API_DOCUMENTATION.md says about security.</summary>
public sealed partial class DocumentationTests
{
    private static readonly string Section = File.ReadAllText(Path.Combine(Repository.Root, "docs", "API_DOCUMENTATION.md"))
        .Split("\n## Security\n")[1].Split("\n## ")[0];

    [Fact]
    public void Every_setting_of_security_is_documented_and_every_documented_one_is_read()
    {
        HashSet<string> read = [];
        ServerOptions.From(name =>
        {
            read.Add(name);
            return null;
        });
        IEnumerable<string> documented = SettingPattern().Matches(Section).Select(match => match.Value);

        Assert.Equal(read.Where(name => SettingPattern().IsMatch(name)).Order(), documented.Distinct().Order());
    }

    /// <summary>Commands as they stand, with a key made as it is told, and the WebSocket as a page would open it.</summary>
    [Fact]
    public async Task Every_example_does_what_it_says()
    {
        (string key, string entry) = MakeKey();
        await using RunningServer server = await RunningServer.StartAsync($"API_KEYS={entry}", "CORS_ORIGINS=https://studio.example");
        string address = server.Address.ToString().TrimEnd('/');
        List<string> languages = [];
        foreach (Match example in Tests.DocumentationTests.Fence().Matches(Section))
        {
            string body = example.Groups[2].Value;
            languages.Add(example.Groups[1].Value);
            switch (languages[^1])
            {
                case "bash":
                    string commands = body.Replace("http://localhost:8080", address, StringComparison.Ordinal).Replace("curl ", "curl -sS --fail ", StringComparison.Ordinal);
                    string output = await Tests.DocumentationTests.RunAsync($"KEY={key}\n{commands}", Path.GetTempPath());
                    Assert.Contains("\"processedBuffer\":[", output, StringComparison.Ordinal);
                    Assert.Contains("ai_mixer_requests_total", output, StringComparison.Ordinal);
                    break;
                case "js":
                    using (ClientWebSocket socket = new())
                    {
                        // The texts of the list of sub-protocols; what is joined to the last one is the key.
                        string[] offered = [.. ProtocolPattern().Matches(body.Split('[')[1]).Select(match => match.Groups[1].Value)];
                        socket.Options.AddSubProtocol(offered[0]);
                        socket.Options.AddSubProtocol(offered[1] + key);
                        await socket.ConnectAsync(
                            new Uri(address.Replace("http:", "ws:", StringComparison.Ordinal) + "/stream-audio"), TestContext.Current.CancellationToken);
                        Assert.Equal(offered[0], socket.SubProtocol);
                    }

                    break;
                default:
                    await AssertRefusalAsync(body);
                    break;
            }
        }

        Assert.Equal(["text", "bash", "js"], languages);
    }

    private static (string Key, string Entry) MakeKey()
    {
        string command = Assert.Single(NewKeyPattern().Matches(Section)).Groups[1].Value;
        using var output = new StringWriter();
        Assert.Equal(0, ApiKeyCommand.Run(command.Split(' '), output, TextWriter.Null));
        string[] lines = output.ToString().Split('\n');
        return (lines[0].Split(": ")[1], lines[1].Split(": ")[1]);
    }

    /// <summary>What is shown, up to where it is cut off, is what the server says to other machines' addresses.</summary>
    private static async Task AssertRefusalAsync(string shown)
    {
        using var errors = new StringWriter();
        int code = await ServerHost.RunAsync(name => name == "HOST" ? IPAddress.Any.ToString() : null, errors);

        Assert.Equal(2, code);
        Assert.StartsWith(shown.Trim()[..^"...".Length], errors.ToString(), StringComparison.Ordinal);
    }

    [GeneratedRegex("\\b(API|JWT|KEYS|TLS|CORS|RATE)_[A-Z_]+[A-Z]\\b")]
    private static partial Regex SettingPattern();

    [GeneratedRegex("`AiMixer\\.Server (--new-key [^`]+)`")]
    private static partial Regex NewKeyPattern();

    [GeneratedRegex("\"([a-z0-9.]+)\"")]
    private static partial Regex ProtocolPattern();
}
