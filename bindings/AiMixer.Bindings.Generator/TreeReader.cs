using System.Globalization;
using System.Text;
using System.Text.Json;

namespace AiMixer.Bindings.Generator;

/// <summary>Turns Clang's syntax tree of one header into a <see cref="Header"/>.</summary>
internal sealed class TreeReader(string headerPath, byte[] headerBytes, IReadOnlyList<Macro> macros)
{
    // Everything of ours carries it; a declaration that does from elsewhere was lost in an include.
    private const string Prefix = "aim_";

    private readonly SourceFileTracker _file = new();
    private readonly List<Constant> _constants = [];
    private readonly Dictionary<string, string> _aliases = [];
    private readonly List<Enumeration> _enums = [];
    private readonly List<Struct> _structs = [];
    private readonly List<Opaque> _typedefs = [];
    private readonly List<Function> _functions = [];

    public Header Read(JsonElement translationUnit)
    {
        foreach (JsonElement declaration in Inner(translationUnit))
        {
            string? file = _file.FileOf(declaration);
            if (declaration.TryGetProperty("isImplicit", out _))
            {
                continue;
            }

            if (Text(declaration, "name") == Macro.ProbeEnum)
            {
                ReadConstants(declaration);
            }
            else if (file == headerPath)
            {
                ReadDeclaration(declaration);
            }
            else if (Text(declaration, "name")?.StartsWith(Prefix, StringComparison.Ordinal) == true)
            {
                throw new GeneratorException($"{Describe(declaration)} is declared outside the header, in {file}");
            }
        }

        HashSet<string> complete = [.. _structs.Select(type => type.Name)];
        return new Header(
            Path.GetFileName(headerPath),
            _constants,
            _aliases,
            _enums,
            [.. _structs.Select(WithTypedefDocumentation)],
            [.. _typedefs.Where(type => !complete.Contains(type.Name))],
            _functions);
    }

    private void ReadDeclaration(JsonElement declaration)
    {
        switch (Text(declaration, "kind"))
        {
            case "TypedefDecl":
                ReadTypedef(declaration);
                break;
            case "RecordDecl":
                ReadRecord(declaration);
                break;
            case "EnumDecl":
                _enums.Add(new Enumeration(Name(declaration), ReadMembers(declaration), DocumentationOf(declaration)));
                break;
            case "FunctionDecl":
                _functions.Add(ReadFunction(declaration));
                break;
            default:
                throw NotUnderstood(declaration);
        }
    }

    private void ReadTypedef(JsonElement declaration)
    {
        string name = Name(declaration);
        string type = TypeSpelling(declaration);
        if (type == "struct " + name)
        {
            _typedefs.Add(new Opaque(name, DocumentationOf(declaration)));
        }
        else if (FixedWidth.IsInteger(type))
        {
            _aliases.Add(name, type);
        }
        else
        {
            throw new GeneratorException(
                $"{Describe(declaration)}: '{type}' is neither a fixed-width integer nor a struct of the same name");
        }
    }

    private void ReadRecord(JsonElement declaration)
    {
        string name = Name(declaration);
        if (Text(declaration, "tagUsed") != "struct")
        {
            throw NotUnderstood(declaration);
        }

        if (!declaration.TryGetProperty("completeDefinition", out _))
        {
            return; // The typedef stands for it.
        }

        List<Variable> fields = [];
        foreach (JsonElement part in Inner(declaration).Where(part => !IsComment(part)))
        {
            if (Text(part, "kind") != "FieldDecl" || part.TryGetProperty("isBitfield", out _))
            {
                throw new GeneratorException($"struct '{name}': {Describe(part)} is not understood");
            }

            if (Inner(part).FirstOrDefault(child => Text(child, "kind")!.EndsWith("Attr", StringComparison.Ordinal))
                is { ValueKind: JsonValueKind.Object } attribute)
            {
                throw new GeneratorException($"struct '{name}': {Describe(part)} carries {Text(attribute, "kind")}");
            }

            fields.Add(ReadVariable(part, $"struct '{name}'"));
        }

        _structs.Add(new Struct(name, fields, DocumentationOf(declaration)));
    }

    private Function ReadFunction(JsonElement declaration)
    {
        string name = Name(declaration);
        if (declaration.TryGetProperty("variadic", out _))
        {
            throw new GeneratorException($"function '{name}' takes a variable number of arguments");
        }

        List<Variable> parameters = [];
        foreach (JsonElement part in Inner(declaration).Where(part => !IsComment(part)))
        {
            switch (Text(part, "kind"))
            {
                case "ParmVarDecl":
                    parameters.Add(ReadVariable(part, $"function '{name}'"));
                    break;
                case "VisibilityAttr":
                    break;
                default:
                    throw new GeneratorException($"function '{name}': {Describe(part)} is not understood");
            }
        }

        // Spelled 'result (arguments)'. More parentheses mean that the result is a pointer to a function.
        string type = TypeSpelling(declaration);
        if (type.Count(character => character == '(') != 1)
        {
            throw new GeneratorException($"function '{name}': the type '{type}' is not understood");
        }

        string result = type[..type.IndexOf('(', StringComparison.Ordinal)].TrimEnd();
        return new Function(
            name, CType.Parse(result, $"function '{name}'"), parameters, DocumentationOf(declaration));
    }

    private Variable ReadVariable(JsonElement declaration, string owner)
    {
        string name = Text(declaration, "name")
            ?? throw new GeneratorException($"{owner}: a parameter or field without a name");
        return new Variable(
            name, CType.Parse(TypeSpelling(declaration), $"{owner}, '{name}'"), DocumentationOf(declaration));
    }

    private List<Constant> ReadMembers(JsonElement enumeration)
    {
        List<Constant> members = [];
        long next = 0;
        foreach (JsonElement member in Inner(enumeration).Where(part => !IsComment(part)))
        {
            string name = Text(member, "name") ?? throw NotUnderstood(member);
            if (Text(member, "kind") != "EnumConstantDecl")
            {
                throw new GeneratorException($"{Describe(enumeration)}: {Describe(member)} is not understood");
            }

            JsonElement[] initializer = [.. Inner(member).Where(part => !IsComment(part))];
            long value = initializer.Length == 0 ? next : ValueOf(initializer[0], name);
            if (value is < int.MinValue or > int.MaxValue)
            {
                throw new GeneratorException($"'{name}' = {value} does not fit into 32 bits");
            }

            members.Add(new Constant(name, (int)value, DocumentationOf(member)));
            next = value + 1;
        }

        return members;
    }

    // Casts stand around the value where Clang gave the enumeration a wider type.
    private static long ValueOf(JsonElement expression, string name) => Text(expression, "kind") switch
    {
        "ImplicitCastExpr" => ValueOf(Inner(expression)[0], name),
        "ConstantExpr" when long.TryParse(Text(expression, "value"), CultureInfo.InvariantCulture, out long value)
            => value,
        _ => throw new GeneratorException($"the value of '{name}' is not understood"),
    };

    private void ReadConstants(JsonElement probe)
    {
        foreach ((Macro macro, Constant member) in macros.Zip(ReadMembers(probe)))
        {
            _constants.Add(new Constant(macro.Name, member.Value, macro.Documentation));
        }
    }

    private Struct WithTypedefDocumentation(Struct type) =>
        _typedefs.Find(typedef => typedef.Name == type.Name) is { Documentation.Lines.Count: > 0 } typedef
            ? type with { Documentation = typedef.Documentation }
            : type;

    /// <summary>The comment in front of a declaration, from the header's text.</summary>
    /// <remarks>Clang knows which comment belongs to what, but would read its '&lt;' and '\' as markup.</remarks>
    private Documentation DocumentationOf(JsonElement declaration)
    {
        if (Inner(declaration).FirstOrDefault(IsComment) is not { ValueKind: JsonValueKind.Object } comment)
        {
            return Documentation.None;
        }

        ReadOnlySpan<byte> text = headerBytes;
        int within = comment.GetProperty("loc").GetProperty("offset").GetInt32();
        int begin = text[..within].LastIndexOf("/**"u8);
        if (begin < 0 || text[begin..within].IndexOf("*/"u8) >= 0)
        {
            throw new GeneratorException($"the comment of {Describe(declaration)} is not written as /** ... */");
        }

        text = text[(begin + "/**".Length)..];
        return Documentation.Parse(Encoding.UTF8.GetString(text[..text.IndexOf("*/"u8)]));
    }

    private static bool IsComment(JsonElement node) => Text(node, "kind") == "FullComment";

    private static JsonElement[] Inner(JsonElement node) =>
        node.TryGetProperty("inner", out JsonElement inner) ? [.. inner.EnumerateArray()] : [];

    private static string? Text(JsonElement node, string property) =>
        node.TryGetProperty(property, out JsonElement value) ? value.GetString() : null;

    private static string Name(JsonElement declaration) =>
        Text(declaration, "name") ?? throw NotUnderstood(declaration);

    private static string TypeSpelling(JsonElement declaration) =>
        Text(declaration.GetProperty("type"), "qualType")!;

    private static string Describe(JsonElement declaration) =>
        Text(declaration, "name") is { } name
            ? $"{Text(declaration, "kind")} '{name}'"
            : $"an unnamed {Text(declaration, "kind")}";

    private static GeneratorException NotUnderstood(JsonElement declaration) =>
        new($"{Describe(declaration)} is not understood");
}
