using System.Text.Json;

namespace AiMixer.Packaging;

/// <summary>How a native library was built, as its build wrote it down.</summary>
internal sealed record BuildRecord(string Compiler, string Target, string Flags);

/// <summary>One native library of the package.</summary>
/// <param name="Rid">The platform it is for.</param>
/// <param name="File">Where it lies in the package.</param>
/// <param name="Sha256">Hash of the file, in hexadecimal digits.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Needs">The libraries it loads, all part of the system.</param>
/// <param name="Oldest">The oldest system that it runs on, as far as the file tells.</param>
/// <param name="Build">Compiler and flags.</param>
internal sealed record NativeEntry(
    string Rid, string File, string Sha256, long Bytes, string[] Needs, string Oldest, BuildRecord Build);

/// <summary>What the package holds and how that was made; native-manifest.json in the package.</summary>
internal sealed record Manifest(string Version, NativeEntry[] Natives)
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        // For people to read: a plus sign is a plus sign.
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    internal string ToJson() => JsonSerializer.Serialize(this, Options) + "\n";

    internal static Manifest FromJson(string text) => JsonSerializer.Deserialize<Manifest>(text, Options)!;

    internal static BuildRecord BuildRecordOf(string file) =>
        JsonSerializer.Deserialize<BuildRecord>(System.IO.File.ReadAllText(file), Options)!;
}
