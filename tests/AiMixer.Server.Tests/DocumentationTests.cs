using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace AiMixer.Server.Tests;

/// <summary>
/// Runs docs/API_DOCUMENTATION.md from top to bottom: commands as they stand, with the address of a real server, and the
/// answers have the fields and types that are shown behind them.
/// </summary>
public sealed partial class DocumentationTests
{
    private static readonly string Root = Repository.Root;

    [GeneratedRegex(@"^```(\w+)\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    internal static partial Regex Fence();

    [Fact]
    public async Task Every_example_does_what_it_shows()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        string text = await File.ReadAllTextAsync(Path.Combine(Root, "docs/API_DOCUMENTATION.md"), TestContext.Current.CancellationToken);
        DirectoryInfo scratch = Directory.CreateTempSubdirectory();
        try
        {
            Directory.CreateSymbolicLink(Path.Combine(scratch.FullName, "samples"), Path.Combine(Root, "samples"));
            string output = "";
            int commands = 0;

            // What follows needs credentials; the tests of security run it.
            foreach (Match example in Fence().Matches(text[..text.IndexOf("\n## Security", StringComparison.Ordinal)]))
            {
                string body = example.Groups[2].Value;
                switch (example.Groups[1].Value)
                {
                    case "bash":
                        output = await RunAsync(body.Replace("http://localhost:8080", server.Address.ToString().TrimEnd('/'), StringComparison.Ordinal), scratch.FullName);
                        commands++;
                        break;
                    case "json":
                        AssertLike(JsonDocument.Parse(body).RootElement, JsonDocument.Parse(output).RootElement, body);
                        break;
                    case "text":
                        AssertEventsLike(body, output);
                        break;
                    case "websocket":
                        await PlayAsync(server, body);
                        break;
                    default:
                        Assert.Fail($"nobody runs examples in {example.Groups[1].Value}");
                        break;
                }
            }

            Assert.True(commands >= 10);
        }
        finally
        {
            scratch.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Every_command_for_the_service_in_the_readme_does_what_it_says()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        string text = await File.ReadAllTextAsync(Path.Combine(Root, "README.md"), TestContext.Current.CancellationToken);
        DirectoryInfo scratch = Directory.CreateTempSubdirectory();
        try
        {
            File.Copy(Repository.DemoClip, Path.Combine(scratch.FullName, "demo.ogg"));
            string block = Assert.Single(Fence().Matches(text), match => match.Groups[2].Value.Contains("curl", StringComparison.Ordinal)).Groups[2].Value;

            // The server that the first line starts is running already, on another port.
            string[] lines = block.Split('\n');
            Assert.StartsWith("aimixer serve", lines[0], StringComparison.Ordinal);
            string rest = string.Join('\n', lines[1..]).Replace("http://localhost:8080", server.Address.ToString().TrimEnd('/'), StringComparison.Ordinal);
            await RunAsync(rest, scratch.FullName);
        }
        finally
        {
            scratch.Delete(recursive: true);
        }
    }

    /// <summary>What is shown is there, with the same type; numbers and texts may differ.</summary>
    private static void AssertLike(JsonElement shown, JsonElement got, string where)
    {
        Assert.True(KindOf(shown) == KindOf(got), $"{where}\nis shown with {shown}, but is {got}");
        if (shown.ValueKind == JsonValueKind.Object)
        {
            foreach (JsonProperty member in shown.EnumerateObject())
            {
                Assert.True(got.TryGetProperty(member.Name, out JsonElement value), $"{member.Name} is missing in {got}");
                AssertLike(member.Value, value, member.Name);
            }
        }
        else if (shown.ValueKind == JsonValueKind.Array && shown.GetArrayLength() > 0)
        {
            AssertLike(shown[0], got[0], where);
        }
    }

    private static JsonValueKind KindOf(JsonElement element) => element.ValueKind == JsonValueKind.False ? JsonValueKind.True : element.ValueKind;

    private static void AssertEventsLike(string shown, string got)
    {
        foreach (string example in shown.Split("\n\n", StringSplitOptions.RemoveEmptyEntries))
        {
            string[] lines = example.Trim().Split('\n');
            string name = lines.Length > 1 ? lines[0] + "\n" : "\n\n";
            int at = got.IndexOf(name + "data: ", StringComparison.Ordinal);
            Assert.True(at >= 0, $"no {name} in {got[..Math.Min(got.Length, 2000)]}");
            string data = got[(at + name.Length + "data: ".Length)..].Split('\n')[0];
            AssertLike(JsonDocument.Parse(lines[^1]["data: ".Length..]).RootElement, JsonDocument.Parse(data).RootElement, name);
        }
    }

    /// <summary>Sends what the client sends, and expects what the server sends, in this order.</summary>
    private static async Task PlayAsync(RunningServer server, string dialogue)
    {
        using SocketClient client = await SocketClient.ConnectAsync(server);
        int events = 0;
        int lengths = 0;
        foreach (string line in dialogue.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            string said = line[2..];
            bool isAudio = said.EndsWith(" bytes", StringComparison.Ordinal);
            int bytes = isAudio ? int.Parse(said.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture) : 0;
            if (line[0] == '>')
            {
                await (isAudio ? client.SendAsync(Signals.Bytes(Signals.Noise(bytes / 4))) : client.SayAsync(said));
            }
            else if (isAudio)
            {
                await client.ReceiveWhileAsync(() => client.Lengths.Count <= lengths);
                Assert.Equal(bytes, client.Lengths[lengths++]);
            }
            else if (said.StartsWith("close ", StringComparison.Ordinal))
            {
                Assert.Equal(said["close ".Length..], $"{(int)(await client.ReceiveToEndAsync())!}");
            }
            else
            {
                await client.ReceiveWhileAsync(() => client.Events.Count <= events);
                AssertLike(JsonDocument.Parse(said).RootElement, client.Events[events++], said);
            }
        }
    }

    internal static async Task<string> RunAsync(string command, string folder)
    {
        using Process bash = Process.Start(new ProcessStartInfo("bash", ["-euo", "pipefail", "-c", command])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
        })!;
        Task<string> errors = bash.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = await bash.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await bash.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(bash.ExitCode == 0, $"{command}\nended with {bash.ExitCode}: {await errors} {output}");
        return output;
    }
}
