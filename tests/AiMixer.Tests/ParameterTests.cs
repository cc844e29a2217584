using AiMixer.Bindings;

namespace AiMixer.Tests;

public sealed class ParameterTests
{
    [Fact]
    public void Table_holds_every_id_of_the_enum_once_and_nothing_else() =>
        Assert.Equal(Enum.GetValues<ParameterId>().Order(), Parameter.All.Select(row => row.Id).Order());

    [Fact]
    public void Enum_names_are_the_keys_in_another_spelling()
    {
        Assert.All(Parameter.All, row => Assert.Equal(
            row.Key.Replace(".", "", StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal),
            row.Id.ToString(),
            ignoreCase: true));
    }

    [Fact]
    public void Enums_have_the_numbers_of_the_core()
    {
        Assert.Equal(
            Enum.GetValues<aim_parameter_id>().Select(id => (int)id).Order(),
            Enum.GetValues<ParameterId>().Select(id => (int)id).Order());
        Assert.Equal(
            Enum.GetValues<aim_unit>().Select(unit => (int)unit), Enum.GetValues<ParameterUnit>().Select(unit => (int)unit));
        Assert.Equal((int)aim_meter.AIM_METER_OUTPUT, (int)StripMeters.Output);
        Assert.Equal((int)aim_meter.AIM_METER_INPUT, (int)StripMeters.Input);
        Assert.Equal(
            Enum.GetValues<aim_genre>().Select(genre => (int)genre), Enum.GetValues<Genre>().Select(genre => (int)genre));
        Assert.Equal(
            Enum.GetValues<aim_leveler_hold>().Select(hold => (int)hold), Enum.GetValues<LevelerHold>().Select(hold => (int)hold));
        Assert.Equal(NativeMethods.AIM_SILENCE_DB, LoudnessReading.Silence);
    }

    [Theory]
    [InlineData("gate.threshold_db", -40)]
    [InlineData("gate.attack_ms", 0.5)]
    [InlineData("gate.release_ms", 100)]
    [InlineData("gate.hysteresis_db", 3)]
    [InlineData("compressor.ratio", 4)]
    [InlineData("compressor.threshold_db", -20)]
    [InlineData("compressor.attack_ms", 5)]
    [InlineData("compressor.release_ms", 50)]
    [InlineData("compressor.knee_db", 2)]
    [InlineData("eq.low_frequency_hz", 100)]
    [InlineData("eq.mid_frequency_hz", 1000)]
    [InlineData("eq.mid_q", 0.7)]
    [InlineData("eq.high_frequency_hz", 10000)]
    [InlineData("limiter.threshold_db", -0.3)]
    [InlineData("limiter.lookahead_ms", 5)]
    [InlineData("limiter.release_ms", 50)]
    [InlineData("limiter.ceiling_db", -0.1)]
    public void Defaults_are_those_of_the_system_documentation(string key, double value) =>
        Assert.Equal((float)value, Parameter.Find(key).Default);

    [Fact]
    public void Every_row_is_complete_and_its_default_allowed()
    {
        Assert.All(Parameter.All, row =>
        {
            Assert.NotEmpty(row.Key);
            Assert.NotEmpty(row.Name);
            Assert.Equal(row.Unit is ParameterUnit.Boolean or ParameterUnit.Factor, row.UnitLabel.Length == 0);
            Assert.True(row.Minimum < row.Maximum);
            Assert.True(row.Allows(row.Default));
            Assert.True(row.Allows(row.Minimum));
            Assert.True(row.Allows(row.Maximum));
        });
    }

    [Fact]
    public void Only_the_look_ahead_is_a_setup_parameter() =>
        Assert.Equal([ParameterId.LimiterLookaheadMs], Parameter.All.Where(row => row.IsSetup).Select(row => row.Id));

    [Fact]
    public void What_lies_outside_is_not_allowed()
    {
        Parameter threshold = Parameter.Find("gate.threshold_db");
        Assert.False(threshold.Allows(float.NaN));
        Assert.False(threshold.Allows(float.NegativeInfinity));
        Assert.False(threshold.Allows(MathF.BitIncrement(threshold.Maximum)));
        Assert.False(threshold.Allows(MathF.BitDecrement(threshold.Minimum)));
        Assert.False(Parameter.Find("gate.enabled").Allows(0.5f));
    }

    [Fact]
    public void Unknown_parameters_are_named()
    {
        Assert.Contains("gate.colour", Assert.Throws<ArgumentException>(() => Parameter.Find("gate.colour")).Message);
        Assert.Contains("999", Assert.Throws<ArgumentException>(() => Parameter.Find((ParameterId)999)).Message);
        Assert.False(Parameter.TryFind("gate.colour", out Parameter? nothing));
        Assert.Null(nothing);
        Assert.Throws<ArgumentNullException>(() => Parameter.Find(null!));
    }

    [Fact]
    public void Find_by_number_and_by_key_give_the_same_row() =>
        Assert.All(Parameter.All, row => Assert.Same(Parameter.Find(row.Id), Parameter.Find(row.Key)));

    [Fact]
    public void Library_says_what_it_is()
    {
        Assert.Matches(@"^\d+\.\d+\.\d+", AiMixerInfo.Version);
        Assert.NotEmpty(AiMixerInfo.NativeBuild);
    }
}
