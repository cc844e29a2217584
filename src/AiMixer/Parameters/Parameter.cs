using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using AiMixer.Bindings;

namespace AiMixer;

/// <summary>One row of the core's parameter table: the single source of names, units, ranges and defaults.</summary>
public sealed record Parameter
{
    private Parameter()
    {
    }

    /// <summary>Every parameter, in the order of the chain.</summary>
    public static ImmutableArray<Parameter> All => ParameterTable.Current.Rows;

    /// <summary>The stable number.</summary>
    public ParameterId Id { get; private init; }

    /// <summary>The stable text id, such as "compressor.threshold_db".</summary>
    public string Key { get; private init; } = "";

    /// <summary>The name for people, such as "Compressor threshold".</summary>
    public string Name { get; private init; } = "";

    /// <summary>What the number means.</summary>
    public ParameterUnit Unit { get; private init; }

    /// <summary>The unit for people, such as "dB"; empty for switches.</summary>
    public string UnitLabel { get; private init; } = "";

    /// <summary>Lowest value allowed.</summary>
    public float Minimum { get; private init; }

    /// <summary>Highest value allowed.</summary>
    public float Maximum { get; private init; }

    /// <summary>Value of a fresh strip: the neutral profile.</summary>
    public float Default { get; private init; }

    /// <summary>
    /// Can be set only before the first processing after creation or reset, because the latency depends on it.
    /// </summary>
    public bool IsSetup { get; private init; }

    /// <summary>Finds a parameter by its key.</summary>
    /// <param name="key">The text id, such as "compressor.threshold_db".</param>
    /// <returns>The parameter.</returns>
    /// <exception cref="ArgumentNullException">There is no key.</exception>
    /// <exception cref="ArgumentException">No parameter has this key.</exception>
    public static Parameter Find(string key) => TryFind(key, out Parameter? parameter)
        ? parameter
        : throw new ArgumentException($"There is no parameter '{key}'.", nameof(key));

    /// <summary>Finds a parameter by its number.</summary>
    /// <param name="id">The number.</param>
    /// <returns>The parameter.</returns>
    /// <exception cref="ArgumentException">No parameter has this number.</exception>
    public static Parameter Find(ParameterId id) => ParameterTable.Current.ById.TryGetValue(id, out Parameter? parameter)
        ? parameter
        : throw new ArgumentException(
            string.Create(CultureInfo.InvariantCulture, $"There is no parameter {(int)id}."), nameof(id));

    /// <summary>Finds a parameter by its key.</summary>
    /// <param name="key">The text id, such as "compressor.threshold_db".</param>
    /// <param name="parameter">The parameter, when there is one.</param>
    /// <returns>Whether there is one.</returns>
    /// <exception cref="ArgumentNullException">There is no key.</exception>
    public static bool TryFind(string key, [NotNullWhen(true)] out Parameter? parameter)
    {
        ArgumentNullException.ThrowIfNull(key);
        return ParameterTable.Current.ByKey.TryGetValue(key, out parameter);
    }

    /// <summary>Whether a value may be set: inside the range; 0 or 1 for a switch.</summary>
    /// <param name="value">The value, in the parameter's unit.</param>
    /// <returns><see langword="false"/> for anything else and for NaN.</returns>
    public bool Allows(float value) =>
        value >= Minimum && value <= Maximum && (Unit != ParameterUnit.Boolean || value is 0 or 1);

    /// <summary>Fails with the key, the value and the allowed range.</summary>
    internal void Check(float value, string argument)
    {
        if (!Allows(value))
        {
            throw new ArgumentOutOfRangeException(argument, value, Complaint(value));
        }
    }

    /// <summary>What is wrong with a value, in one line.</summary>
    internal string Complaint(float value) => string.Create(
        CultureInfo.InvariantCulture, $"{Key} cannot be {value}; {Allowed} is allowed.");

    internal static unsafe Parameter From(in aim_parameter_info info) => new()
    {
        Id = (ParameterId)info.id,
        Key = CoreStatus.Text(info.key),
        Name = CoreStatus.Text(info.name),
        Unit = (ParameterUnit)info.unit,
        UnitLabel = CoreStatus.Text(info.unit_label),
        Minimum = info.minimum,
        Maximum = info.maximum,
        Default = info.default_value,
        IsSetup = (info.flags & (int)aim_parameter_flag.AIM_PARAMETER_SETUP) != 0,
    };

    private string Allowed => Unit == ParameterUnit.Boolean
        ? "0 or 1"
        : string.Create(CultureInfo.InvariantCulture, $"{Minimum} to {Maximum} {UnitLabel}").TrimEnd();
}
