using System.Net;
using System.Net.WebSockets;

namespace AiMixer.Server.Tests.Security;

/// <summary>Who may open a WebSocket, and how a page in a browser shows its credentials.</summary>
public sealed class SocketAccessTests(CorsFixture fixture) : IClassFixture<CorsFixture>
{
    private const string Protocol = "aimixer.v1";

    // No API key of the fixture is a token of HTTP, as a sub-protocol must be; those that the server makes are.
    private static readonly string Key = "aim_" + new string('k', 43);

    private static async Task<RunningServer> StartAsync(params string[] settings) => await RunningServer.StartAsync(
        [$"API_KEYS=page:process:{ApiKeyFixture.HashOf(Key)};monitor:metrics:{ApiKeyFixture.HashOf("aim_monitor")}", $"CORS_ORIGINS={CorsFixture.Origins}", .. settings]);

    private static async Task<(ClientWebSocket Socket, HttpStatusCode Status)> OpenAsync(
        RunningServer server, string? origin, string? key, params string[] protocols)
    {
        var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;
        if (origin is not null)
        {
            socket.Options.SetRequestHeader("Origin", origin);
        }

        if (key is not null)
        {
            socket.Options.SetRequestHeader("X-API-Key", key);
        }

        foreach (string protocol in protocols)
        {
            socket.Options.AddSubProtocol(protocol);
        }

        try
        {
            await socket.ConnectAsync(new UriBuilder(server.Address) { Scheme = "ws", Path = "/stream-audio" }.Uri, TestContext.Current.CancellationToken);
        }
        catch (WebSocketException)
        {
            // The status says why.
        }

        return (socket, socket.HttpStatusCode);
    }

    [Fact]
    public async Task A_page_shows_its_key_as_a_sub_protocol_and_only_the_other_one_comes_back()
    {
        await using RunningServer server = await StartAsync();

        (ClientWebSocket socket, HttpStatusCode status) = await OpenAsync(server, "https://studio.example", null, Protocol, $"aimixer.bearer.{Key}");

        using (socket)
        {
            Assert.Equal((HttpStatusCode.SwitchingProtocols, Protocol), (status, socket.SubProtocol));
        }
    }

    [Fact]
    public async Task A_page_shows_its_token_as_a_sub_protocol()
    {
        using var tokens = new Tokens();
        await using RunningServer server = await RunningServer.StartAsync([.. tokens.Settings, $"CORS_ORIGINS={CorsFixture.Origins}"]);

        (ClientWebSocket socket, HttpStatusCode status) = await OpenAsync(server, "https://studio.example", null, Protocol, $"aimixer.bearer.{tokens.Sign("ES256")}");
        socket.Dispose();
        (ClientWebSocket other, HttpStatusCode refused) = await OpenAsync(server, "https://studio.example", null, Protocol, $"aimixer.bearer.{tokens.Sign("none")}x");
        other.Dispose();

        Assert.Equal((HttpStatusCode.SwitchingProtocols, HttpStatusCode.Unauthorized), (status, refused));
    }

    [Theory]
    [InlineData("aimixer.bearer.aim_wrong", HttpStatusCode.Unauthorized)]
    [InlineData("aimixer.bearer.", HttpStatusCode.Unauthorized)]
    [InlineData("aimixer.bearer", HttpStatusCode.Unauthorized)]
    [InlineData("aimixer.v2", HttpStatusCode.Unauthorized)]
    [InlineData("aimixer.bearer.aim_monitor", HttpStatusCode.Forbidden)]
    public async Task Anything_else_opens_nothing(string offered, HttpStatusCode expected)
    {
        await using RunningServer server = await StartAsync();

        (ClientWebSocket socket, HttpStatusCode status) = await OpenAsync(server, "https://studio.example", null, Protocol, offered);
        socket.Dispose();

        Assert.Equal(expected, status);
    }

    [Fact]
    public async Task A_program_that_offers_no_sub_protocol_is_answered_with_none()
    {
        (ClientWebSocket socket, HttpStatusCode status) = await OpenAsync(fixture.Server, origin: null, ApiKeyFixture.StudioKey);

        using (socket)
        {
            Assert.Equal((HttpStatusCode.SwitchingProtocols, null), (status, socket.SubProtocol));
        }
    }

    // Nothing keeps a browser from opening a WebSocket to anywhere, so the server has to look where the page comes from.
    [Theory]
    [InlineData("https://studio.example", HttpStatusCode.SwitchingProtocols)]
    [InlineData("http://localhost:5173", HttpStatusCode.SwitchingProtocols)]
    [InlineData("https://evil.example", HttpStatusCode.Forbidden)]
    [InlineData("http://studio.example", HttpStatusCode.Forbidden)]
    [InlineData("null", HttpStatusCode.Forbidden)]
    [InlineData("", HttpStatusCode.Forbidden)]
    public async Task Only_pages_of_listed_origins_may_open_one_even_with_a_key(string origin, HttpStatusCode expected)
    {
        (ClientWebSocket socket, HttpStatusCode status) = await OpenAsync(fixture.Server, origin, ApiKeyFixture.StudioKey);
        socket.Dispose();

        Assert.Equal(expected, status);
    }

    [Fact]
    public async Task An_open_server_takes_WebSockets_of_its_own_pages_and_of_programs_but_of_no_other_page()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        foreach ((string? origin, HttpStatusCode expected) in new[]
        {
            (null, HttpStatusCode.SwitchingProtocols),
            ($"http://127.0.0.1:{server.Address.Port}", HttpStatusCode.SwitchingProtocols),
            ("https://evil.example", HttpStatusCode.Forbidden),
            ($"http://localhost:{server.Address.Port + 1}", HttpStatusCode.Forbidden),
        })
        {
            (ClientWebSocket socket, HttpStatusCode status) = await OpenAsync(server, origin, key: null);
            socket.Dispose();
            Assert.Equal(expected, status);
        }
    }
}
