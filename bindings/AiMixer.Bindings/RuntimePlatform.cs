using System.Runtime.InteropServices;

namespace AiMixer.Bindings;

/// <summary>The platform this process runs on, in the portable names that NuGet packages use.</summary>
internal static class RuntimePlatform
{
    /// <summary>The platforms the native library is built for.</summary>
    internal static readonly string[] SupportedRids =
    [
        "linux-x64", "linux-arm64", "linux-musl-x64", "linux-musl-arm64",
        "win-x64", "win-arm64", "osx-x64", "osx-arm64",
    ];

    /// <summary>Portable runtime identifier, such as <c>linux-musl-x64</c>.</summary>
    internal static string Rid { get; } = PortableRid();

    /// <summary>File name of the native library.</summary>
    internal static string LibraryFileName { get; } =
        OperatingSystem.IsWindows() ? $"{NativeMethods.LibraryName}.dll"
        : OperatingSystem.IsMacOS() ? $"lib{NativeMethods.LibraryName}.dylib"
        : $"lib{NativeMethods.LibraryName}.so";

    /// <summary>Whether a Linux process runs on musl rather than on glibc.</summary>
    /// <param name="runtimeIdentifier">What the runtime was built for; distributions put their names there.</param>
    /// <param name="memoryMap">The files mapped into the process, as /proc/self/maps lists them.</param>
    /// <remarks>
    /// That musl's loader lies on the disk proves nothing: it can be installed beside glibc. What counts is whether it
    /// is in this process.
    /// </remarks>
    internal static bool IsMusl(string runtimeIdentifier, IEnumerable<string> memoryMap) =>
        runtimeIdentifier.Contains("musl", StringComparison.Ordinal)
        || runtimeIdentifier.StartsWith("alpine", StringComparison.Ordinal)
        || memoryMap.Select(line => line[(line.LastIndexOf('/') + 1)..]).Any(file =>
            file.StartsWith("ld-musl-", StringComparison.Ordinal)
            || file.StartsWith("libc.musl-", StringComparison.Ordinal));

    private static string PortableRid()
    {
        string system =
            OperatingSystem.IsWindows() ? "win"
            : OperatingSystem.IsMacOS() ? "osx"
            : !OperatingSystem.IsLinux() ? ""
            : IsMusl(RuntimeInformation.RuntimeIdentifier, MemoryMap()) ? "linux-musl"
            : "linux";
        return system.Length == 0
            ? RuntimeInformation.RuntimeIdentifier
            : $"{system}-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}";
    }

    private static string[] MemoryMap()
    {
        const string path = "/proc/self/maps";
        try
        {
            return File.ReadAllLines(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return []; // Without /proc only the runtime's own identifier tells.
        }
    }
}
