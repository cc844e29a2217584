namespace AiMixer.Bindings.Generator;

/// <summary>What a C header declares, in its order.</summary>
/// <param name="FileName">The header's name without its folder.</param>
/// <param name="Constants">Macros with an integer value.</param>
/// <param name="Aliases">Other names for fixed-width integers: alias to type.</param>
/// <param name="Enums">Enumerations.</param>
/// <param name="Structs">Structs whose fields are known.</param>
/// <param name="Opaques">Structs known by name only: what handles point at.</param>
/// <param name="Functions">Functions.</param>
internal sealed record Header(
    string FileName,
    IReadOnlyList<Constant> Constants,
    IReadOnlyDictionary<string, string> Aliases,
    IReadOnlyList<Enumeration> Enums,
    IReadOnlyList<Struct> Structs,
    IReadOnlyList<Opaque> Opaques,
    IReadOnlyList<Function> Functions);

internal sealed record Constant(string Name, int Value, Documentation Documentation);

internal sealed record Enumeration(string Name, IReadOnlyList<Constant> Members, Documentation Documentation);

internal sealed record Struct(string Name, IReadOnlyList<Variable> Fields, Documentation Documentation);

internal sealed record Opaque(string Name, Documentation Documentation);

internal sealed record Function(
    string Name, CType Returns, IReadOnlyList<Variable> Parameters, Documentation Documentation);

/// <summary>A field or a parameter.</summary>
internal sealed record Variable(string Name, CType Type, Documentation Documentation);

/// <summary>A documentation comment, line by line, without the comment signs.</summary>
internal sealed record Documentation(IReadOnlyList<string> Lines)
{
    public static readonly Documentation None = new([]);

    /// <summary>Reads what stands between the signs that begin and end a comment.</summary>
    public static Documentation Parse(string comment) =>
        new([.. comment.Split('\n').Select(line => line.Trim().TrimStart('*').Trim()).Where(line => line.Length > 0)]);
}
