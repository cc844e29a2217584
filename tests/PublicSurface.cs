using System.Globalization;
using System.Reflection;
using System.Text;

namespace AiMixer;

/// <summary>What an assembly offers to others, one line of C# per type and member, in an order that never changes.</summary>
internal static class PublicSurface
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    internal static string[] Of(Assembly assembly) =>
        [.. assembly.GetExportedTypes()
            .SelectMany(type => Members(type).Select(member => $"{Name(type)}.{member}").Prepend(Head(type)))
            .Order(StringComparer.Ordinal)];

    /// <summary>What users build upon changes on purpose only: fails when it is not what a file of the source tree says.</summary>
    internal static void ShouldBeAsWritten(Assembly assembly, string file)
    {
        string[] present = Of(assembly);
        string[] written = File.ReadAllLines(Path.Combine(Repository.Root, file));
        string updated = Path.Combine(AppContext.BaseDirectory, "PublicSurface.present.txt");
        File.WriteAllText(updated, string.Join("\n", present) + "\n");

        string[] gone = [.. written.Except(present).Select(line => $"- {line}")];
        string[] added = [.. present.Except(written).Select(line => $"+ {line}")];

        Assert.True(
            gone.Length + added.Length == 0,
            $"The public surface has changed. If that is meant, copy {updated} to {file}:\n" + string.Join("\n", gone.Concat(added)));
    }

    private static string Head(Type type)
    {
        string kind = type.IsEnum ? "enum"
            : type.IsInterface ? "interface"
            : type.IsValueType ? "struct"
            : typeof(Delegate).IsAssignableFrom(type) ? "delegate"
            : type is { IsAbstract: true, IsSealed: true } ? "static class"
            : type.IsSealed ? "sealed class"
            : type.IsAbstract ? "abstract class"
            : "class";
        IEnumerable<Type> above = type.GetInterfaces();
        if (type.BaseType is { } parent && parent != typeof(object) && parent != typeof(ValueType) && parent != typeof(Enum))
            above = above.Prepend(parent);
        if (type.IsEnum)
            above = [Enum.GetUnderlyingType(type)];
        string bases = string.Join(", ", above.Select(Name).Order(StringComparer.Ordinal));
        return $"{Name(type)} : {kind}{(bases.Length > 0 ? $" ({bases})" : "")}";
    }

    private static IEnumerable<string> Members(Type type)
    {
        foreach (FieldInfo field in type.GetFields(Declared).Where(field => Visible(field.Attributes) && !field.IsSpecialName))
        {
            string value = field.IsLiteral ? $" = {Constant(field.GetRawConstantValue())}" : "";
            yield return $"{field.Name} : {(field.IsStatic ? "static " : "")}{(field.IsInitOnly ? "readonly " : "")}{Name(field.FieldType)}{value}";
        }

        foreach (ConstructorInfo constructor in type.GetConstructors(Declared).Where(Visible))
            yield return $"new({Parameters(constructor)})";

        foreach (MethodInfo method in type.GetMethods(Declared).Where(Visible))
        {
            string generic = method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(Name))}>" : "";
            yield return $"{method.Name}{generic}({Parameters(method)}) : {(method.IsStatic ? "static " : "")}{(method.IsVirtual && !method.IsFinal ? "virtual " : "")}{Name(method.ReturnType)}{Init(method)}";
        }
    }

    private static string Init(MethodInfo method) =>
        method.ReturnParameter.GetRequiredCustomModifiers().Any(modifier => modifier.Name == "IsExternalInit") ? " init" : "";

    private static string Parameters(MethodBase method) =>
        string.Join(", ", method.GetParameters().Select(parameter =>
            $"{(parameter.IsOut ? "out " : parameter.ParameterType.IsByRef ? "ref " : "")}{Name(parameter.ParameterType)} {parameter.Name}{(parameter.HasDefaultValue ? $" = {Constant(parameter.RawDefaultValue)}" : "")}"));

    private static bool Visible(FieldAttributes attributes) =>
        (attributes & FieldAttributes.FieldAccessMask) is FieldAttributes.Public or FieldAttributes.Family or FieldAttributes.FamORAssem;

    private static bool Visible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static string Constant(object? value) =>
        value is string text ? $"\"{text}\"" : Convert.ToString(value, CultureInfo.InvariantCulture) ?? "null";

    private static string Name(Type type)
    {
        if (type.IsByRef || type.IsPointer || type.IsArray)
            return Name(type.GetElementType()!) + (type.IsArray ? "[]" : type.IsPointer ? "*" : "&");
        if (type.IsGenericParameter)
            return type.Name;
        StringBuilder name = new(type.IsNested ? $"{Name(type.DeclaringType!)}.{type.Name}" : type.Name);
        if (!type.IsGenericType)
            return name.ToString();
        int arity = name.ToString().IndexOf('`', StringComparison.Ordinal);
        return $"{(arity < 0 ? name.ToString() : name.ToString(0, arity))}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>";
    }
}
