using System.Diagnostics;
using System.Text.Json;

namespace AiMixer.Cli.Tests;

public sealed class ServeTests
{
    [Fact]
    public async Task Serve_runs_the_service_until_it_is_asked_to_end()
    {
        using Process serving = Aimixer.Start("serve", "--port", "0");
        try
        {
            string address = await ListeningAsync(serving);
            using var client = new HttpClient();

            string health = await client.GetStringAsync(new Uri(address + "/health"), TestContext.Current.CancellationToken);
            Assert.Equal(AiMixerInfo.Version, JsonDocument.Parse(health).RootElement.GetProperty("version").GetString());

            using Process kill = Process.Start("kill", ["-TERM", $"{serving.Id}"]);
            await serving.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken);
            Assert.Equal(0, serving.ExitCode);
        }
        finally
        {
            serving.Kill();
        }
    }

    [Fact]
    public void A_setting_that_makes_no_sense_is_wrong_usage()
    {
        Outcome outcome = Aimixer.Run("serve", "--port", "eighty");

        Assert.Equal((2, "aimixer: PORT=eighty is not possible (0 to 65535)"), (outcome.ExitCode, Assert.Single(outcome.ErrorLines)));
    }

    /// <summary>Waits for the line of the log that says where the server listens.</summary>
    private static async Task<string> ListeningAsync(Process serving)
    {
        while (await serving.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            if (JsonDocument.Parse(line).RootElement.GetProperty("State").TryGetProperty("Addresses", out JsonElement addresses))
            {
                return addresses.GetString()!;
            }
        }

        throw new InvalidOperationException(await serving.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
    }
}
