namespace AiMixer.Packaging;

/// <summary>A platform that the package promises to run on.</summary>
/// <param name="Rid">Its portable runtime identifier.</param>
/// <param name="FileName">What the native library is called there.</param>
/// <param name="Format">How LLVM calls its kind of file.</param>
/// <param name="Dependencies">What the library may need: parts of every such system.</param>
internal sealed record Platform(string Rid, string FileName, string Format, string[] Dependencies)
{
    private const string Elf = "libai_mixer_core.so";
    private const string Dll = "ai_mixer_core.dll";
    private const string Dylib = "libai_mixer_core.dylib";

    // Parts of Windows since version 10, its C libraries among them; a dash at the end stands for any rest of the name.
    private static readonly string[] Windows = ["KERNEL32.dll", "msvcrt.dll", "ucrtbase.dll", "api-ms-win-crt-"];
    private static readonly string[] MacOs = ["/usr/lib/libSystem.B.dylib", $"@rpath/{Dylib}"];

    internal static readonly Platform[] All =
    [
        new("linux-x64", Elf, "elf64-x86-64", ["libc.so.6", "ld-linux-x86-64.so.2"]),
        new("linux-arm64", Elf, "elf64-littleaarch64", ["libc.so.6", "ld-linux-aarch64.so.1"]),
        new("linux-musl-x64", Elf, "elf64-x86-64", ["libc.so"]),
        new("linux-musl-arm64", Elf, "elf64-littleaarch64", ["libc.so"]),
        new("win-x64", Dll, "COFF-x86-64", Windows),
        new("win-arm64", Dll, "COFF-ARM64", Windows),
        new("osx-x64", Dylib, "Mach-O 64-bit x86-64", MacOs),
        new("osx-arm64", Dylib, "Mach-O arm64", MacOs),
    ];

    internal bool IsGlibc => Dependencies.Contains("libc.so.6");

    internal bool MayNeed(string library) =>
        Dependencies.Any(allowed => library.StartsWith(allowed, StringComparison.OrdinalIgnoreCase)
            && (allowed.EndsWith('-') || library.Length == allowed.Length));
}
