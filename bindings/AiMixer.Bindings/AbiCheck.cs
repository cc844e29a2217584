using System.Runtime.InteropServices;

namespace AiMixer.Bindings;

/// <summary>Makes sure that a library speaks the binary interface these bindings were generated for.</summary>
internal static class AbiCheck
{
    /// <summary>Asks a loaded library for its interface version, before anything else is called in it.</summary>
    /// <exception cref="BadImageFormatException">It has another version, or is another library altogether.</exception>
    internal static unsafe void Verify(nint library, string path)
    {
        if (!NativeLibrary.TryGetExport(library, nameof(NativeMethods.aim_abi_version), out nint export))
        {
            throw new BadImageFormatException(
                $"'{path}' is not the native library of AI Mixer: it has no " +
                $"{nameof(NativeMethods.aim_abi_version)}().",
                path);
        }

        int version = ((delegate* unmanaged<int>)export)();
        if (version != NativeMethods.AIM_ABI_VERSION)
        {
            throw new BadImageFormatException(
                $"The native library '{path}' has interface version {version}, but this version of AiMixer needs " +
                $"{NativeMethods.AIM_ABI_VERSION}. Use the library and the package of one release together.",
                path);
        }
    }
}
