using System.Text;

namespace AiMixer.Bindings.Generator;

/// <summary>The command line: reads a header and writes the bindings, or compares them with what is there.</summary>
internal static class Command
{
    public const int Done = 0;
    public const int Differs = 1;
    public const int Usage = 2;
    public const int Failed = 3;

    private const string UsageText = """
        usage: AiMixer.Bindings.Generator [--check] HEADER OUTDIR

        Writes C# bindings for the C header HEADER into the folder OUTDIR.
        --check  writes nothing; exits 1 and names every file in OUTDIR that is not what would be written
        CLANG    environment variable: the clang to use (default: clang)

        exit codes: 0 done, 1 a file differs, 2 usage, 3 the header could not be read or holds something unknown
        """;

    public static int Run(string[] arguments, TextWriter output, TextWriter error)
    {
        bool check = arguments.Contains("--check");
        string[] paths = [.. arguments.Where(argument => argument != "--check")];
        if (paths.Length != 2 || paths.Any(path => path.StartsWith('-')))
        {
            error.WriteLine(UsageText);
            return Usage;
        }

        try
        {
            IReadOnlyDictionary<string, string> files = Generate(paths[0], Clang.FromEnvironment());
            return check ? Check(files, paths[1], error) : Write(files, paths[1], output);
        }
        catch (Exception exception) when (exception is GeneratorException or IOException or UnauthorizedAccessException)
        {
            error.WriteLine($"error: {exception.Message}");
            return Failed;
        }
    }

    /// <summary>The bindings of a header: file name to content.</summary>
    public static IReadOnlyDictionary<string, string> Generate(string headerPath, Clang clang) =>
        BindingsWriter.Write(HeaderReader.Read(headerPath, clang));

    private static int Write(IReadOnlyDictionary<string, string> files, string folder, TextWriter output)
    {
        Directory.CreateDirectory(folder);
        foreach (string orphan in Orphans(files, folder))
        {
            File.Delete(orphan);
            output.WriteLine($"removed {orphan}");
        }

        foreach ((string name, string content) in files)
        {
            string path = Path.Combine(folder, name);
            File.WriteAllText(path, content, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
            output.WriteLine($"wrote {path}");
        }

        return Done;
    }

    private static int Check(IReadOnlyDictionary<string, string> files, string folder, TextWriter error)
    {
        List<string> differing = [.. files.Keys.Select(name => Path.Combine(folder, name))
            .Where(path => !File.Exists(path) || File.ReadAllText(path) != files[Path.GetFileName(path)])];
        differing.AddRange(Orphans(files, folder));
        foreach (string path in differing)
        {
            error.WriteLine($"differs from the header: {path}");
        }

        return differing.Count == 0 ? Done : Differs;
    }

    /// <summary>Generated files that the header no longer gives a reason for.</summary>
    private static string[] Orphans(IReadOnlyDictionary<string, string> files, string folder) =>
        Directory.Exists(folder)
            ? [.. Directory.EnumerateFiles(folder, "*.g.cs")
                .Where(path => !files.ContainsKey(Path.GetFileName(path)))
                .Order(StringComparer.Ordinal)]
            : [];
}
