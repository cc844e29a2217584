using System.Diagnostics;
using System.Text.RegularExpressions;

namespace AiMixer.Packaging;

/// <summary>What a shared library says of itself, as LLVM's tools read it: ELF, PE and Mach-O alike.</summary>
/// <param name="Format">Kind of file and processor.</param>
/// <param name="Needs">The libraries that it loads.</param>
/// <param name="Exports">The functions that others may call, as C writes them.</param>
/// <param name="GlibcVersions">The versions of glibc whose symbols it uses.</param>
/// <param name="MacOsVersion">The oldest macOS that it runs on; null elsewhere.</param>
internal sealed partial record NativeBinary(
    string Format, string[] Needs, string[] Exports, Version[] GlibcVersions, string? MacOsVersion)
{
    /// <summary>Reads a library.</summary>
    /// <exception cref="PackingException">It is none, or the tools are missing.</exception>
    internal static NativeBinary Read(string path)
    {
        string said = Run("llvm-readobj", "--file-headers", "--needed-libs", "--version-info", "--coff-exports", "--macho-version-min", path);
        string format = FormatLine().Match(said).Groups[1].Value.Trim();
        string needed = NeededBlock().Match(said).Groups[1].Value;
        IEnumerable<string> exports = format.StartsWith("COFF", StringComparison.Ordinal)
            ? ExportName().Matches(said).Select(match => match.Groups[1].Value)
            : Run("llvm-nm", format.StartsWith("elf", StringComparison.Ordinal) ? "-D" : "-g", "--defined-only", "--format=posix", path)
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => line.Split(' ')[0])
                .Select(name => format.StartsWith("Mach-O", StringComparison.Ordinal) ? name[1..] : name.Split('@')[0]);
        Match macOs = MacOsMinimum().Match(said);
        return new(
            format,
            [.. needed.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0)],
            [.. exports.Order(StringComparer.Ordinal)],
            [.. GlibcVersion().Matches(said).Select(match => Version.Parse(match.Groups[1].Value)).Distinct().Order()],
            macOs.Success ? macOs.Groups[1].Value : null);
    }

    private static string Run(string tool, params string[] arguments)
    {
        ProcessStartInfo start = new(Find(tool)) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        using Process process = Process.Start(start)!;
        Task<string> complaint = process.StandardError.ReadToEndAsync();
        string said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? said
            : throw new PackingException($"{arguments[^1]} is no library that {tool} reads: {complaint.Result.Trim()}");
    }

    // Debian puts the version behind the name.
    private static string Find(string tool)
    {
        string[] folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        string[] names = [tool, .. Enumerable.Range(14, 20).Reverse().Select(major => $"{tool}-{major}"), $"{tool}.exe"];
        return names.SelectMany(name => folders.Select(folder => Path.Combine(folder, name))).FirstOrDefault(File.Exists)
            ?? throw new PackingException($"{tool} is missing; LLVM has it (Debian: apt-get install llvm)");
    }

    [GeneratedRegex(@"^Format: (.*)$", RegexOptions.Multiline)]
    private static partial Regex FormatLine();

    [GeneratedRegex(@"NeededLibraries \[\r?\n([^\]]*)\]")]
    private static partial Regex NeededBlock();

    [GeneratedRegex(@"Export \{[^}]*?Name: (\S+)")]
    private static partial Regex ExportName();

    [GeneratedRegex(@"\bGLIBC_(\d+\.\d+(?:\.\d+)?)")]
    private static partial Regex GlibcVersion();

    [GeneratedRegex(@"MinVersion \{[^}]*?Version: (\S+)")]
    private static partial Regex MacOsMinimum();
}
