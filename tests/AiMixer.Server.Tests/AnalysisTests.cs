using System.Globalization;
using System.Text.Json;

namespace AiMixer.Server.Tests;

public sealed class AnalysisTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private static string Array(IEnumerable<float> values) =>
        $"[{string.Join(',', values.Select(value => value.ToString("R", CultureInfo.InvariantCulture)))}]";

    private static float[][] Rows(JsonElement answer) =>
        [.. answer.GetProperty("features").EnumerateArray().Select(row => row.EnumerateArray().Select(x => x.GetSingle()).ToArray())];

    [Theory]
    [InlineData(960, 1)]
    [InlineData(1_440, 2)]
    [InlineData(48_000, 99)]
    public async Task Features_are_those_of_the_library_thirteen_per_frame(int samples, int frames)
    {
        float[] input = Signals.Noise(samples);
        using var mfcc = new MfccExtractor();
        float[] rows = new float[frames * 13];
        float[] centroid = new float[frames];
        float[] crossings = new float[frames];
        Assert.Equal(frames, mfcc.Process(input, rows, centroid, crossings));

        Answer answer = await fixture.Server.PostAsync("/extract-features", $$"""{"audioBuffer":{{Array(input)}},"numCoefficients":13}""");

        Assert.Equal([.. rows.Chunk(13)], Rows(answer.Json));
        Assert.Equal(centroid.Average(), answer.Json.GetProperty("spectralCentroid").GetSingle());
        Assert.Equal(crossings.Average(), answer.Json.GetProperty("zeroCrossingRate").GetSingle());
    }

    [Fact]
    public async Task A_tone_has_its_centroid_and_its_zero_crossings()
    {
        float[] tone = [.. Enumerable.Range(0, 9_600).Select(i => (float)Math.Sin(2 * Math.PI * 3_000 * i / 48_000))];

        Answer answer = await fixture.Server.PostAsync("/extract-features", $$"""{"audioBuffer":{{Array(tone)}}}""");

        Assert.Equal(3_000, answer.Json.GetProperty("spectralCentroid").GetDouble(), tolerance: 30);
        Assert.Equal(2 * 3_000 / 48_000.0, answer.Json.GetProperty("zeroCrossingRate").GetDouble(), tolerance: 0.002);
    }

    /// <summary>The same noise at half the rate, its power spread over half the band: the same density, the same coefficients.</summary>
    [Fact]
    public async Task Stereo_and_other_rates_are_taken()
    {
        float[] mono = Signals.Noise(24_000);
        float[] stereo = [.. mono.SelectMany(sample => new[] { sample, sample })];

        Answer one = await fixture.Server.PostAsync("/extract-features", $$"""{"audioBuffer":{{Array(mono)}},"sampleRate":24000}""");
        Answer two = await fixture.Server.PostAsync("/extract-features", $$"""{"audioBuffer":{{Array(stereo)}},"sampleRate":24000,"channels":2}""");

        Assert.Equal(99, Rows(one.Json).Length);
        Assert.Equal(Rows(one.Json), Rows(two.Json));
    }

    [Theory]
    [InlineData("""{"audioBuffer":[0.5]}""", "960 samples")]
    [InlineData("""{"audioBuffer":[],"numCoefficients":13}""", "at least one")]
    [InlineData("""{"numCoefficients":0,"audioBuffer":[]}""", "1 to 40")]
    [InlineData("""{"sampleRate":1,"audioBuffer":[]}""", "8000 to 192000")]
    [InlineData("""{"size":1}""", "numCoefficients")]
    public async Task Features_of_what_makes_no_sense_are_refused(string json, string said) =>
        (await fixture.Server.PostAsync("/extract-features", json)).AssertProblem(422, "invalid-value", said);

    [Fact]
    public async Task Features_classify_into_probabilities_of_all_five_genres()
    {
        float[][] rows = [.. Enumerable.Range(0, 100).Select(i => Signals.Noise(13, peak: 50, seed: i))];
        GenreProbabilities expected = new GenreClassifier().Classify([.. rows.SelectMany(row => row)]);

        Answer answer = await fixture.Server.PostAsync("/classify-genre", $$"""{"features":[{{string.Join(',', rows.Select(Array))}}]}""");

        JsonElement probabilities = answer.Json.GetProperty("probabilities");
        Assert.Equal(
            ["classical", "electronic", "jazz", "rock", "speech"],
            probabilities.EnumerateObject().Select(p => p.Name).Order(StringComparer.Ordinal));
        foreach (Genre genre in GenreProbabilities.Genres)
        {
            Assert.Equal(expected[genre], probabilities.GetProperty(genre.ProfileName()).GetSingle());
        }

        Assert.Equal(1, probabilities.EnumerateObject().Sum(p => p.Value.GetDouble()), tolerance: 1e-4);
        Assert.Equal(expected.Likeliest.ProfileName(), answer.Json.GetProperty("genre").GetString());
        Assert.Equal(expected.Highest, answer.Json.GetProperty("confidence").GetSingle());
    }

    [Theory]
    [InlineData("""{"features":[]}""", 422, "invalid-value", "at least one frame")]
    [InlineData("""{"features":[[1,2,3]]}""", 422, "invalid-value", "13 coefficients")]
    [InlineData("""{"features":[[1e9,0,0,0,0,0,0,0,0,0,0,0,0]]}""", 422, "invalid-value", "features[0][0]")]
    [InlineData("""{"features":[1]}""", 400, "malformed-request", "features[0]")]
    [InlineData("""{"features":[[0,0,0,0,0,0,0,0,0,0,0,0,0] [0]]}""", 400, "malformed-request", "comma")]
    [InlineData("{}", 400, "malformed-request", "features is missing")]
    public async Task Features_that_make_no_sense_are_not_classified(string json, int status, string type, string said) =>
        (await fixture.Server.PostAsync("/classify-genre", json)).AssertProblem(status, type, said);
}
