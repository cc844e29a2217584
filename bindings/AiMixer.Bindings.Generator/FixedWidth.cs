namespace AiMixer.Bindings.Generator;

/// <summary>The C types that are the same on every platform, and what C# calls them.</summary>
internal static class FixedWidth
{
    private static readonly Dictionary<string, string> CSharpNames = new()
    {
        ["int8_t"] = "sbyte",
        ["uint8_t"] = "byte",
        ["int16_t"] = "short",
        ["uint16_t"] = "ushort",
        ["int32_t"] = "int",
        ["uint32_t"] = "uint",
        ["int64_t"] = "long",
        ["uint64_t"] = "ulong",
        ["float"] = "float",
        ["double"] = "double",
    };

    public static string? ToCSharp(string name) => CSharpNames.GetValueOrDefault(name);

    public static bool IsInteger(string name) => name is not ("float" or "double") && CSharpNames.ContainsKey(name);
}
