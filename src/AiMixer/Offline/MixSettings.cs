using System.Collections.Immutable;
using System.Globalization;

namespace AiMixer;

/// <summary>Every parameter of one mix with the reason for its value, and the way from there into a strip.</summary>
internal sealed class MixSettings
{
    private readonly OfflineMixOptions _options;
    private readonly ImmutableArray<AppliedParameter> _parameters;

    // What counts more than the profile, in the strip too: the intensity leaves it alone.
    private readonly ImmutableSortedDictionary<ParameterId, float> _overrides;

    private MixSettings(
        OfflineMixOptions options,
        ImmutableArray<AppliedParameter> parameters,
        ImmutableSortedDictionary<ParameterId, float> overrides)
    {
        _options = options;
        _parameters = parameters;
        _overrides = overrides;
    }

    internal ImmutableArray<AppliedParameter> All => _parameters;

    internal float this[ParameterId id] => _parameters[IndexOf(id)].Value;

    /// <summary>Overrides count more than the profile, the profile more than the defaults.</summary>
    internal static MixSettings From(OfflineMixOptions options, int channels)
    {
        var overrides = options.Overrides.ToImmutableSortedDictionary(entry => Parameter.Find(entry.Key).Id, entry => entry.Value);
        var rows = ImmutableArray.CreateBuilder<AppliedParameter>(Parameter.All.Length);
        string intensity = options.IntensityPercent < ChannelStrip.IntensityMaximum
            ? string.Create(CultureInfo.InvariantCulture, $" at {options.IntensityPercent} %")
            : "";
        foreach (Parameter parameter in Parameter.All)
        {
            (float value, string reason) =
                options.Bypass && parameter.Id == ParameterId.Bypass ? (1, "bypass")
                : overrides.TryGetValue(parameter.Id, out float set) ? (set, "override")
                : options.Profile.Parameters.TryGetValue(parameter.Key, out set) ? (set, $"profile {options.Profile.Name}{intensity}")
                : (parameter.Default, $"default{(parameter.Id == ParameterId.Bypass ? "" : intensity)}");
            rows.Add(new AppliedParameter(parameter.Key, value, parameter.UnitLabel, reason));
        }

        if (options.Bypass)
        {
            overrides = overrides.SetItem(ParameterId.Bypass, 1);
        }

        return new MixSettings(options, rows.MoveToImmutable(), overrides)
            .NamingAbsolute(ParameterId.GateThresholdDb, ParameterId.GateThresholdRelative, channels)
            .NamingAbsolute(ParameterId.CompressorThresholdDb, ParameterId.CompressorThresholdRelative, channels);
    }

    internal static string TargetReason(float targetLufs) =>
        string.Create(CultureInfo.InvariantCulture, $"loudness target {targetLufs} LUFS");

    /// <summary>The settings with one parameter set by the mixer itself.</summary>
    internal MixSettings With(ParameterId id, float value, string reason) =>
        new(_options, Explained(id, value, reason), _overrides.SetItem(id, value));

    /// <summary>The settings with another account of one parameter: what the core made of it.</summary>
    internal MixSettings Reporting(ParameterId id, float value, string reason) =>
        new(_options, Explained(id, value, reason), _overrides);

    /// <summary>The account of a live mix as it ended: the rows of the last profile, what was set as it was.</summary>
    internal MixSettings EndingIn(Genre genre, int channels)
    {
        MixSettings end = From(_options with { Genre = genre }, channels);
        ImmutableArray<AppliedParameter> rows = [.. end._parameters.Select((row, index) =>
            _overrides.ContainsKey(Parameter.All[index].Id) ? _parameters[index] : row with { Reason = row.Reason + ", at the end" })];
        return new(_options, rows, _overrides);
    }

    internal void ApplyTo(ChannelStrip strip)
    {
        // Listening begins anew from neutral, whatever the last render ended in.
        strip.SetProfile(_options.Profile, TimeSpan.Zero);
        if (_options.Recognises)
        {
            strip.SetGenreWeights(_options.GenreWeights);
            strip.SetGenre(Genre.Auto);
        }

        strip.Intensity = _options.IntensityPercent;
        foreach ((ParameterId id, float value) in _overrides)
        {
            strip.Set(id, value);
        }
    }

    /// <summary>Says where a relative threshold lies in dBFS; with the leveler off it follows the input.</summary>
    private MixSettings NamingAbsolute(ParameterId threshold, ParameterId relative, int channels)
    {
        AppliedParameter row = _parameters[IndexOf(threshold)];
        bool isRelative = this[relative] != 0 && (!_overrides.ContainsKey(threshold) || _overrides.ContainsKey(relative));
        if (!isRelative)
        {
            return this;
        }

        float targetLufs = _options.LevelerTargetFor(channels);
        string where = this[ParameterId.LevelerEnabled] == 0
            ? "relative to the loudness of the input"
            : string.Create(
                CultureInfo.InvariantCulture, $"{targetLufs + row.Value:0.###} dBFS at the loudness target of {targetLufs:0.###} LUFS");
        return Reporting(threshold, row.Value, $"{row.Reason}: {where}");
    }

    private ImmutableArray<AppliedParameter> Explained(ParameterId id, float value, string reason)
    {
        int index = IndexOf(id);
        return _parameters.SetItem(index, _parameters[index] with { Value = value, Reason = reason });
    }

    private static int IndexOf(ParameterId id) => Parameter.All.IndexOf(Parameter.Find(id));
}
