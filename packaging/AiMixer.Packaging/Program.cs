using System.CommandLine;
using AiMixer.Packaging;

Option<string> version = new("--version-file") { Description = "The file that holds the version.", DefaultValueFactory = _ => "VERSION" };
Option<string> exports = new("--exports") { Description = "The list of exported functions.", DefaultValueFactory = _ => "native/exports.txt" };
Option<string> manifest = new("--manifest") { Description = "The manifest that is packed.", DefaultValueFactory = _ => "artifacts/packaging/manifest.json" };
Option<string> natives = new("--natives") { Description = "Folder with one folder per runtime identifier.", DefaultValueFactory = _ => "artifacts/packaging/native" };
Option<string> packages = new("--packages") { Description = "Folder with the packages.", DefaultValueFactory = _ => "artifacts/packages" };

Command nativesCommand = new("natives", "Checks the native libraries and writes the manifest.") { natives, exports, version, manifest };
nativesCommand.SetAction(parsed => Stops(() =>
{
    Manifest made = NativeCheck.Run(
        parsed.GetValue(natives)!, File.ReadAllLines(parsed.GetValue(exports)!), VersionIn(parsed.GetValue(version)!));
    File.WriteAllText(parsed.GetValue(manifest)!, made.ToJson());
    foreach (NativeEntry entry in made.Natives)
        Console.WriteLine($"{entry.Rid,-18} {entry.Bytes,8} bytes  needs {string.Join(", ", entry.Needs)}; {entry.Oldest}");
}));

Command packagesCommand = new("packages", "Checks the packages against the manifest.") { packages, version, manifest };
packagesCommand.SetAction(parsed => Stops(() =>
{
    Manifest packed = Manifest.FromJson(File.ReadAllText(parsed.GetValue(manifest)!));
    foreach (string line in PackageCheck.Run(parsed.GetValue(packages)!, packed, VersionIn(parsed.GetValue(version)!)))
        Console.WriteLine(line);
}));

RootCommand root = new("Checks what is packed.") { nativesCommand, packagesCommand };
return root.Parse(args).Invoke();

static string VersionIn(string file) => File.ReadAllText(file).Trim();

static int Stops(Action work)
{
    try
    {
        work();
        return 0;
    }
    catch (PackingException stop)
    {
        Console.Error.WriteLine($"packing stops: {stop.Message}");
        return 1;
    }
}
