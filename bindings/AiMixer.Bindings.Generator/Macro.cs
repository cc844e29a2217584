using System.Text.RegularExpressions;

namespace AiMixer.Bindings.Generator;

/// <summary>A macro that stands for a number. Clang works the number out: see <see cref="ProbeSource"/>.</summary>
internal sealed partial record Macro(string Name, Documentation Documentation)
{
    private const string ProbePrefix = "generator_probe_";

    /// <summary>Name of the enumeration that <see cref="ProbeSource"/> declares.</summary>
    public const string ProbeEnum = "generator_probe";

    public string ProbeMember => ProbePrefix + Name;

    /// <summary>The constants among the macros that Clang lists, in the order of the header's text.</summary>
    /// <remarks>Macros that expand to nothing or to attributes decorate declarations and are no constants.</remarks>
    public static IReadOnlyList<Macro> ReadConstants(string definitions, string headerText)
    {
        List<(int Position, Macro Macro)> found = [];
        foreach (Match definition in Definition().Matches(definitions))
        {
            string name = definition.Groups["name"].Value;
            string value = definition.Groups["value"].Value.Trim();
            if (definition.Groups["arguments"].Success)
            {
                throw new GeneratorException($"macro '{name}' takes arguments: the bindings have no such thing");
            }

            if (value.Length == 0 || value.StartsWith("__attribute__", StringComparison.Ordinal))
            {
                continue;
            }

            Match inText = Regex.Match(
                headerText, $@"(/\*\*(?<comment>((?!\*/).)*)\*/\s*)?^\s*#\s*define\s+{name}\b",
                RegexOptions.Singleline | RegexOptions.Multiline | RegexOptions.ExplicitCapture);
            if (!inText.Success)
            {
                throw new GeneratorException($"macro '{name}' is not defined in the header itself");
            }

            found.Add((inText.Index, new Macro(name, Documentation.Parse(inText.Groups["comment"].Value))));
        }

        return [.. found.OrderBy(entry => entry.Position).Select(entry => entry.Macro)];
    }

    /// <summary>C source whose enumerators have the values of the macros.</summary>
    public static string ProbeSource(IReadOnlyList<Macro> macros)
    {
        IEnumerable<string> members = macros.Select(macro => $"{macro.ProbeMember} = ({macro.Name})");
        return macros.Count == 0 ? "" : $"enum {ProbeEnum} {{ {string.Join(", ", members)} }};\n";
    }

    [GeneratedRegex(@"^#define (?<name>AIM_\w+)(?<arguments>\()?(?<value>.*)$",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Definition();
}
