using System.Text;
using System.Text.Json;

namespace AiMixer.Bindings.Generator;

/// <summary>Reads a C header through Clang. Whatever it does not understand is an error, never left out.</summary>
internal static class HeaderReader
{
    public static Header Read(string headerPath, Clang clang)
    {
        if (!File.Exists(headerPath))
        {
            throw new GeneratorException($"there is no header '{headerPath}'");
        }

        string path = Path.GetFullPath(headerPath).Replace('\\', '/');
        byte[] text = File.ReadAllBytes(path);
        IReadOnlyList<Macro> macros = Macro.ReadConstants(clang.Macros(path), Encoding.UTF8.GetString(text));
        using JsonDocument tree = JsonDocument.Parse(
            clang.SyntaxTree(path, Macro.ProbeSource(macros)), new JsonDocumentOptions { MaxDepth = 512 });
        return new TreeReader(path, text, macros).Read(tree.RootElement);
    }
}
