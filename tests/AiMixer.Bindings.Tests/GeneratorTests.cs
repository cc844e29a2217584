using AiMixer.Bindings.Generator;
using Xunit;

namespace AiMixer.Bindings.Tests;

/// <summary>What the generator makes of small headers.</summary>
public sealed class GeneratorTests
{
    [Fact]
    public void Opaque_type_becomes_a_safe_handle_that_its_destroy_function_releases()
    {
        IReadOnlyDictionary<string, string> files = Generate("""
            typedef struct aim_big_thing aim_big_thing;
            int32_t aim_big_thing_create(uint32_t size, aim_big_thing** thing);
            int32_t aim_big_thing_size(const aim_big_thing* thing);
            void aim_big_thing_destroy(aim_big_thing* thing);
            """);

        Assert.Contains("internal sealed class BigThingHandle : SafeHandle", files["Handles.g.cs"]);
        Assert.Contains("NativeMethods.aim_big_thing_destroy(handle);", files["Handles.g.cs"]);
        string methods = files["NativeMethods.g.cs"];
        Assert.Contains("int aim_big_thing_create(uint size, out BigThingHandle thing);", methods);
        Assert.Contains("int aim_big_thing_size(BigThingHandle thing);", methods);
        Assert.Contains("void aim_big_thing_destroy(nint thing);", methods);
    }

    [Fact]
    public void List_of_handles_is_read_and_the_place_of_a_new_one_written()
    {
        string methods = Generate("""
            typedef struct aim_thing aim_thing;
            void aim_thing_create(aim_thing** thing);
            void aim_thing_use(aim_thing* const* things, const aim_thing* const* others, uint32_t count);
            void aim_thing_destroy(aim_thing* thing);
            """)["NativeMethods.g.cs"];

        Assert.Contains("void aim_thing_create(out ThingHandle thing);", methods);
        Assert.Contains("void aim_thing_use(nint* things, nint* others, uint count);", methods);
    }

    [Fact]
    public void Struct_fields_keep_order_names_and_widths()
    {
        string structs = Generate("""
            typedef struct aim_inner { uint8_t small; double large; } aim_inner;
            typedef struct aim_outer {
                int64_t in; aim_inner nested; float row[13]; const char* text; void* anything;
                const aim_inner* const* table;
            } aim_outer;
            """)["Structs.g.cs"];

        Assert.Contains("internal byte small;\n\n    internal double large;\n", structs);
        Assert.Contains(
            "internal long @in;\n\n    internal aim_inner nested;\n\n    internal fixed float row[13];\n\n" +
            "    internal byte* text;\n\n    internal void* anything;\n\n    internal aim_inner** table;\n",
            structs);
    }

    [Fact]
    public void Enumerators_without_a_number_count_on()
    {
        string enums = Generate("enum aim_e { AIM_A, AIM_B = -5, AIM_C, AIM_D = 1 << 4 };")["Enums.g.cs"];

        Assert.Contains("AIM_A = 0,\n\n    AIM_B = -5,\n\n    AIM_C = -4,\n\n    AIM_D = 16,\n", enums);
    }

    [Fact]
    public void Macros_become_constants_with_their_values_worked_out_in_the_order_of_the_header()
    {
        string constants = Generate("""
            #define AIM_EXPORT __attribute__((visibility("default")))
            #define AIM_NOTHING
            /** Two lines
             *  about it. */
            #define AIM_Z (1 << 4)
            #define AIM_A (-(AIM_Z + 0x10))
            """)["Constants.g.cs"];

        Assert.Contains(
            "    /// <summary>\n    /// Two lines\n    /// about it.\n    /// </summary>\n" +
            "    internal const int AIM_Z = 16;\n\n" +
            "    internal const int AIM_A = -32;\n}\n",
            constants);
        Assert.DoesNotContain("AIM_EXPORT", constants);
        Assert.DoesNotContain("AIM_NOTHING", constants);
    }

    [Fact]
    public void Comments_become_documentation_with_returns_and_escapes()
    {
        string methods = Generate("""
            /** Adds `left` & right, if left <= right.
             *  Returns the sum,
             *  or \0 <p>. */
            int32_t aim_add(int32_t left, int32_t right);
            /* Not documentation. */
            int32_t aim_plain(void);
            """)["NativeMethods.g.cs"];

        Assert.Contains(
            "    /// <summary>Adds <c>left</c> &amp; right, if left &lt;= right.</summary>\n" +
            "    /// <returns>\n    /// the sum,\n    /// or \\0 &lt;p&gt;.\n    /// </returns>\n" +
            "    [LibraryImport(LibraryName)]\n" +
            "    internal static partial int aim_add(int left, int right);\n\n    [LibraryImport(LibraryName)]\n" +
            "    internal static partial int aim_plain();\n",
            methods);
    }

    [Fact]
    public void Integer_alias_with_an_enumeration_of_its_codes_has_that_type()
    {
        string methods = Generate("""
            typedef int32_t aim_result;
            typedef uint16_t aim_word;
            enum aim_result_code { AIM_FINE = 0 };
            aim_result aim_do(aim_word word);
            """)["NativeMethods.g.cs"];

        Assert.Contains("partial aim_result_code aim_do(ushort word);", methods);
    }

    [Fact]
    public void Same_header_gives_the_same_text() => Assert.Equal(
        Command.Generate(Repository.Header, CCompiler.RequireClang()),
        Command.Generate(Repository.Header, CCompiler.RequireClang()));

    [Theory]
    [InlineData("union aim_u { int32_t a; };", "aim_u")]
    [InlineData("struct aim_s { int32_t a : 3; };", "aim_s")]
    [InlineData("struct aim_s { int32_t a; } __attribute__((packed));", "aim_s")]
    [InlineData("struct aim_s { int32_t a __attribute__((aligned(16))); };", "aim_s")]
    [InlineData("struct aim_s { struct { int32_t b; } a; };", "aim_s")]
    [InlineData("struct aim_s { int32_t a[2][3]; };", "aim_s")]
    [InlineData("struct aim_s { int32_t* a[2]; };", "aim_s")]
    [InlineData("struct aim_t { int32_t a; }; struct aim_s { struct aim_t many[2]; };", "aim_s")]
    [InlineData("struct aim_s { volatile int32_t a; };", "aim_s")]
    [InlineData("typedef struct { int32_t a; } aim_s;", "RecordDecl")]
    [InlineData("typedef struct aim_s { int32_t a; } aim_other;", "aim_other")]
    [InlineData("typedef struct aim_s aim_s; struct aim_t { aim_s* handle; }; void aim_s_destroy(aim_s* s);", "aim_t")]
    [InlineData("typedef int aim_word;", "aim_word")]
    [InlineData("typedef void (*aim_callback)(int32_t);", "aim_callback")]
    [InlineData("enum { AIM_A };", "EnumDecl")]
    [InlineData("enum aim_e { AIM_BIG = 0x80000000 };", "AIM_BIG")]
    [InlineData("typedef enum aim_e { AIM_A } aim_e;", "aim_e")]
    [InlineData("int32_t aim_f(int32_t, ...);", "aim_f")]
    [InlineData("int32_t aim_f(int32_t);", "aim_f")]
    [InlineData("int32_t aim_f(int count);", "aim_f")]
    [InlineData("int32_t aim_f(unsigned int count);", "aim_f")]
    [InlineData("#include <stddef.h>\nint32_t aim_f(size_t count);", "aim_f")]
    [InlineData("#include <stdbool.h>\nint32_t aim_f(bool on);", "aim_f")]
    [InlineData("int32_t aim_f(void (*callback)(void));", "aim_f")]
    [InlineData("void (*aim_f(int32_t which))(int32_t);", "aim_f")]
    [InlineData("struct aim_s { int32_t a; }; int32_t aim_f(struct aim_s s);", "aim_f")]
    [InlineData("struct aim_s { int32_t a; }; struct aim_s aim_f(void);", "aim_f")]
    [InlineData("typedef struct aim_s aim_s; aim_s* aim_f(void); void aim_s_destroy(aim_s* s);", "aim_f")]
    [InlineData("int32_t aim_f(void) __attribute__((deprecated));", "aim_f")]
    [InlineData("static inline int32_t aim_f(void) { return 1; }", "aim_f")]
    [InlineData("extern int32_t aim_global;", "aim_global")]
    [InlineData("typedef struct aim_s aim_s;", "aim_s")]
    [InlineData("typedef struct aim_s aim_s; void aim_s_destroy(aim_s* s); void aim_t_destroy(aim_s* s);", "aim_s")]
    [InlineData("#define AIM_MAX(a, b) ((a) > (b) ? (a) : (b))", "AIM_MAX")]
    [InlineData("#define AIM_PI 3.14", "AIM_PI")]
    [InlineData("#define AIM_TEXT \"text\"", "AIM_TEXT")]
    [InlineData("#define AIM_WIDE 0x123456789", "AIM_WIDE")]
    [InlineData("/// Other style.\nint32_t aim_f(void);", "aim_f")]
    [InlineData("int32_t aim_f(aim_missing* missing);", "aim_missing")]
    public void Declaration_that_is_not_understood_is_an_error_that_names_it(string declaration, string name)
    {
        GeneratorException error = Assert.Throws<GeneratorException>(() => Generate(declaration));

        Assert.Contains(name, error.Message);
    }

    [Fact]
    public void Declaration_hidden_in_an_included_file_is_an_error_that_names_it()
    {
        using TemporaryFolder folder = new();
        folder.Write("more.h", "int32_t aim_hidden(void);\n");
        string header = folder.Write("test.h", "#include <stdint.h>\n#include \"more.h\"\n");

        GeneratorException error =
            Assert.Throws<GeneratorException>(() => Command.Generate(header, CCompiler.RequireClang()));

        Assert.Contains("aim_hidden", error.Message);
    }

    private static IReadOnlyDictionary<string, string> Generate(string declarations)
    {
        using TemporaryFolder folder = new();
        string header = folder.Write("test.h", $"#include <stdint.h>\n{declarations}\n");
        return Command.Generate(header, CCompiler.RequireClang());
    }
}
