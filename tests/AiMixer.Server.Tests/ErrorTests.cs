namespace AiMixer.Server.Tests;

/// <summary>What HTTP itself can be used wrongly for.</summary>
public sealed class ErrorTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    [Fact]
    public async Task A_path_that_does_not_exist_is_a_problem_document()
    {
        Answer answer = await fixture.Server.SendAsync(new HttpRequestMessage(HttpMethod.Get, "/nowhere"));

        answer.AssertProblem(404, "not-found");
    }

    [Fact]
    public async Task A_method_that_is_not_allowed_tells_those_that_are()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/process-audio");
        using HttpResponseMessage response = await fixture.Server.Client.SendAsync(request, TestContext.Current.CancellationToken);

        (await Answer.OfAsync(response)).AssertProblem(405, "method-not-allowed");
        Assert.Equal(["POST"], response.Content.Headers.Allow);
    }

    [Fact]
    public async Task Representations_that_do_not_exist_are_refused()
    {
        Answer answer = await fixture.Server.PostAsync("/process-audio", "{}"u8.ToArray(), accept: "text/html");

        answer.AssertProblem(406, "not-acceptable", "text/html", "application/json");
    }

    [Fact]
    public async Task Media_types_that_are_not_understood_are_refused()
    {
        Answer answer = await fixture.Server.PostAsync("/process-audio", "{}"u8.ToArray(), "text/plain");

        answer.AssertProblem(415, "unsupported-media-type", "text/plain", "application/json");
    }

    [Fact]
    public async Task A_body_that_is_too_long_is_refused()
    {
        await using RunningServer server = await RunningServer.StartAsync("MAX_BODY_BYTES=65536");

        Answer answer = await server.PostAsync("/process-audio", new byte[65_537]);

        answer.AssertProblem(413, "content-too-large", "65536");
    }

    [Fact]
    public async Task A_harmless_request_id_is_kept_and_any_other_is_replaced()
    {
        foreach ((string sent, bool kept) in new[] { ("job-17.a:b_c", true), ("<script>", false), (new string('x', 65), false) })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/nowhere");
            request.Headers.Add("X-Request-Id", sent);

            Answer answer = await fixture.Server.SendAsync(request);

            Assert.Equal(kept, answer.AssertProblem(404, "not-found").GetProperty("requestId").GetString() == sent);
        }
    }
}
