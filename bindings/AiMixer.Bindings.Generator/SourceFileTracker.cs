using System.Text.Json;

namespace AiMixer.Bindings.Generator;

/// <summary>
/// Tells which file a declaration stands in. Clang writes a location's file only where it differs from the location
/// written before, so every location has to be seen, in the order of the document.
/// </summary>
internal sealed class SourceFileTracker
{
    private string? _current;

    public string? FileOf(JsonElement declaration)
    {
        string? file = null;
        foreach (JsonProperty property in declaration.EnumerateObject())
        {
            Follow(property.Value);
            if (property.NameEquals("loc"))
            {
                file = _current; // For a location inside a macro this is the place of expansion: it is written last.
            }
        }

        return file;
    }

    private void Follow(JsonElement node)
    {
        if (node.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement element in node.EnumerateArray())
            {
                Follow(element);
            }
        }
        else if (node.ValueKind == JsonValueKind.Object)
        {
            foreach (JsonProperty property in node.EnumerateObject())
            {
                if (property.NameEquals("file") && node.TryGetProperty("offset", out _))
                {
                    _current = property.Value.GetString();
                }
                else
                {
                    Follow(property.Value);
                }
            }
        }
    }
}
