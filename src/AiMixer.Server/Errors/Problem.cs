using System.Text.Json.Serialization;

namespace AiMixer.Server.Errors;

/// <summary>What a client is told when a request fails (RFC 9457).</summary>
internal sealed record Problem
{
    /// <summary>What kind of problem it is: stable, for programs.</summary>
    public required string Type { get; init; }

    /// <summary>The same for people; the same for every problem of the type.</summary>
    public required string Title { get; init; }

    /// <summary>The status code of the response.</summary>
    public required int Status { get; init; }

    /// <summary>What was wrong this time, and what is allowed.</summary>
    public required string Detail { get; init; }

    /// <summary>The request, as the log knows it.</summary>
    public string? RequestId { get; init; }

    /// <summary>The fields that are wrong, when it is about fields.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<FieldProblem>? Errors { get; init; }
}

/// <summary>What is wrong with one field of a request.</summary>
/// <param name="Field">Where it stands, such as "config.sampleRate".</param>
/// <param name="Value">What was sent, cut when long.</param>
/// <param name="Allowed">What is allowed.</param>
internal sealed record FieldProblem(string Field, string Value, string Allowed);
