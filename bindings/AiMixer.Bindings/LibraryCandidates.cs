using System.Diagnostics.CodeAnalysis;

namespace AiMixer.Bindings;

/// <summary>Where the native library may lie, the likeliest place first.</summary>
internal static class LibraryCandidates
{
    /// <summary>Environment variable that names a folder to look in before all others.</summary>
    internal const string DirectoryVariable = "AIMIXER_NATIVE_DIR";

    /// <summary>The full paths to try in this process.</summary>
    internal static IReadOnlyList<string> OfThisProcess() => In(
        [Environment.GetEnvironmentVariable(DirectoryVariable), AssemblyDirectory(), AppContext.BaseDirectory],
        // Set by the host: the folders of the application's native libraries, those of its packages included.
        (AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "").Split(Path.PathSeparator),
        RuntimePlatform.Rid,
        RuntimePlatform.LibraryFileName);

    /// <summary>The full paths to try, without repetition.</summary>
    /// <param name="roots">Folders with the library itself or <c>runtimes/RID/native</c>; null, empty: skipped.</param>
    /// <param name="nativeFolders">Folders that hold the library itself; empty ones are skipped.</param>
    /// <param name="rid">Portable runtime identifier.</param>
    /// <param name="fileName">The library's file name.</param>
    internal static IReadOnlyList<string> In(
        IEnumerable<string?> roots, IEnumerable<string> nativeFolders, string rid, string fileName)
    {
        IEnumerable<string> fromRoots = roots.Where(root => !string.IsNullOrEmpty(root)).SelectMany(root =>
            new[] { Path.Combine(root!, fileName), Path.Combine(root!, "runtimes", rid, "native", fileName) });
        IEnumerable<string> fromNative = nativeFolders.Where(folder => folder.Length > 0)
            .Select(folder => Path.Combine(folder, fileName));
        return [.. fromRoots.Concat(fromNative).Select(Path.GetFullPath).Distinct(StringComparer.Ordinal)];
    }

    [UnconditionalSuppressMessage(
        "SingleFile", "IL3000", Justification = "Empty inside a single file; AppContext.BaseDirectory covers it.")]
    private static string? AssemblyDirectory() => Path.GetDirectoryName(typeof(LibraryCandidates).Assembly.Location);
}
