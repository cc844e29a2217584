using System.Collections.Frozen;
using System.Collections.Immutable;
using AiMixer.Bindings;

namespace AiMixer;

/// <summary>The core's parameter table, read once.</summary>
internal sealed class ParameterTable
{
    // A failure to load the core is thrown as it is, each time, rather than wrapped by a static constructor.
    private static readonly Lazy<ParameterTable> s_current = new(Read, LazyThreadSafetyMode.PublicationOnly);

    private ParameterTable(ImmutableArray<Parameter> rows)
    {
        Rows = rows;
        ById = rows.ToFrozenDictionary(row => row.Id);
        ByKey = rows.ToFrozenDictionary(row => row.Key, StringComparer.Ordinal);
        Setup = [.. rows.Where(row => row.IsSetup)];
    }

    internal static ParameterTable Current => s_current.Value;

    internal ImmutableArray<Parameter> Rows { get; }

    /// <summary>The rows that a running strip may refuse.</summary>
    internal ImmutableArray<Parameter> Setup { get; }

    internal FrozenDictionary<ParameterId, Parameter> ById { get; }

    internal FrozenDictionary<string, Parameter> ByKey { get; }

    private static unsafe ParameterTable Read()
    {
        int count = NativeMethods.aim_parameter_count();
        var rows = ImmutableArray.CreateBuilder<Parameter>(count);
        for (int index = 0; index < count; index++)
        {
            aim_parameter_info info;
            CoreStatus.Check(NativeMethods.aim_parameter_info_at(index, &info));
            rows.Add(Parameter.From(info));
        }

        return new ParameterTable(rows.MoveToImmutable());
    }
}
