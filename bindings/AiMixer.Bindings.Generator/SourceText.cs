using System.Text;
using System.Text.RegularExpressions;

namespace AiMixer.Bindings.Generator;

/// <summary>C# being written: indentation, blocks and documentation. Lines end with LF on every platform.</summary>
internal sealed partial class SourceText
{
    private static readonly HashSet<string> Keywords =
    [
        "abstract", "as", "base", "bool", "break", "byte", "case", "catch", "char", "checked", "class", "const",
        "continue", "decimal", "default", "delegate", "do", "double", "else", "enum", "event", "explicit", "extern",
        "false", "finally", "fixed", "float", "for", "foreach", "goto", "if", "implicit", "in", "int", "interface",
        "internal", "is", "lock", "long", "namespace", "new", "null", "object", "operator", "out", "override", "params",
        "private", "protected", "public", "readonly", "ref", "return", "sbyte", "sealed", "short", "sizeof",
        "stackalloc", "static", "string", "struct", "switch", "this", "throw", "true", "try", "typeof", "uint", "ulong",
        "unchecked", "unsafe", "ushort", "using", "virtual", "void", "volatile", "while",
    ];

    private readonly StringBuilder _text = new();
    private int _depth;

    /// <summary>A C name as a C# identifier.</summary>
    public static string Identifier(string name) => Keywords.Contains(name) ? "@" + name : name;

    public void Line(string line = "")
    {
        if (line.Length > 0)
        {
            _text.Append(' ', 4 * _depth).Append(line);
        }

        _text.Append('\n');
    }

    public void Open(string line)
    {
        Line(line);
        Line("{");
        _depth++;
    }

    public void Close()
    {
        _depth--;
        Line("}");
    }

    /// <summary>Writes items with an empty line between them.</summary>
    public void Separated<T>(IReadOnlyList<T> items, Action<T> write)
    {
        for (int index = 0; index < items.Count; index++)
        {
            if (index > 0)
            {
                Line();
            }

            write(items[index]);
        }
    }

    public void Summary(string sentence) => Element("summary", [sentence]);

    /// <summary>A header comment as XML documentation. Its closing "Returns ..." becomes the returns element.</summary>
    public void Documentation(Documentation documentation)
    {
        List<string> lines = [.. documentation.Lines.Select(Xml)];
        int returns = lines.FindIndex(line => line.StartsWith("Returns ", StringComparison.Ordinal));
        int summary = returns < 0 ? lines.Count : returns;
        Element("summary", lines[..summary]);
        if (returns >= 0)
        {
            lines[returns] = lines[returns]["Returns ".Length..];
            Element("returns", lines[returns..]);
        }
    }

    public override string ToString() => _text.ToString();

    private void Element(string name, List<string> lines)
    {
        if (lines.Count == 1)
        {
            Line($"/// <{name}>{lines[0]}</{name}>");
        }
        else if (lines.Count > 1)
        {
            Line($"/// <{name}>");
            lines.ForEach(line => Line($"/// {line}"));
            Line($"/// </{name}>");
        }
    }

    private static string Xml(string line) =>
        Code().Replace(
            line.Replace("&", "&amp;", StringComparison.Ordinal)
                .Replace("<", "&lt;", StringComparison.Ordinal)
                .Replace(">", "&gt;", StringComparison.Ordinal),
            "<c>$1</c>");

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Code();
}
