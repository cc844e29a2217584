using System.Net;
using AiMixer.Server.Hosting;
using Microsoft.Extensions.Logging;

namespace AiMixer.Server.Tests;

public sealed class SettingsTests
{
    private static ServerOptions Read(params string[] settings)
    {
        Dictionary<string, string> environment = settings.Select(s => s.Split('=', 2)).ToDictionary(s => s[0], s => s[1]);
        return ServerOptions.From(environment.GetValueOrDefault);
    }

    [Fact]
    public void Without_settings_everything_is_as_documented()
    {
        ServerOptions options = Read();

        Assert.Equal((48_000, 960, 100), (options.SampleRateHz, options.FrameSize, options.MaxStreams));
        Assert.Equal((LogLevel.Information, "local"), (options.LogLevel, options.Region));
        Assert.Equal([new ListenAddress(IPAddress.Loopback, 8080, IsHttp2Only: false)], options.Listen);
    }

    [Fact]
    public void Settings_are_read_from_the_environment()
    {
        ServerOptions options = Read(
            "SAMPLE_RATE=44100", "FRAME_SIZE=882", "MAX_STREAMS=7", "LOG_LEVEL=warn", "REGION=apac", "HOST=127.0.0.2", "PORT=81", "H2C_PORT=82");

        Assert.Equal((44_100, 882, 7), (options.SampleRateHz, options.FrameSize, options.MaxStreams));
        Assert.Equal((LogLevel.Warning, "apac"), (options.LogLevel, options.Region));
        IPAddress address = IPAddress.Parse("127.0.0.2");
        Assert.Equal([new ListenAddress(address, 81, IsHttp2Only: false), new ListenAddress(address, 82, IsHttp2Only: true)], options.Listen);
    }

    [Fact]
    public void Addresses_can_be_given_as_urls()
    {
        ServerOptions options = Read("ASPNETCORE_URLS=http://localhost:5000;http://[::1]:5001");

        Assert.Equal(
            [new ListenAddress(IPAddress.Loopback, 5000, IsHttp2Only: false), new ListenAddress(IPAddress.IPv6Loopback, 5001, IsHttp2Only: false)],
            options.Listen);
    }

    [Theory]
    [InlineData("SAMPLE_RATE=7999", "8000 to 192000")]
    [InlineData("SAMPLE_RATE=fast", "8000 to 192000")]
    [InlineData("FRAME_SIZE=0", "16 to 48000")]
    [InlineData("MAX_STREAMS=-1", "1 to 100000")]
    [InlineData("LOG_LEVEL=LOUD", "DEBUG, INFO")]
    [InlineData("REGION=us west", "letters")]
    [InlineData("HOST=example", "IP address")]
    [InlineData("PORT=65536", "0 to 65535")]
    [InlineData("H2C_PORT=x", "0 to 65535")]
    [InlineData("MAX_BODY_BYTES=1", "65536 to")]
    [InlineData("STREAM_IDLE_SECONDS=0", "1 to 3600")]
    [InlineData("DRAIN_SECONDS=-1", "0 to 3600")]
    [InlineData("ASPNETCORE_URLS=8080", "http://127.0.0.1:8080")]
    public async Task A_bad_setting_stops_the_start_with_one_line_that_names_it(string setting, string allowed)
    {
        string[] parts = setting.Split('=');
        using var errors = new StringWriter();

        int code = await ServerHost.RunAsync(name => name == parts[0] ? parts[1] : null, errors);

        Assert.Equal(2, code);
        string line = Assert.Single(errors.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains($"{setting} is not possible", line, StringComparison.Ordinal);
        Assert.Contains(allowed, line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("NONE", null, null)]
    [InlineData("ERROR", LogLevel.Error, LogLevel.Error)]
    [InlineData("INFO", LogLevel.Information, LogLevel.Warning)]
    [InlineData("DEBUG", LogLevel.Debug, LogLevel.Warning)]
    public async Task Nothing_below_the_level_is_logged_and_of_the_framework_warnings_at_most(string level, LogLevel? own, LogLevel? framework)
    {
        await using RunningServer server = await RunningServer.StartAsync($"LOG_LEVEL={level}");
        var loggers = (ILoggerFactory)server.Services.GetService(typeof(ILoggerFactory))!;
        foreach ((string category, LogLevel? lowest) in new[] { ("AiMixer.Server", own), ("Microsoft.AspNetCore.Server.Kestrel", framework) })
        {
            ILogger logger = loggers.CreateLogger(category);
            LogLevel[] expected = [.. Enum.GetValues<LogLevel>().Where(each => each != LogLevel.None && each >= (lowest ?? LogLevel.None))];
            Assert.Equal(expected, Enum.GetValues<LogLevel>().Where(logger.IsEnabled));
        }
    }

    /// <summary>Programs that run the service run it alike.</summary>
    [Fact]
    public void The_runtime_is_set_up_for_many_small_pieces_of_work()
    {
        using var configuration = System.Text.Json.JsonDocument.Parse(
            File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "AiMixer.Server.runtimeconfig.json")));
        System.Text.Json.JsonElement properties = configuration.RootElement.GetProperty("runtimeOptions").GetProperty("configProperties");

        Assert.Equal(0, properties.GetProperty("System.Threading.ThreadPool.UnfairSemaphoreSpinLimit").GetInt32());
        Assert.False(properties.GetProperty("System.Runtime.TieredPGO").GetBoolean());
        Assert.True(properties.GetProperty("System.GC.Concurrent").GetBoolean());
    }

    [Fact]
    public async Task A_port_that_is_taken_is_told_in_one_line()
    {
        await using RunningServer first = await RunningServer.StartAsync();
        using var errors = new StringWriter();
        string port = first.Address.Port.ToString(System.Globalization.CultureInfo.InvariantCulture);

        int code = await ServerHost.RunAsync(name => name switch { "PORT" => port, "LOG_LEVEL" => "NONE", _ => null }, errors);

        Assert.Equal(1, code);
        Assert.Contains(port, Assert.Single(errors.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }
}
