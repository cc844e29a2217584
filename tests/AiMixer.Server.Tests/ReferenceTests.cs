using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace AiMixer.Server.Tests;

public sealed class ReferenceTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private Task<Answer> GetAsync(string path) => fixture.Server.SendAsync(new HttpRequestMessage(HttpMethod.Get, path));

    [Fact]
    public async Task The_openapi_document_describes_every_endpoint()
    {
        Answer answer = await GetAsync("/openapi/v1.json");

        Assert.StartsWith("3.", answer.Json.GetProperty("openapi").GetString(), StringComparison.Ordinal);
        string[] described = [.. answer.Json.GetProperty("paths").EnumerateObject().Select(path => path.Name).Order(StringComparer.Ordinal)];
        string[] mapped =
        [
            .. fixture.Server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
                .Where(endpoint => endpoint.Metadata.GetMetadata<IExcludeFromDescriptionMetadata>() is null)
                .Select(endpoint => "/" + endpoint.RoutePattern.RawText!.Trim('/')).Distinct().Order(StringComparer.Ordinal),
        ];
        Assert.Equal(mapped, described);
        Assert.Subset(described.ToHashSet(), new HashSet<string>(
            ["/process-audio", "/stream-audio", "/extract-features", "/classify-genre", "/health", "/metrics"]));
    }

    [Fact]
    public async Task The_openapi_document_has_the_fields_of_the_documentation()
    {
        JsonElement schemas = (await GetAsync("/openapi/v1.json")).Json.GetProperty("components").GetProperty("schemas");

        Assert.True(schemas.GetProperty("ProcessAudioRequest").GetProperty("properties").TryGetProperty("audioBuffer", out _));
        Assert.True(schemas.GetProperty("MixMetrics").GetProperty("properties").TryGetProperty("lufs", out _));
        Assert.True(schemas.GetProperty("Problem").GetProperty("properties").TryGetProperty("type", out _));
    }

    [Fact]
    public async Task The_reference_page_needs_nothing_but_this_server()
    {
        Answer page = await GetAsync("/");

        Assert.Equal((HttpStatusCode.OK, "text/html; charset=utf-8"), (page.Status, page.ContentType));
        foreach (string path in new[] { "/reference/reference.css", "/reference/reference.js", "/openapi/v1.json" })
        {
            Assert.Contains(path, page.Text, StringComparison.Ordinal);
            Answer part = await GetAsync(path);
            Assert.Equal(HttpStatusCode.OK, part.Status);
            Assert.DoesNotContain("src=\"http", page.Text + part.Text, StringComparison.Ordinal);
            Assert.DoesNotContain("url(", part.Text, StringComparison.Ordinal);
        }
    }
}
