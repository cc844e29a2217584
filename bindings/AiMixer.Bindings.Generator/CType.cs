using System.Text.RegularExpressions;

namespace AiMixer.Bindings.Generator;

/// <summary>A C type as far as a binary interface may use it: a name, pointers to it, or an array of it.</summary>
/// <param name="Name">Name of the innermost type.</param>
/// <param name="Pointers">How many pointers lead to it.</param>
/// <param name="Length">Number of array elements; 0 when it is no array.</param>
/// <param name="ReadsPointers">Whether the innermost pointers are only read: <c>T* const*</c>.</param>
internal sealed partial record CType(string Name, int Pointers, int Length, bool ReadsPointers)
{
    /// <summary>Reads a type as Clang spells it, such as <c>const float *const *</c>.</summary>
    public static CType Parse(string spelling, string declaration)
    {
        Match match = Shape().Match(spelling);
        return match.Success
            ? new CType(
                match.Groups["name"].Value,
                match.Groups["pointer"].Captures.Count,
                match.Groups["length"].Success ? int.Parse(match.Groups["length"].ValueSpan, Invariant) : 0,
                match.Groups["fixed"].Success)
            : throw new GeneratorException($"{declaration}: the type '{spelling}' is not understood");
    }

    private static readonly IFormatProvider Invariant = System.Globalization.CultureInfo.InvariantCulture;

    [GeneratedRegex(
        @"^(const\s+)?(struct\s+)?(?<name>\w+)(\s*const)?(\s*(?<pointer>\*)(?<fixed>\s*const(?=\s*\*))?(\s*const)?)*(\s*\[(?<length>\d+)\])?$",
        RegexOptions.ExplicitCapture)]
    private static partial Regex Shape();
}
