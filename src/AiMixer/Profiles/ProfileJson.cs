using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace AiMixer;

/// <summary>The JSON form of a <see cref="MixProfile"/>.</summary>
internal static class ProfileJson
{
    internal static MixProfile Read(string json)
    {
        ProfileDocument document = Deserialize(json);
        if (document.Version is not MixProfile.CurrentVersion)
        {
            throw new FormatException(
                $"version {document.Version?.ToString() ?? "is missing; it"} must be {MixProfile.CurrentVersion}.");
        }

        if (string.IsNullOrWhiteSpace(document.Name))
        {
            throw new FormatException("name is missing or blank.");
        }

        if (document.Parameters is not { ValueKind: JsonValueKind.Object } parameters)
        {
            throw new FormatException("parameters must be an object, such as {\"gate.threshold_db\": -40}.");
        }

        return new MixProfile
        {
            Name = document.Name,
            Description = document.Description ?? "",
            Parameters = parameters.EnumerateObject().ToImmutableSortedDictionary(
                entry => entry.Name, entry => Value(entry.Name, entry.Value), StringComparer.Ordinal),
        };
    }

    internal static string Write(MixProfile profile)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
        {
            writer.WriteStartObject();
            writer.WriteNumber("version", profile.Version);
            writer.WriteString("name", profile.Name);
            writer.WriteString("description", profile.Description);
            writer.WriteStartObject("parameters");
            foreach (Parameter parameter in Parameter.All)
            {
                if (profile.Parameters.TryGetValue(parameter.Key, out float value))
                {
                    writer.WriteNumber(parameter.Key, value);
                }
            }

            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    private static ProfileDocument Deserialize(string json)
    {
        try
        {
            return JsonSerializer.Deserialize(json.TrimStart('\uFEFF'), ProfileJsonContext.Default.ProfileDocument)
                ?? throw new FormatException("The profile is null; it must be a JSON object.");
        }
        catch (JsonException problem)
        {
            throw new FormatException($"The profile cannot be read: {problem.Message}", problem);
        }
    }

    private static float Value(string key, JsonElement element)
    {
        if (!Parameter.TryFind(key, out Parameter? parameter))
        {
            throw new FormatException($"parameters: there is no parameter '{key}'.");
        }

        if (parameter.Id == ParameterId.Bypass)
        {
            throw new FormatException("parameters: 'bypass' is the listener's switch and no part of a profile.");
        }

        if (element.ValueKind != JsonValueKind.Number)
        {
            throw new FormatException($"{key} cannot be {element.GetRawText()}; it must be a number.");
        }

        float value = element.GetSingle();
        return parameter.Allows(value) ? value : throw new FormatException(parameter.Complaint(value));
    }
}

/// <summary>The document as it stands in the text, before it is checked.</summary>
internal sealed record ProfileDocument
{
    public int? Version { get; init; }

    public string? Name { get; init; }

    public string? Description { get; init; }

    public JsonElement? Parameters { get; init; }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false)]
[JsonSerializable(typeof(ProfileDocument))]
internal sealed partial class ProfileJsonContext : JsonSerializerContext;
