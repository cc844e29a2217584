using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace AiMixer.Bindings.Tests;

/// <summary>
/// The bindings as a process sees them that has not called into the library yet: a second copy of the assembly, whose
/// loader finds a library that the test has compiled.
/// </summary>
internal sealed class FreshBindings(string libraryFolder)
{
    private const BindingFlags Static = BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.DoNotWrapExceptions;

    private readonly Assembly _assembly = new AssemblyLoadContext(libraryFolder)
        .LoadFromAssemblyPath(typeof(NativeMethods).Assembly.Location);

    public string? LoadedPath => (string?)Type(nameof(NativeLibraryLoader))
        .GetProperty(nameof(NativeLibraryLoader.LoadedPath), Static)!.GetValue(null);

    public object? Call(string function, params object?[] arguments)
    {
        using EnvironmentVariable variable = new(LibraryCandidates.DirectoryVariable, libraryFolder);
        return Type(nameof(NativeMethods)).GetMethod(function, Static)!.Invoke(null, Static, null, arguments, null);
    }

    /// <summary>A handle of a type, holding a value as if a create function had put it there.</summary>
    public SafeHandle Handle(string type, nint value)
    {
        SafeHandle handle = (SafeHandle)Activator.CreateInstance(Type(type))!;
        Marshal.InitHandle(handle, value);
        return handle;
    }

    private Type Type(string name) =>
        _assembly.GetType($"{typeof(NativeMethods).Namespace}.{name}", throwOnError: true)!;
}
