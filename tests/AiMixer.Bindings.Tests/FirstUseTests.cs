using Xunit;

namespace AiMixer.Bindings.Tests;

/// <summary>The first call loads and checks the library, and every call says so when that failed.</summary>
public sealed class FirstUseTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Library_with_the_right_version_is_loaded_at_the_first_call()
    {
        string library = CCompiler.SharedLibrary(_folder, Exporting(NativeMethods.AIM_ABI_VERSION));
        FreshBindings bindings = new(_folder.Path);

        Assert.Null(bindings.LoadedPath);
        Assert.Equal(NativeMethods.AIM_ABI_VERSION, bindings.Call("aim_abi_version"));
        Assert.Equal(42, bindings.Call("aim_parameter_count"));
        Assert.Equal(library, bindings.LoadedPath);
    }

    [Fact]
    public void Library_with_another_version_is_refused_at_every_call_before_it_runs()
    {
        string library = CCompiler.SharedLibrary(_folder, Exporting(NativeMethods.AIM_ABI_VERSION + 6));
        FreshBindings bindings = new(_folder.Path);

        for (int call = 0; call < 2; call++)
        {
            BadImageFormatException error =
                Assert.Throws<BadImageFormatException>(() => bindings.Call("aim_parameter_count"));

            Assert.Equal(library, error.FileName);
            Assert.Contains(library, error.Message);
            Assert.Contains($"interface version {NativeMethods.AIM_ABI_VERSION + 6}", error.Message);
            Assert.Contains($"needs {NativeMethods.AIM_ABI_VERSION}.", error.Message);
        }

        Assert.Null(bindings.LoadedPath);
    }

    [Fact]
    public void Another_library_of_the_same_name_is_refused_by_name()
    {
        string library = CCompiler.SharedLibrary(_folder, "int unrelated(void); int unrelated(void) { return 1; }\n");

        BadImageFormatException error =
            Assert.Throws<BadImageFormatException>(() => new FreshBindings(_folder.Path).Call("aim_parameter_count"));

        Assert.Contains(library, error.Message);
        Assert.Contains("aim_abi_version", error.Message);
    }

    private static string Exporting(int version) => $$"""
        #include "ai_mixer_core.h"
        int32_t aim_abi_version(void) { return {{version}}; }
        int32_t aim_parameter_count(void) { return 42; }
        """;
}
