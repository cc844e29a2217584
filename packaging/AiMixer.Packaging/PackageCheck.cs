using System.IO.Compression;
using System.Security.Cryptography;
using System.Xml.Linq;

namespace AiMixer.Packaging;

/// <summary>The finished packages against the manifest: what a user gets is what was checked.</summary>
internal static class PackageCheck
{
    private static readonly string[] Expected = ["AiMixer", "AiMixer.Cli", "AiMixer.Onnx"];
    private static readonly string[] Always = ["README.md", "LICENSE", "icon.png"];

    /// <summary>Checks all packages.</summary>
    /// <returns>A line on each.</returns>
    /// <exception cref="PackingException">The first thing that is wrong.</exception>
    internal static IEnumerable<string> Run(string folder, Manifest manifest, string version)
    {
        foreach (string id in Expected)
        {
            string path = Path.Combine(folder, $"{id}.{version}.nupkg");
            Require(File.Exists(path), $"the package {path} is missing");
            using ZipArchive package = ZipFile.OpenRead(path);
            CheckMetadata(id, package, version);
            if (id != "AiMixer.Onnx")
                CheckNatives(id, package, manifest);
            yield return $"{id} {version}: {new FileInfo(path).Length / 1024} KiB, {package.Entries.Count} files";
        }

        foreach (string id in Expected.Where(id => id != "AiMixer.Cli"))
        {
            string path = Path.Combine(folder, $"{id}.{version}.snupkg");
            Require(File.Exists(path), $"the symbols {path} are missing");
        }
    }

    private static void CheckMetadata(string id, ZipArchive package, string version)
    {
        XElement metadata;
        using (Stream stream = Open(id, package, $"{id}.nuspec"))
            metadata = XDocument.Load(stream).Root!.Elements().Single(element => element.Name.LocalName == "metadata");
        string packed = metadata.Elements().Single(element => element.Name.LocalName == "version").Value;
        Require(packed == version, $"the package {id} says that it is version {packed}; VERSION says {version}");
        foreach (string name in Always)
            Open(id, package, name).Dispose();
        string[] ours = [.. metadata.Descendants()
            .Where(element => element.Name.LocalName == "dependency" && element.Attribute("id")!.Value.StartsWith("AiMixer", StringComparison.Ordinal))
            .Select(element => $"{element.Attribute("id")!.Value} {element.Attribute("version")!.Value}")];
        Require(ours.All(dependency => dependency == $"AiMixer {version}"), $"the package {id} depends on {string.Join(", ", ours)}");
    }

    // A tool has its files in a folder of its own.
    private static void CheckNatives(string id, ZipArchive package, Manifest manifest)
    {
        string prefix = id == "AiMixer.Cli" ? "tools/net10.0/any/" : "";
        foreach (NativeEntry entry in manifest.Natives)
        {
            using Stream stream = Open(id, package, prefix + entry.File);
            string hash = Convert.ToHexStringLower(SHA256.HashData(stream));
            Require(hash == entry.Sha256, $"the package {id} holds another {entry.File} than the one that was checked");
        }

        int natives = package.Entries.Count(entry => entry.FullName.Contains("/native/", StringComparison.Ordinal)
            || entry.Name.Contains("ai_mixer_core", StringComparison.Ordinal));
        Require(natives == manifest.Natives.Length,
            $"the package {id} holds {natives} native files; {manifest.Natives.Length} were checked");
        if (id == "AiMixer")
            Open(id, package, "native-manifest.json").Dispose();
    }

    private static Stream Open(string id, ZipArchive package, string name) =>
        package.GetEntry(name)?.Open() ?? throw new PackingException($"the package {id} holds no {name}");

    private static void Require(bool condition, string otherwise)
    {
        if (!condition)
            throw new PackingException(otherwise);
    }
}
