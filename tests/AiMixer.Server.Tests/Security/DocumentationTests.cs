using System.Text.RegularExpressions;
using AiMixer.Server.Hosting;

namespace AiMixer.Server.Tests.Security;

public sealed partial class DocumentationTests
{
    [Fact]
    public void Every_setting_of_security_is_documented_and_every_documented_one_is_read()
    {
        HashSet<string> read = [];
        ServerOptions.From(name =>
        {
            read.Add(name);
            return null;
        });
        string text = File.ReadAllText(Path.Combine(RepositoryRoot(), "docs", "API_DOCUMENTATION.md"));
        string security = text[text.IndexOf("\n## Security\n", StringComparison.Ordinal)..].Split("\n## ")[1];
        IEnumerable<string> documented = SettingPattern().Matches(security).Select(match => match.Value);

        Assert.Equal(read.Where(name => SettingPattern().IsMatch(name)).Order(), documented.Distinct().Order());
    }

    [GeneratedRegex("\\b(API|JWT|TLS|CORS|RATE)_[A-Z_]+[A-Z]\\b")]
    private static partial Regex SettingPattern();

    private static string RepositoryRoot()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "AiMixer.sln")))
        {
            folder = Path.GetDirectoryName(folder)!;
        }

        return folder;
    }
}
