using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace AiMixer;

/// <summary>The JSON form of a <see cref="MixProfile"/>. What is wrong with one is told completely, not mistake by mistake.</summary>
internal static class ProfileJson
{
    private static readonly string[] s_required = ["version", "name", "parameters"];

    // In the order of WholeFileLevel.
    private static readonly string[] s_wholeFiles = ["leveler", "one gain"];

    internal static MixProfile Read(string json)
    {
        var draft = new Draft(json);
        return draft.Problems.Count == 0 ? draft.ToProfile() : throw new FormatException(string.Join(' ', draft.Problems));
    }

    internal static ImmutableArray<string> Check(string json) => [.. new Draft(json).Problems];

    internal static string Write(MixProfile profile)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
        {
            writer.WriteStartObject();
            writer.WriteNumber("version", profile.Version);
            writer.WriteString("name", profile.Name);
            writer.WriteString("description", profile.Description);
            writer.WriteString("whole_files", s_wholeFiles[(int)profile.WholeFiles]);
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

    /// <summary>What a text says, as far as it makes sense, and everything in it that does not.</summary>
    private sealed class Draft
    {
        private readonly ImmutableSortedDictionary<string, float>.Builder _values =
            ImmutableSortedDictionary.CreateBuilder<string, float>(StringComparer.Ordinal);

        private string _name = "";
        private string _description = "";
        private WholeFileLevel _wholeFiles;

        internal Draft(string json)
        {
            try
            {
                using JsonDocument document = JsonDocument.Parse(json.TrimStart('\uFEFF'));
                ReadProfile(document.RootElement);
            }
            catch (Exception problem) when (problem is JsonException or InvalidOperationException)
            {
                // The latter is how text with half a surrogate pair comes out.
                Problems.Add($"The profile cannot be read: {WithPlace(problem)}");
            }
        }

        // The reader counts lines and bytes from 0, editors from 1; and its options cannot be changed from a file.
        private static string WithPlace(Exception problem)
        {
            if (problem is not JsonException { LineNumber: long line, BytePositionInLine: long position })
            {
                return problem.Message;
            }

            string what = problem.Message.Split(" LineNumber:")[0].Replace(" Change the reader options.", "", StringComparison.Ordinal);
            return string.Create(CultureInfo.InvariantCulture, $"line {line + 1}, byte {position + 1}: {what}");
        }

        internal List<string> Problems { get; } = [];

        internal MixProfile ToProfile() =>
            new() { Name = _name, Description = _description, WholeFiles = _wholeFiles, Parameters = _values.ToImmutable() };

        private void ReadProfile(JsonElement root)
        {
            if (root.ValueKind != JsonValueKind.Object)
            {
                Problems.Add("The profile cannot be read: it must be a JSON object.");
                return;
            }

            HashSet<string> seen = MembersOf(root, ReadMember);
            foreach (string missing in s_required.Where(member => !seen.Contains(member)))
            {
                Problems.Add($"{missing} is missing.{(missing == "version" ? $" It must be {MixProfile.CurrentVersion}." : "")}");
            }
        }

        private HashSet<string> MembersOf(JsonElement element, Action<string, JsonElement> read)
        {
            var seen = new HashSet<string>(StringComparer.Ordinal);
            foreach (JsonProperty member in element.EnumerateObject())
            {
                if (seen.Add(member.Name))
                {
                    read(member.Name, member.Value);
                }
                else
                {
                    Problems.Add($"{member.Name} is there more than once.");
                }
            }

            return seen;
        }

        private void ReadMember(string member, JsonElement value)
        {
            switch (member)
            {
                case "version":
                    if (value.ValueKind != JsonValueKind.Number || !value.TryGetInt32(out int version)
                        || version != MixProfile.CurrentVersion)
                    {
                        Problems.Add($"version cannot be {Shown(value)}; it must be {MixProfile.CurrentVersion}.");
                    }

                    break;
                case "name":
                    _name = Text(member, value);
                    if (value.ValueKind == JsonValueKind.String && string.IsNullOrWhiteSpace(_name))
                    {
                        Problems.Add("name is blank.");
                    }

                    break;
                case "description":
                    _description = Text(member, value);
                    break;
                case "whole_files":
                    int level = value.ValueKind == JsonValueKind.String ? Array.IndexOf(s_wholeFiles, value.GetString()) : -1;
                    if (level < 0)
                    {
                        Problems.Add(
                            $"whole_files cannot be {Shown(value)}; it must be one of \"{string.Join("\", \"", s_wholeFiles)}\".");
                    }

                    _wholeFiles = (WholeFileLevel)Math.Max(0, level);
                    break;
                case "parameters" when value.ValueKind == JsonValueKind.Object:
                    MembersOf(value, ReadParameter);
                    break;
                case "parameters":
                    Problems.Add("parameters must be an object, such as {\"gate.threshold_db\": -40}.");
                    break;
                default:
                    Problems.Add($"{member} is no member of a profile; version, name, description, whole_files and parameters are.");
                    break;
            }
        }

        // Problems are one line each; structures may have many.
        private static string Shown(JsonElement value) => value.ValueKind switch
        {
            JsonValueKind.Object => "an object",
            JsonValueKind.Array => "a list",
            _ => value.GetRawText(),
        };

        private string Text(string member, JsonElement value)
        {
            if (value.ValueKind == JsonValueKind.String)
            {
                return value.GetString()!;
            }

            Problems.Add($"{member} must be a text.");
            return "";
        }

        private void ReadParameter(string key, JsonElement element)
        {
            if (!Parameter.TryFind(key, out Parameter? parameter))
            {
                Problems.Add($"parameters: there is no parameter '{key}'.");
            }
            else if (parameter.Id == ParameterId.Bypass)
            {
                Problems.Add("parameters: 'bypass' is the listener's switch and no part of a profile.");
            }
            else if (element.ValueKind != JsonValueKind.Number)
            {
                Problems.Add($"{key} cannot be {Shown(element)}; it must be a number.");
            }
            else if (parameter.Allows(element.GetSingle()))
            {
                _values.Add(key, element.GetSingle());
            }
            else
            {
                Problems.Add(parameter.Complaint(element.GetSingle()));
            }
        }
    }
}
