using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace AiMixer.Bindings;

/// <summary>
/// Finds, loads and checks the native library at the first call into it. A failure surfaces there, each time, with
/// everything that was tried.
/// </summary>
internal static class NativeLibraryLoader
{
    private const string NoSuchFile = "no such file";

    private static readonly Lock Gate = new();
    private static nint _library;

    /// <summary>Where the library was loaded from; null before the first call into it.</summary>
    internal static string? LoadedPath { get; private set; }

    /// <summary>Registers the resolver. Loads nothing, so that it cannot fail.</summary>
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "The resolver must stand before the first import is bound.")]
    internal static void Register() =>
        NativeLibrary.SetDllImportResolver(typeof(NativeLibraryLoader).Assembly, Resolve);

    /// <summary>Loads the first candidate that can be loaded, else what the operating system finds by name.</summary>
    /// <returns>The library and the path it came from.</returns>
    /// <exception cref="DllNotFoundException">None could be loaded; the message tells why and what to do.</exception>
    internal static (nint Library, string Path) Load(IReadOnlyList<string> candidates, string fileName, string rid)
    {
        List<(string Path, string Reason)> failures = [];
        foreach (string path in candidates)
        {
            if (!File.Exists(path))
            {
                failures.Add((path, NoSuchFile));
            }
            else if (TryLoad(() => NativeLibrary.Load(path), out nint library) is { } reason)
            {
                failures.Add((path, reason));
            }
            else
            {
                return (library, path);
            }
        }

        return TryLoad(() => LoadByName(fileName), out nint found) is { } last
            ? throw new DllNotFoundException(Explain([.. failures, ($"{fileName} (by name)", last)], fileName, rid))
            : (found, fileName);
    }

    // AssemblyDirectory, because only the runtime knows where a single file has unpacked its libraries.
    // SafeDirectories keeps Windows from looking into the current folder, where anybody may have put a file.
    private static nint LoadByName(string fileName) =>
        NativeLibrary.Load(
            fileName,
            typeof(NativeLibraryLoader).Assembly,
            DllImportSearchPath.AssemblyDirectory | DllImportSearchPath.SafeDirectories);

    private static nint Resolve(string libraryName, Assembly assembly, DllImportSearchPath? searchPath)
    {
        if (libraryName != NativeMethods.LibraryName)
        {
            return 0;
        }

        lock (Gate)
        {
            if (_library == 0)
            {
                (nint library, string path) =
                    Load(LibraryCandidates.OfThisProcess(), RuntimePlatform.LibraryFileName, RuntimePlatform.Rid);
                AbiCheck.Verify(library, path);
                (_library, LoadedPath) = (library, path);
            }

            return _library;
        }
    }

    /// <returns>Null when it worked, else the reason.</returns>
    private static string? TryLoad(Func<nint> load, out nint library)
    {
        try
        {
            library = load();
            return null;
        }
        catch (Exception exception) when (exception is DllNotFoundException or BadImageFormatException)
        {
            library = 0;

            // The runtime puts general advice on the first line and then what the system said: first for the file that
            // was asked for, then for variations of its name.
            string[] lines = exception.Message.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            return lines[Math.Min(1, lines.Length - 1)].Trim();
        }
    }

    private static string Explain(List<(string Path, string Reason)> failures, string fileName, string rid)
    {
        StringBuilder text = new();
        text.Append($"The native library of AI Mixer ({fileName}) could not be loaded on {rid}.\nTried:\n");
        foreach ((string path, string reason) in failures)
        {
            text.Append($"  {path}: {reason}\n");
        }

        bool found = failures.SkipLast(1).Any(failure => failure.Reason != NoSuchFile);
        text.Append("What to do: ").Append(
            !RuntimePlatform.SupportedRids.Contains(rid)
                ? $"there is no build for {rid}, only for {string.Join(", ", RuntimePlatform.SupportedRids)}; build " +
                  "the core for this platform and name its folder in the environment variable " +
                  $"{LibraryCandidates.DirectoryVariable}."
            : found
                ? $"the file that was found cannot be used here; check that it was built for {rid} and is complete."
            : $"reference the package AiMixer, which carries the library for {rid}, and publish with the same RID; " +
              $"or name the folder that holds {fileName} in the environment variable " +
              $"{LibraryCandidates.DirectoryVariable}.");
        return text.ToString();
    }
}
