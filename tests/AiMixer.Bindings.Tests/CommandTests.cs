using AiMixer.Bindings.Generator;
using Xunit;

namespace AiMixer.Bindings.Tests;

/// <summary>The generator's command line.</summary>
public sealed class CommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    public void Dispose()
    {
        _folder.Dispose();
        _output.Dispose();
        _error.Dispose();
    }

    [Fact]
    public void Check_passes_after_writing_and_writes_nothing_itself()
    {
        CCompiler.RequireClang();
        Assert.Equal(Command.Done, Run(Repository.Header, _folder.Path));
        Assert.Equal(Command.Done, Run("--check", Repository.Header, _folder.Path));
        Assert.Empty(_error.ToString());
    }

    [Fact]
    public void Check_names_the_file_that_differs_is_missing_or_has_no_reason_to_be()
    {
        CCompiler.RequireClang();
        Run(Repository.Header, _folder.Path);
        File.AppendAllText(Path.Combine(_folder.Path, "Enums.g.cs"), "// edited\n");
        File.Delete(Path.Combine(_folder.Path, "Structs.g.cs"));
        _folder.Write("Orphan.g.cs", "");

        Assert.Equal(Command.Differs, Run("--check", Repository.Header, _folder.Path));

        string[] lines = _error.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        IEnumerable<string> named = lines.Select(line => Path.GetFileName(line.Trim()));
        Assert.Equal(["Enums.g.cs", "Structs.g.cs", "Orphan.g.cs"], named);
        Assert.False(File.Exists(Path.Combine(_folder.Path, "Structs.g.cs")));
    }

    [Fact]
    public void Writing_removes_generated_files_that_the_header_gives_no_reason_for()
    {
        CCompiler.RequireClang();
        string orphan = _folder.Write("Orphan.g.cs", "");
        string handwritten = _folder.Write("Handwritten.cs", "");

        Assert.Equal(Command.Done, Run(Repository.Header, _folder.Path));

        Assert.False(File.Exists(orphan));
        Assert.True(File.Exists(handwritten));
    }

    [Fact]
    public void Header_that_is_not_understood_leaves_nothing_behind()
    {
        CCompiler.RequireClang();
        string header = _folder.Write("bad.h", "union aim_u { int a; };\n");
        string target = Path.Combine(_folder.Path, "out");

        Assert.Equal(Command.Failed, Run(header, target));

        Assert.Contains("aim_u", _error.ToString());
        Assert.False(Directory.Exists(target));
    }

    [Fact]
    public void Missing_header_is_named()
    {
        Assert.Equal(Command.Failed, Run(Path.Combine(_folder.Path, "absent.h"), _folder.Path));
        Assert.Contains("absent.h", _error.ToString());
    }

    [Theory]
    [InlineData]
    [InlineData("--check", "only-one")]
    [InlineData("--unknown", "header", "folder")]
    [InlineData("one", "two", "three")]
    public void Other_arguments_print_the_usage(params string[] arguments)
    {
        Assert.Equal(Command.Usage, Run(arguments));
        Assert.Contains("HEADER OUTDIR", _error.ToString());
    }

    [Fact]
    public void Absent_clang_is_explained()
    {
        GeneratorException error = Assert.Throws<GeneratorException>(
            () => Command.Generate(Repository.Header, new Clang("clang-that-is-not-there")));

        Assert.Contains("clang-that-is-not-there", error.Message);
        Assert.Contains("apt-get install clang", error.Message);
    }

    private int Run(params string[] arguments) => Command.Run(arguments, _output, _error);
}
