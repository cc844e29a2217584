namespace AiMixer.Bindings.Generator;

/// <summary>Decides which C# type stands for a C type, by where it stands. All of them are blittable.</summary>
internal sealed class TypeMap(Header header)
{
    private readonly HashSet<string> _enums = [.. header.Enums.Select(type => type.Name)];
    private readonly HashSet<string> _structs = [.. header.Structs.Select(type => type.Name)];
    private readonly HashSet<string> _opaques = [.. header.Opaques.Select(type => type.Name)];

    public string Field(Variable field, string owner)
    {
        CType type = field.Type;
        string? name = type.Pointers > 0 ? Pointer(type) : Value(type.Name) ?? Embedded(type);
        return name ?? throw NotUnderstood(type, owner, field.Name);
    }

    public string Parameter(Variable parameter, string owner)
    {
        CType type = parameter.Type;
        if (type.Length > 0)
        {
            throw NotUnderstood(type, owner, parameter.Name);
        }

        if (_opaques.Contains(type.Name))
        {
            return type.Pointers switch
            {
                1 => HandleName(type.Name),
                // A list of handles: whoever fills it keeps them alive meanwhile.
                2 when type.ReadsPointers => "nint*",
                2 => "out " + HandleName(type.Name),
                _ => throw NotUnderstood(type, owner, parameter.Name),
            };
        }

        return (type.Pointers > 0 ? Pointer(type) : Value(type.Name))
            ?? throw NotUnderstood(type, owner, parameter.Name);
    }

    public string Result(CType type, string owner) =>
        (type.Pointers > 0 ? Pointer(type) : type.Name == "void" ? "void" : Value(type.Name))
            ?? throw NotUnderstood(type, owner, "result");

    /// <summary>Name of the handle of an opaque type: <c>aim_strip</c> becomes <c>StripHandle</c>.</summary>
    public static string HandleName(string opaque)
    {
        IEnumerable<string> words = opaque.Split('_', StringSplitOptions.RemoveEmptyEntries).Skip(1)
            .Where(word => word != "handle")
            .Select(word => char.ToUpperInvariant(word[0]) + word[1..]);
        return string.Concat(words) + "Handle";
    }

    // A status travels as a plain integer in C, but its values are those of one enumeration: aim_status holds
    // aim_status_code. Any alias with such an enumeration beside it is given that enumeration's type.
    private string? Value(string name) =>
        FixedWidth.ToCSharp(name) is { } number ? number
        : !header.Aliases.TryGetValue(name, out string? integer) ? null
        : integer == "int32_t" && _enums.Contains(name + "_code") ? name + "_code"
        : FixedWidth.ToCSharp(integer);

    private string? Pointer(CType type)
    {
        string? pointee = type.Name switch
        {
            _ when type.Length > 0 => null,
            "char" => "byte",
            "void" => "void",
            _ when _structs.Contains(type.Name) => type.Name,
            _ => Value(type.Name),
        };
        return pointee is null ? null : pointee + new string('*', type.Pointers);
    }

    // Arrays inside a struct are written as C# fixed buffers, which exist for plain numbers only.
    private string? Embedded(CType type) =>
        type.Length == 0 && _structs.Contains(type.Name) ? type.Name : null;

    private static GeneratorException NotUnderstood(CType type, string owner, string name)
    {
        string spelling = type.Name + new string('*', type.Pointers) + (type.Length > 0 ? $"[{type.Length}]" : "");
        return new GeneratorException(
            $"{owner}, '{name}': a binding cannot carry the type '{spelling}' there; use fixed-width numbers, " +
            "pointers, structs of these by pointer, and opaque handles");
    }
}
