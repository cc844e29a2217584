using System.Collections.Immutable;
using System.Globalization;

namespace AiMixer;

/// <summary>Every parameter of one mix with the reason for its value.</summary>
internal sealed class MixSettings
{
    private readonly ImmutableArray<AppliedParameter> _parameters;

    private MixSettings(ImmutableArray<AppliedParameter> parameters) => _parameters = parameters;

    internal ImmutableArray<AppliedParameter> All => _parameters;

    /// <summary>Overrides count more than the profile, the profile more than the defaults.</summary>
    internal static MixSettings From(OfflineMixOptions options)
    {
        string fromProfile = $"profile {options.Profile.Name}";
        var rows = ImmutableArray.CreateBuilder<AppliedParameter>(Parameter.All.Length);
        foreach (Parameter parameter in Parameter.All)
        {
            (float value, string reason) =
                options.Bypass && parameter.Id == ParameterId.Bypass ? (1, "bypass")
                : options.Overrides.TryGetValue(parameter.Key, out float set) ? (set, "override")
                : options.Profile.Parameters.TryGetValue(parameter.Key, out set) ? (set, fromProfile)
                : (parameter.Default, "default");
            rows.Add(new AppliedParameter(parameter.Key, value, parameter.UnitLabel, reason));
        }

        return new MixSettings(rows.MoveToImmutable());
    }

    internal float this[ParameterId id] => _parameters[IndexOf(id)].Value;

    internal MixSettings With(ParameterId id, float value, string reason)
    {
        int index = IndexOf(id);
        return new MixSettings(_parameters.SetItem(index, _parameters[index] with { Value = value, Reason = reason }));
    }

    internal void ApplyTo(ChannelStrip strip)
    {
        foreach (AppliedParameter parameter in _parameters)
        {
            strip.Set(parameter.Id, parameter.Value);
        }
    }

    internal static string TargetReason(float targetLufs) =>
        string.Create(CultureInfo.InvariantCulture, $"loudness target {targetLufs} LUFS");

    private int IndexOf(ParameterId id)
    {
        string key = Parameter.Find(id).Key;
        return _parameters.IndexOf(_parameters.First(row => row.Id == key));
    }
}
