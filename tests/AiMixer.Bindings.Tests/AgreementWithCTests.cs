using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Xunit;

namespace AiMixer.Bindings.Tests;

/// <summary>A C compiler reads the header too; C# has to come to the same sizes, offsets and numbers.</summary>
public sealed class AgreementWithCTests
{
    private static readonly Type[] Types =
        [.. typeof(NativeMethods).Assembly.GetTypes()
            .Where(type => type.Name.StartsWith("aim_", StringComparison.Ordinal))];

    private static readonly Type[] Structs = [.. Types.Where(type => type is { IsValueType: true, IsEnum: false })];

    private static readonly Type[] Enums = [.. Types.Where(type => type.IsEnum)];

    [Fact]
    public void Struct_sizes_and_field_offsets_are_those_of_C()
    {
        Dictionary<string, string> questions = [];
        Dictionary<string, long> ours = [];
        foreach (Type type in Structs)
        {
            questions.Add(type.Name, $"sizeof({type.Name})");
            ours.Add(type.Name, SizeOf(type));
            foreach (FieldInfo field in FieldsOf(type))
            {
                string name = $"{type.Name}.{field.Name}";
                questions.Add(name, $"offsetof({type.Name}, {field.Name})");
                ours.Add(name, Marshal.OffsetOf(type, field.Name));

                string size = $"sizeof {name}";
                questions.Add(size, $"sizeof((({type.Name}*)0)->{field.Name})");
                ours.Add(size, field.FieldType.IsPointer ? nint.Size : SizeOf(field.FieldType));
            }
        }

        Assert.NotEmpty(ours);
        Assert.Equal(AnswersOfC(questions), ours);
    }

    [Fact]
    public void Enumerators_and_constants_have_the_numbers_of_C()
    {
        Dictionary<string, long> ours = Enums
            .SelectMany(type => Enum.GetNames(type).Select(name =>
                KeyValuePair.Create(name, Convert.ToInt64(Enum.Parse(type, name), CultureInfo.InvariantCulture))))
            .Concat(typeof(NativeMethods).GetFields(BindingFlags.Static | BindingFlags.NonPublic)
                .Where(field => field.IsLiteral && field.FieldType == typeof(int))
                .Select(field => KeyValuePair.Create(field.Name, (long)(int)field.GetRawConstantValue()!)))
            .ToDictionary();

        Assert.NotEmpty(ours);
        Assert.Equal(AnswersOfC(ours.Keys.ToDictionary(name => name)), ours);
    }

    [Fact]
    public void Enums_are_as_wide_as_the_integers_that_carry_them() =>
        Assert.All(Enums, type => Assert.Equal(typeof(int), Enum.GetUnderlyingType(type)));

    private static Dictionary<string, long> AnswersOfC(Dictionary<string, string> questions)
    {
        StringBuilder source = new("""
            #include <stddef.h>
            #include <stdio.h>
            #include "ai_mixer_core.h"
            int main(void) {

            """);
        foreach ((string name, string expression) in questions)
        {
            source.Append(CultureInfo.InvariantCulture, $"printf(\"{name}=%lld\\n\", (long long)({expression}));\n");
        }

        source.Append("return 0; }\n");

        using TemporaryFolder folder = new();
        return CCompiler.Run(folder, source.ToString())
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split('='))
            .ToDictionary(parts => parts[0], parts => long.Parse(parts[1], CultureInfo.InvariantCulture));
    }

    private static FieldInfo[] FieldsOf(Type type) => type.GetFields(BindingFlags.Instance | BindingFlags.NonPublic);

    private static int SizeOf(Type type) =>
        (int)typeof(Unsafe).GetMethod(nameof(Unsafe.SizeOf))!.MakeGenericMethod(type).Invoke(null, null)!;
}
