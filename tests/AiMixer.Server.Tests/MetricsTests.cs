using System.Diagnostics;
using System.Globalization;

namespace AiMixer.Server.Tests;

public sealed class MetricsTests
{
    private static async Task<string> ScrapeAsync(RunningServer server)
    {
        Answer answer = await server.SendAsync(new HttpRequestMessage(HttpMethod.Get, "/metrics"));
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", answer.ContentType);
        return answer.Text;
    }

    private static double ValueOf(string metrics, string series) => double.Parse(
        Assert.Single(metrics.Split('\n'), line => line.StartsWith(series + " ", StringComparison.Ordinal))[(series.Length + 1)..],
        CultureInfo.InvariantCulture);

    [Fact]
    public async Task What_happens_is_counted_under_the_documented_names()
    {
        await using RunningServer server = await RunningServer.StartAsync("REGION=us-west");
        await server.PostAsync("/process-audio", """{"audioBuffer":[0.5],"config":{"bypass":true}}""");
        await server.PostAsync("/process-audio", "{");
        await server.PostAsync("/stream-audio", Signals.Bytes(Signals.Noise(4_800)), "application/octet-stream");
        await server.PostAsync("/extract-features", $$"""{"audioBuffer":[{{string.Join(',', Enumerable.Repeat("0.5", 960))}}]}""");
        await server.PostAsync("/classify-genre", $$"""{"features":[[{{string.Join(',', Enumerable.Repeat("0.5", 13))}}]]}""");
        using SocketClient running = await SocketClient.StartAsync(server);

        string metrics = await ScrapeAsync(server);

        Assert.Equal(1, ValueOf(metrics, """ai_mixer_requests_total{region="us-west",endpoint="/process-audio",method="POST",status="200"}"""));
        Assert.Equal(1, ValueOf(metrics, """ai_mixer_requests_total{region="us-west",endpoint="/process-audio",method="POST",status="400"}"""));
        Assert.Equal(1, ValueOf(metrics, """ai_mixer_processing_duration_seconds_count{region="us-west",endpoint="/process-audio"}"""));
        Assert.Equal(5, ValueOf(metrics, """ai_mixer_processing_duration_seconds_count{region="us-west",endpoint="/stream-audio"}"""));
        Assert.Equal(1, ValueOf(metrics, """ai_mixer_processing_duration_seconds_count{region="us-west",endpoint="/extract-features"}"""));
        Assert.Equal(1, ValueOf(metrics, """ai_mixer_processing_duration_seconds_count{region="us-west",endpoint="/classify-genre"}"""));
        Assert.Equal(0, ValueOf(metrics, """ai_mixer_audio_peak_db_bucket{region="us-west",endpoint="/process-audio",le="-9"}"""));
        Assert.Equal(1, ValueOf(metrics, """ai_mixer_audio_peak_db_bucket{region="us-west",endpoint="/process-audio",le="-6"}"""));
        Assert.Equal(1, ValueOf(metrics, """ai_mixer_active_streams{region="us-west"}"""));
        Assert.Equal(100, ValueOf(metrics, """ai_mixer_max_streams{region="us-west"}"""));
        foreach (string genre in new[] { "speech", "rock", "jazz", "electronic", "classical" })
        {
            Assert.True(ValueOf(metrics, $$"""ai_mixer_genre_classifications_total{region="us-west",genre="{{genre}}"}""") >= 0);
        }

        Assert.True(ValueOf(metrics, """process_resident_memory_bytes{region="us-west"}""") > 1e6);
    }

    [Fact]
    public async Task A_client_cannot_make_time_series_by_inventing_paths_and_methods()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        foreach (string name in new[] { "A", "B", "C" })
        {
            await server.SendAsync(new HttpRequestMessage(new HttpMethod("M" + name), "/path" + name));
        }

        string metrics = await ScrapeAsync(server);

        Assert.Equal(3, ValueOf(metrics, """ai_mixer_requests_total{region="local",endpoint="other",method="other",status="404"}"""));
        Assert.DoesNotContain("/pathA", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Promtool_has_nothing_to_say()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await server.PostAsync("/process-audio", """{"audioBuffer":[0.5]}""");
        string metrics = await ScrapeAsync(server);

        using Process promtool = Process.Start(new ProcessStartInfo("promtool", ["check", "metrics"])
        {
            RedirectStandardInput = true,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        await promtool.StandardInput.WriteAsync(metrics);
        promtool.StandardInput.Close();
        Task<string> output = promtool.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        string said = await promtool.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken) + await output;
        await promtool.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal((0, ""), (promtool.ExitCode, said));
    }
}
