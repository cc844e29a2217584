namespace AiMixer.Bindings.Generator;

/// <summary>Writes the C# for a header: one file per kind of thing, in the order of the header.</summary>
internal sealed class BindingsWriter
{
    private const string Namespace = "AiMixer.Bindings";

    private readonly Header _header;
    private readonly TypeMap _types;
    private readonly string _library;
    private readonly Dictionary<string, Function> _destroyers = [];

    private BindingsWriter(Header header)
    {
        _header = header;
        _types = new TypeMap(header);
        _library = Path.GetFileNameWithoutExtension(header.FileName);
        foreach (Opaque opaque in header.Opaques)
        {
            _destroyers.Add(opaque.Name, DestroyerOf(opaque));
        }
    }

    /// <summary>File name to content; lines end with LF.</summary>
    public static IReadOnlyDictionary<string, string> Write(Header header)
    {
        BindingsWriter writer = new(header);
        return new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["Constants.g.cs"] = writer.Constants(),
            ["Enums.g.cs"] = writer.Enums(),
            ["Structs.g.cs"] = writer.Structs(),
            ["Handles.g.cs"] = writer.Handles(),
            ["NativeMethods.g.cs"] = writer.NativeMethods(),
        };
    }

    private string Constants()
    {
        SourceText text = Begin();
        text.Open("internal static partial class NativeMethods");
        text.Summary("The core's library, without the platform's prefix and extension.");
        text.Line($"internal const string LibraryName = \"{_library}\";");
        foreach (Constant constant in _header.Constants)
        {
            text.Line();
            text.Documentation(constant.Documentation);
            text.Line($"internal const int {constant.Name} = {constant.Value};");
        }

        text.Close();
        return text.ToString();
    }

    private string Enums()
    {
        SourceText text = Begin();
        text.Separated(_header.Enums, type =>
        {
            text.Documentation(type.Documentation);
            text.Open($"internal enum {type.Name} : int");
            text.Separated(type.Members, member =>
            {
                text.Documentation(member.Documentation);
                text.Line($"{member.Name} = {member.Value},");
            });
            text.Close();
        });
        return text.ToString();
    }

    private string Structs()
    {
        SourceText text = Begin("System.Runtime.InteropServices");
        text.Separated(_header.Structs, type =>
        {
            text.Documentation(type.Documentation);
            text.Line("[StructLayout(LayoutKind.Sequential)]");
            text.Open($"internal unsafe struct {type.Name}");
            text.Separated(type.Fields, field =>
            {
                text.Documentation(field.Documentation);
                string csharp = _types.Field(field, $"struct '{type.Name}'");
                string name = SourceText.Identifier(field.Name);
                text.Line(field.Type.Length > 0
                    ? $"internal fixed {csharp} {name}[{field.Type.Length}];"
                    : $"internal {csharp} {name};");
            });
            text.Close();
        });
        return text.ToString();
    }

    private string Handles()
    {
        SourceText text = Begin("System.Runtime.InteropServices");
        text.Separated(_header.Opaques, opaque =>
        {
            string name = TypeMap.HandleName(opaque.Name);
            text.Documentation(opaque.Documentation);
            text.Open($"internal sealed class {name} : SafeHandle");
            text.Summary("An empty handle, for the create function to fill.");
            text.Open($"public {name}() : base(0, ownsHandle: true)");
            text.Close();
            text.Line();
            text.Line("/// <inheritdoc/>");
            text.Line("public override bool IsInvalid => handle == 0;");
            text.Line();
            text.Line("/// <inheritdoc/>");
            text.Open("protected override bool ReleaseHandle()");
            text.Line($"NativeMethods.{_destroyers[opaque.Name].Name}(handle);");
            text.Line("return true;");
            text.Close();
            text.Close();
        });
        return text.ToString();
    }

    private string NativeMethods()
    {
        SourceText text = Begin(
            ["System.Runtime.CompilerServices", "System.Runtime.InteropServices"],
            "[assembly: DisableRuntimeMarshalling]");
        text.Open("internal static unsafe partial class NativeMethods");
        text.Separated(_header.Functions, function =>
        {
            text.Documentation(function.Documentation);
            text.Line("[LibraryImport(LibraryName)]");
            text.Line($"internal static partial {Signature(function)};");
        });
        text.Close();
        return text.ToString();
    }

    private string Signature(Function function)
    {
        string owner = $"function '{function.Name}'";
        bool destroys = _destroyers.ContainsValue(function);
        IEnumerable<string> parameters = function.Parameters.Select(parameter =>
            // Called from ReleaseHandle, when the SafeHandle is closed already and cannot be passed any more.
            $"{(destroys ? "nint" : _types.Parameter(parameter, owner))} {SourceText.Identifier(parameter.Name)}");
        return $"{_types.Result(function.Returns, owner)} {function.Name}({string.Join(", ", parameters)})";
    }

    private Function DestroyerOf(Opaque opaque)
    {
        Function[] candidates = [.. _header.Functions.Where(function =>
            function.Name.EndsWith("_destroy", StringComparison.Ordinal)
            && function.Returns is { Name: "void", Pointers: 0 }
            && function.Parameters is [{ Type.Pointers: 1 } only] && only.Type.Name == opaque.Name)];
        return candidates is [Function one]
            ? one
            : throw new GeneratorException(
                $"opaque type '{opaque.Name}' needs exactly one function 'void ..._destroy({opaque.Name}*)', " +
                $"found {candidates.Length}");
    }

    private SourceText Begin(params string[] usings) => Begin(usings, attribute: null);

    private SourceText Begin(string[] usings, string? attribute)
    {
        SourceText text = new();
        text.Line("// <auto-generated/>");
        text.Line($"// Generated by AiMixer.Bindings.Generator from {_header.FileName}; do not edit.");
        text.Line();
        text.Line("#nullable enable");
        text.Line();
        foreach (string name in usings)
        {
            text.Line($"using {name};");
        }

        if (usings.Length > 0)
        {
            text.Line();
        }

        if (attribute is not null)
        {
            text.Line(attribute);
            text.Line();
        }

        text.Line($"namespace {Namespace};");
        text.Line();
        return text;
    }
}
