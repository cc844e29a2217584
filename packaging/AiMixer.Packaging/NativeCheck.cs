using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace AiMixer.Packaging;

/// <summary>The native libraries against what the package promises.</summary>
internal static partial class NativeCheck
{
    // What .NET 10 itself asks for is younger; this leaves room for older systems that run self-contained programs.
    private static readonly Version NewestGlibc = new(2, 28);

    /// <summary>Checks the library of every platform.</summary>
    /// <param name="folder">Holds one folder per runtime identifier.</param>
    /// <param name="exports">The functions to export.</param>
    /// <param name="version">The version that is packed.</param>
    /// <exception cref="PackingException">The first thing that is wrong.</exception>
    internal static Manifest Run(string folder, string[] exports, string version) =>
        new(version, [.. Platform.All.Select(platform => Check(folder, platform, exports, version))]);

    private static NativeEntry Check(string folder, Platform platform, string[] exports, string version)
    {
        string path = Path.Combine(folder, platform.Rid, platform.FileName);
        string record = Path.Combine(folder, platform.Rid, "build.json");
        Require(File.Exists(path), $"the library for {platform.Rid} is missing: {path}");
        Require(File.Exists(record), $"nothing tells how the library for {platform.Rid} was built: {record} is missing");

        NativeBinary binary = NativeBinary.Read(path);
        Require(binary.Format == platform.Format,
            $"the library for {platform.Rid} is {binary.Format}, not {platform.Format}");

        string[] foreign = [.. binary.Needs.Where(needed => !platform.MayNeed(needed))];
        Require(foreign.Length == 0, $"the library for {platform.Rid} needs {string.Join(", ", foreign)}, which not every system has");

        Version? glibc = binary.GlibcVersions.LastOrDefault();
        Require(glibc is null || platform.IsGlibc, $"the library for {platform.Rid} needs glibc");
        Require(glibc is null || glibc <= NewestGlibc,
            $"the library for {platform.Rid} uses a symbol of glibc {glibc}; {NewestGlibc} is the newest allowed");

        string[] missing = [.. exports.Except(binary.Exports)];
        string[] unlisted = [.. binary.Exports.Except(exports)];
        Require(missing.Length == 0, $"the library for {platform.Rid} does not export {string.Join(", ", missing)}");
        Require(unlisted.Length == 0, $"the library for {platform.Rid} exports {string.Join(", ", unlisted)}, which the list does not have");

        byte[] content = File.ReadAllBytes(path);
        string[] said = [.. VersionText().Matches(Encoding.Latin1.GetString(content)).Select(match => match.Groups[1].Value).Distinct()];
        Require(said.Length == 1 && said[0] == version,
            $"the library for {platform.Rid} is version {string.Join(" and ", said)}, but {version} is to be packed");

        return new(
            platform.Rid,
            $"runtimes/{platform.Rid}/native/{platform.FileName}",
            Convert.ToHexStringLower(SHA256.HashData(content)),
            content.Length,
            [.. binary.Needs.Where(needed => !needed.StartsWith('@'))],
            OldestSystem(platform, binary),
            Manifest.BuildRecordOf(record));
    }

    private static string OldestSystem(Platform platform, NativeBinary binary) =>
        binary.GlibcVersions.Length > 0 ? $"glibc {binary.GlibcVersions[^1]}"
        : binary.MacOsVersion is { } macOs ? $"macOS {macOs}"
        : platform.FileName.EndsWith(".dll", StringComparison.Ordinal) ? "Windows 10"
        : "musl";

    private static void Require(bool condition, string otherwise)
    {
        if (!condition)
            throw new PackingException(otherwise);
    }

    // Where aim_version_string has its text from.
    [GeneratedRegex(@"ai_mixer_core (\d+\.\d+\.\d+[0-9A-Za-z.+-]*)\0")]
    private static partial Regex VersionText();
}
