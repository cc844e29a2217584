using System.Collections.Immutable;
using System.Text;

namespace AiMixer.Tests;

public sealed class MixProfileTests
{
    [Fact]
    public void Neutral_names_every_parameter_but_bypass_at_its_default()
    {
        Assert.Equal("neutral", MixProfile.Neutral.Name);
        Assert.Equal(Parameter.All.Length - 1, MixProfile.Neutral.Parameters.Count);
        Assert.All(MixProfile.Neutral.Parameters, entry => Assert.Equal(Parameter.Find(entry.Key).Default, entry.Value));
    }

    [Fact]
    public void Every_genre_has_a_profile_of_its_name_that_names_every_parameter()
    {
        Genre[] genres = [.. Enum.GetValues<Genre>().Where(genre => genre != Genre.Auto)];
        Assert.Equal(genres.Select(genre => genre.ProfileName()), MixProfile.BuiltIn.Select(profile => profile.Name));
        Assert.All(genres, genre =>
        {
            MixProfile profile = MixProfile.For(genre);
            Assert.Same(MixProfile.BuiltIn[(int)genre], profile);
            Assert.Equal(Parameter.All.Length - 1, profile.Parameters.Count);
            Assert.NotEmpty(profile.Description);
            Assert.Equal(profile, MixProfile.Parse(profile.ToJson()));
        });
        Assert.Throws<ArgumentOutOfRangeException>(() => MixProfile.For((Genre)6));
        Assert.Throws<ArgumentOutOfRangeException>(() => MixProfile.For((Genre)(-1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => MixProfile.For(Genre.Auto));
    }

    [Fact]
    public void Files_of_the_profiles_say_what_the_core_says()
    {
        string[] files = Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "profiles"), "*.json");

        Assert.Equal(
            MixProfile.BuiltIn.Select(profile => profile.Name).Order(),
            files.Select(file => Path.GetFileNameWithoutExtension(file)).Order());
        Assert.All(files, file =>
        {
            using FileStream json = File.OpenRead(file);
            MixProfile written = MixProfile.Load(json);
            MixProfile built = MixProfile.BuiltIn.Single(profile => profile.Name == written.Name);
            Assert.Equal(written.Description, built.Description);
            Assert.Equal(written.Version, built.Version);
            Assert.Equal(written.WholeFiles, built.WholeFiles);
            Assert.All(
                Parameter.All.Where(row => row.Id != ParameterId.Bypass),
                row => Assert.Equal(written.ValueOf(row), built.ValueOf(row)));
        });
    }

    [Fact]
    public void Everything_that_is_wrong_is_told_at_once()
    {
        const string Json = """
            {"version":3,"title":"x","description":7,"description":"","parameters":{
             "gate.threshold_db":5,"gate.colour":1,"eq.mid_q":[1,
             2],"eq.mid_q":1,"bypass":0,"compressor.ratio":3}}
            """;

        string[] problems = [.. MixProfile.Check(Json)];

        string[] named = ["version", "title", "description", "description", "gate.threshold_db", "gate.colour", "eq.mid_q", "eq.mid_q", "bypass", "name"];
        Assert.Equal(named.Length, problems.Length);
        Assert.All(named.Zip(problems), pair => Assert.Contains(pair.First, pair.Second, StringComparison.Ordinal));
        Assert.All(problems, problem => Assert.DoesNotContain('\n', problem));
        string message = Assert.Throws<FormatException>(() => MixProfile.Parse(Json)).Message;
        Assert.All(problems, problem => Assert.Contains(problem, message, StringComparison.Ordinal));
        Assert.Empty(MixProfile.Check(MixProfile.Neutral.ToJson()));
        Assert.Throws<ArgumentNullException>(() => MixProfile.Check(null!));
    }

    [Fact]
    public void Json_comes_back_as_it_went()
    {
        MixProfile profile = (new MixProfile { Name = "spoken \"word\" ü", Description = "För röster\n" })
            .With("gate.threshold_db", -47.3f)
            .With("compressor.ratio", 1 + (1f / 3));

        Assert.Equal(profile, MixProfile.Parse(profile.ToJson()));
        Assert.Equal(profile.GetHashCode(), MixProfile.Parse(profile.ToJson()).GetHashCode());
        Assert.Equal(MixProfile.Neutral, MixProfile.Parse(MixProfile.Neutral.ToJson()));
    }

    [Fact]
    public void Json_lists_the_parameters_in_the_order_of_the_chain()
    {
        string json = MixProfile.Neutral.ToJson();
        int[] places = [.. Parameter.All.Where(row => row.Id != ParameterId.Bypass)
            .Select(row => json.IndexOf($"\"{row.Key}\"", StringComparison.Ordinal))];

        Assert.Equal(places.Order(), places);
        Assert.DoesNotContain(-1, places);
    }

    [Fact]
    public void Parse_takes_what_is_there_and_leaves_the_rest_at_the_default()
    {
        MixProfile profile = MixProfile.Parse(
            """{"version":1,"name":"mine","parameters":{"gate.threshold_db":-40.5}}""");

        Assert.Equal(["gate.threshold_db"], profile.Parameters.Keys);
        Assert.Equal(-40.5f, profile.ValueOf(Parameter.Find("gate.threshold_db")));
        Assert.Equal(4, profile.ValueOf(Parameter.Find("compressor.ratio")));
        Assert.Equal("", profile.Description);
        Assert.Equal(WholeFileLevel.Leveler, profile.WholeFiles);
    }

    [Fact]
    public void What_levels_whole_files_comes_back_as_it_went()
    {
        MixProfile still = MixProfile.Neutral with { WholeFiles = WholeFileLevel.OneGain };

        Assert.Contains("\"whole_files\": \"one gain\"", still.ToJson(), StringComparison.Ordinal);
        Assert.Equal(still, MixProfile.Parse(still.ToJson()));
        Assert.NotEqual(still, MixProfile.Neutral);
        Assert.Throws<ArgumentOutOfRangeException>(() => MixProfile.Neutral with { WholeFiles = (WholeFileLevel)2 });
    }

    [Fact]
    public void Load_reads_utf8_with_and_without_a_byte_order_mark()
    {
        byte[] plain = Encoding.UTF8.GetBytes(MixProfile.Neutral.ToJson());
        byte[] marked = [.. Encoding.UTF8.Preamble, .. plain];

        using var first = new MemoryStream(plain);
        using var second = new MemoryStream(marked);
        Assert.Equal(MixProfile.Neutral, MixProfile.Load(first));
        Assert.Equal(MixProfile.Neutral, MixProfile.Load(second));
        Assert.True(first.CanRead);
    }

    [Theory]
    [InlineData("", "cannot be read")]
    [InlineData("null", "JSON object")]
    [InlineData("[]", "cannot be read")]
    [InlineData("{\"version\":1,\"name\":\"x\",\"parameters\":{}", "cannot be read")]
    [InlineData("{\n  \"version\": 1,\n}", "line 3, byte 1: ", "trailing comma")]
    [InlineData("{\"name\":\"x\",\"parameters\":{}}", "version", "1")]
    [InlineData("{\"version\":2,\"name\":\"x\",\"parameters\":{}}", "version", "2", "1")]
    [InlineData("{\"version\":\"1\",\"name\":\"x\",\"parameters\":{}}", "version")]
    [InlineData("{\"version\":1,\"parameters\":{}}", "name")]
    [InlineData("{\"version\":1,\"name\":\"  \",\"parameters\":{}}", "name")]
    [InlineData("{\"version\":1,\"name\":\"x\"}", "parameters")]
    [InlineData("{\"version\":1,\"name\":\"x\",\"parameters\":{},\"colour\":1}", "colour")]
    [InlineData("{\"version\":1,\"name\":\"x\",\"parameters\":{},\"whole_files\":\"two gains\"}", "whole_files", "two gains", "leveler", "one gain")]
    [InlineData("{\"version\":1,\"name\":\"x\",\"parameters\":{},\"whole_files\":1}", "whole_files", "1", "one gain")]
    [InlineData("{\"version\":1,\"name\":\"x\",\"parameters\":{},\"whole_files\":null}", "whole_files", "null")]
    [InlineData("{\"version\":1,\"name\":\"x\",\"parameters\":{\"gate.colour\":1}}", "gate.colour")]
    [InlineData("{\"version\":1,\"name\":\"x\",\"parameters\":{\"bypass\":1}}", "bypass")]
    [InlineData("{\"version\":1,\"name\":\"x\",\"parameters\":{\"gate.threshold_db\":5}}", "gate.threshold_db", "5", "-100", "0 dB")]
    [InlineData("{\"version\":1,\"name\":\"x\",\"parameters\":{\"gate.threshold_db\":1e999}}", "gate.threshold_db", "-100")]
    [InlineData("{\"version\":1,\"name\":\"x\",\"parameters\":{\"gate.threshold_db\":\"-40\"}}", "gate.threshold_db", "number")]
    [InlineData("{\"version\":1,\"name\":\"x\",\"parameters\":{\"gate.threshold_db\":null}}", "gate.threshold_db", "number")]
    [InlineData("{\"version\":1,\"name\":\"x\",\"parameters\":{\"gate.enabled\":0.5}}", "gate.enabled", "0.5", "0 or 1")]
    [InlineData("{\"version\":1,\"name\":\"x\",\"parameters\":{\"gate.enabled\":1,\"gate.enabled\":0}}", "gate.enabled")]
    [InlineData("{\"version\":1,\"name\":\"\\ud800\",\"parameters\":{}}", "cannot be read")]
    [InlineData("{\"version\":1,\"version\":1,\"name\":\"x\",\"parameters\":{}}", "version")]
    public void Parse_says_what_is_wrong(string json, params string[] fragments)
    {
        string message = Assert.Throws<FormatException>(() => MixProfile.Parse(json)).Message;

        Assert.All(fragments, fragment => Assert.Contains(fragment, message, StringComparison.Ordinal));
        Assert.DoesNotContain('\n', message);
    }

    [Fact]
    public void With_changes_a_copy()
    {
        MixProfile changed = MixProfile.Neutral.With("eq.mid_gain_db", 3);

        Assert.Equal(3, changed.Parameters["eq.mid_gain_db"]);
        Assert.Equal(0, MixProfile.Neutral.Parameters["eq.mid_gain_db"]);
        Assert.NotEqual(MixProfile.Neutral, changed);
    }

    [Fact]
    public void Bad_values_are_refused_wherever_they_come_from()
    {
        ImmutableSortedDictionary<string, float> Of(string key, float value) =>
            ImmutableSortedDictionary<string, float>.Empty.Add(key, value);

        Assert.Throws<ArgumentOutOfRangeException>(() => MixProfile.Neutral.With("eq.mid_gain_db", 13));
        Assert.Throws<ArgumentOutOfRangeException>(() => MixProfile.Neutral.With("eq.mid_gain_db", float.NaN));
        Assert.Throws<ArgumentException>(() => MixProfile.Neutral.With("eq.colour", 1));
        Assert.Throws<ArgumentException>(() => MixProfile.Neutral.With("bypass", 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new MixProfile { Parameters = Of("eq.mid_gain_db", 13) });
        Assert.Throws<ArgumentException>(() => new MixProfile { Parameters = Of("bypass", 0) });
        Assert.Throws<ArgumentOutOfRangeException>(() => new MixProfile { Version = 2 });
        Assert.Throws<ArgumentException>(() => new MixProfile { Name = " " });
        Assert.Throws<ArgumentNullException>(() => new MixProfile { Description = null! });
        Assert.Throws<ArgumentNullException>(() => MixProfile.Parse(null!));
        Assert.Throws<ArgumentNullException>(() => MixProfile.Load(null!));
    }
}
