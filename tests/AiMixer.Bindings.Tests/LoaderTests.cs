using Xunit;

namespace AiMixer.Bindings.Tests;

/// <summary>Where the loader looks and what it says when that was in vain.</summary>
public sealed class LoaderTests
{
    private const string Absent = "libai_mixer_core_that_is_not_there.so";

    [Fact]
    public void Candidates_come_in_order_without_repetition_or_empty_folders()
    {
        string root = Path.GetPathRoot(Path.GetFullPath("."))!;
        string named = Path.Combine(root, "named");
        string app = Path.Combine(root, "app");
        string unpacked = Path.Combine(root, "unpacked");

        Assert.Equal(
            [
                Path.Combine(named, "core.so"),
                Path.Combine(named, "runtimes", "linux-x64", "native", "core.so"),
                Path.Combine(app, "core.so"),
                Path.Combine(app, "runtimes", "linux-x64", "native", "core.so"),
                Path.Combine(unpacked, "core.so"),
            ],
            LibraryCandidates.In([named, null, "", app, app], [app, "", unpacked], "linux-x64", "core.so"));
    }

    [Fact]
    public void Folder_from_the_environment_comes_first()
    {
        using TemporaryFolder folder = new();
        using EnvironmentVariable variable = new(LibraryCandidates.DirectoryVariable, folder.Path);

        Assert.Equal(Path.Combine(folder.Path, RuntimePlatform.LibraryFileName), LibraryCandidates.OfThisProcess()[0]);
    }

    [Fact]
    public void This_process_looks_beside_the_application_and_in_its_runtimes_folder()
    {
        IReadOnlyList<string> candidates = LibraryCandidates.OfThisProcess();

        string file = RuntimePlatform.LibraryFileName;
        string inPackage = Path.Combine("runtimes", RuntimePlatform.Rid, "native", file);
        Assert.Contains(Path.Combine(AppContext.BaseDirectory, file), candidates);
        Assert.Contains(Path.Combine(AppContext.BaseDirectory, inPackage), candidates);
    }

    [Fact]
    public void Failure_names_platform_every_path_each_reason_and_the_way_out()
    {
        using TemporaryFolder folder = new();
        string missing = Path.Combine(folder.Path, "nowhere", Absent);
        string second = Path.Combine(folder.Path, "elsewhere", Absent);

        DllNotFoundException error = Assert.Throws<DllNotFoundException>(
            () => NativeLibraryLoader.Load([missing, second], Absent, "linux-x64"));

        Assert.Contains("could not be loaded on linux-x64", error.Message);
        Assert.Contains($"{missing}: no such file", error.Message);
        Assert.Contains($"{second}: no such file", error.Message);
        Assert.Contains($"{Absent} (by name): ", error.Message);
        Assert.Contains("reference the package AiMixer", error.Message);
        Assert.Contains(LibraryCandidates.DirectoryVariable, error.Message);
    }

    [Fact]
    public void Damaged_file_is_told_from_a_missing_one()
    {
        using TemporaryFolder folder = new();
        string damaged = folder.Write(Absent, "this is no library");

        DllNotFoundException error = Assert.Throws<DllNotFoundException>(
            () => NativeLibraryLoader.Load([damaged], Absent, "linux-x64"));

        Assert.DoesNotContain($"{damaged}: no such file", error.Message);
        Assert.Contains("cannot be used here; check that it was built for linux-x64", error.Message);
    }

    [Fact]
    public void Platform_without_a_build_is_told_which_ones_have_one()
    {
        DllNotFoundException error = Assert.Throws<DllNotFoundException>(
            () => NativeLibraryLoader.Load([], Absent, "freebsd-x64"));

        Assert.Contains("there is no build for freebsd-x64", error.Message);
        Assert.All(RuntimePlatform.SupportedRids, rid => Assert.Contains(rid, error.Message));
    }

    [Fact]
    public void Loader_goes_on_after_a_candidate_that_fails()
    {
        using TemporaryFolder folder = new();
        using TemporaryFolder other = new();
        string damaged = folder.Write(RuntimePlatform.LibraryFileName, "this is no library");
        string good = CCompiler.SharedLibrary(other, "int unused(void); int unused(void) { return 1; }\n");

        (nint library, string path) = NativeLibraryLoader.Load([damaged, good], Absent, "linux-x64");

        Assert.NotEqual(0, library);
        Assert.Equal(good, path);
        System.Runtime.InteropServices.NativeLibrary.Free(library);
    }

    [Theory]
    [InlineData("linux-musl-x64", "", true)]
    [InlineData("alpine.3.20-arm64", "", true)]
    [InlineData("linux-x64", "7f00-7f01 r-xp 00000000 08:01 42    /lib/ld-musl-x86_64.so.1", true)]
    [InlineData("linux-x64", "7f00-7f01 r-xp 00000000 08:01 42    /usr/lib/libc.musl-x86_64.so.1", true)]
    [InlineData("linux-x64", "7f00-7f01 r-xp 00000000 08:01 42    /usr/lib/x86_64-linux-gnu/libc.so.6", false)]
    [InlineData("linux-x64", "7f00-7f01 r-xp 00000000 08:01 42    /opt/ld-musl-studies/libc.so.6", false)]
    [InlineData("debian.12-x64", "7f00-7f01 rw-p 00000000 00:00 0", false)]
    public void Musl_is_recognised_by_what_runs_not_by_what_lies_on_the_disk(string rid, string map, bool musl) =>
        Assert.Equal(musl, RuntimePlatform.IsMusl(rid, [map]));

    [Fact]
    public void This_platform_has_a_portable_identifier() =>
        Assert.Matches("^(linux|linux-musl|win|osx)-(x64|arm64|x86|arm)$", RuntimePlatform.Rid);
}
