namespace AiMixer.Training.Data;

/// <summary>
/// The recordings of folders: as a MANIFEST.tsv lists them (columns file, class, group and, where known, kind, source,
/// licence) or, without one, by folders: <c>class/group/file</c>, or <c>class/file</c> with every file a group of its own.
/// </summary>
internal static class Corpus
{
    public const string ManifestName = "MANIFEST.tsv";

    private static readonly string[] Required = ["file", "class", "group"];
    private static readonly string[] SoundEndings =
        [".wav", ".flac", ".ogg", ".opus", ".mp3", ".m4a", ".aac", ".aif", ".aiff", ".wma"];

    /// <summary>Reads folders; within each the order is that of the names, whatever the file system says.</summary>
    /// <param name="folders">One or more; what has the same group or source in several of them belongs together.</param>
    /// <returns>The recordings of each.</returns>
    /// <exception cref="DataException">There is nothing to train on, or a manifest is wrong.</exception>
    public static IReadOnlyList<Recording>[] Read(params IReadOnlyList<string> folders)
    {
        IReadOnlyList<Recording>[] read = [.. folders.Select(ReadFolder)];
        for (int c = 0; c < GenreClass.Count; ++c)
        {
            int groups = read.SelectMany(r => r).Where(r => r.Class == c).Select(r => r.Group).Distinct().Count();
            if (groups < 2)
            {
                throw new DataException(
                    $"{string.Join(", ", folders)}: {GenreClass.Names[c]} has {groups} group(s); at least 2 are needed, or nothing could be held out");
            }
        }

        return read;
    }

    private static List<Recording> ReadFolder(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new DataException($"{folder}: no such folder");
        }

        string manifest = Path.Combine(folder, ManifestName);
        List<Recording> recordings = File.Exists(manifest) ? ReadManifest(folder, manifest) : ReadFolders(folder);
        recordings.Sort((a, b) => string.CompareOrdinal(a.Name, b.Name));
        return recordings;
    }

    private static List<Recording> ReadManifest(string folder, string manifest)
    {
        string[] lines = File.ReadAllLines(manifest);
        string[] header = lines.Length > 0 ? lines[0].Split('\t') : [];
        foreach (string column in Required)
        {
            if (!header.Contains(column))
            {
                throw new DataException($"{manifest}: the first line names no column '{column}'; it needs {string.Join(", ", Required)}");
            }
        }

        List<Recording> recordings = [];
        HashSet<string> seen = [];
        for (int i = 1; i < lines.Length; ++i)
        {
            if (string.IsNullOrWhiteSpace(lines[i]))
            {
                continue;
            }

            string[] cells = lines[i].Split('\t');
            string where = $"{manifest}, line {i + 1}";
            if (cells.Length != header.Length)
            {
                throw new DataException($"{where}: {cells.Length} cells, but the first line has {header.Length}");
            }

            string Cell(string column) => Array.IndexOf(header, column) is >= 0 and int at ? cells[at].Trim() : "";
            string name = Cell("file").Replace('\\', '/');
            if (!seen.Add(name))
            {
                throw new DataException($"{where}: {name} is listed twice");
            }

            recordings.Add(Make(folder, name, Cell("class"), Cell("group"), where) with
            {
                Rendered = Cell("kind") == "rendered",
                Source = Cell("source"),
                Licence = Cell("licence"),
            });
        }

        return recordings;
    }

    private static List<Recording> ReadFolders(string folder)
    {
        List<Recording> recordings = [];
        foreach (string path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            if (!SoundEndings.Contains(Path.GetExtension(path).ToLowerInvariant()))
            {
                continue;
            }

            string name = Path.GetRelativePath(folder, path).Replace('\\', '/');
            string[] parts = name.Split('/');
            if (parts.Length < 2)
            {
                throw new DataException(
                    $"{path}: lies in no class; put it into a folder named {string.Join(", ", GenreClass.Names)}");
            }

            string group = parts.Length > 2 ? parts[1] : Path.GetFileNameWithoutExtension(name);
            recordings.Add(Make(folder, name, parts[0], group, path));
        }

        return recordings;
    }

    private static Recording Make(string folder, string name, string className, string group, string where)
    {
        int index = GenreClass.IndexOf(className);
        if (index < 0)
        {
            throw new DataException(
                $"{where}: '{className}' is no class; there are {string.Join(", ", GenreClass.Names)}");
        }

        if (group.Length == 0)
        {
            throw new DataException($"{where}: {name} has no group (artist, speaker, album)");
        }

        string path = Path.GetFullPath(Path.Combine(folder, name));
        string root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)) + Path.DirectorySeparatorChar;
        if (!path.StartsWith(root, StringComparison.Ordinal))
        {
            throw new DataException($"{where}: {name} lies outside {folder}");
        }

        if (!File.Exists(path))
        {
            throw new DataException($"{where}: {name} does not exist");
        }

        return new Recording(path, name, index, group, false, "", "");
    }
}
