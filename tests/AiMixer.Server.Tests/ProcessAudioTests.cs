using System.Globalization;
using System.Net;
using System.Text.Json;

namespace AiMixer.Server.Tests;

public sealed class ProcessAudioTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    // A tone of -20 dBFS; mono, K-weighted, it has 3.01 dB less as loudness (ITU-R BS.1770-5).
    private const double TonePeakDb = -20;

    private static float[] Tone(int samples, double peakDb = TonePeakDb, int rate = 48_000) =>
        [.. Enumerable.Range(0, samples).Select(i => (float)(Math.Pow(10, peakDb / 20) * Math.Sin(2 * Math.PI * 997 * i / rate)))];

    private static string Request(float[] samples, string config = "{}") =>
        $$"""{"audioBuffer":[{{string.Join(',', samples.Select(x => x.ToString("R", CultureInfo.InvariantCulture)))}}],"config":{{config}}}""";

    private static float[] Buffer(JsonElement answer) => [.. answer.GetProperty("processedBuffer").EnumerateArray().Select(x => x.GetSingle())];

    [Fact]
    public async Task The_request_of_the_documentation_gives_the_answer_of_the_documentation()
    {
        Answer answer = await fixture.Server.PostAsync("/process-audio", Request(Tone(960), """{"genre":"auto","bypass":false}"""));

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal("application/json", answer.ContentType);
        Assert.Equal(960, Buffer(answer.Json).Length);
        JsonElement metrics = answer.Json.GetProperty("metrics");
        foreach (string name in new[] { "peak", "rms", "lufs", "confidence", "truePeak" })
        {
            Assert.Equal(JsonValueKind.Number, metrics.GetProperty(name).ValueKind);
        }

        Assert.NotEmpty(metrics.GetProperty("genre").GetString()!);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(959)]
    [InlineData(960)]
    [InlineData(48_000)]
    [InlineData(480_000)]
    public async Task Bypassed_audio_comes_back_bit_for_bit_and_in_place(int samples)
    {
        float[] input = Tone(samples);

        Answer answer = await fixture.Server.PostAsync("/process-audio", Request(input, """{"bypass":true}"""));

        Assert.Equal(input, Buffer(answer.Json));
    }

    [Theory]
    [InlineData(960)]
    [InlineData(19_200)]
    [InlineData(96_000)]
    public async Task Metrics_are_those_of_the_output(int samples)
    {
        Answer answer = await fixture.Server.PostAsync("/process-audio", Request(Tone(samples), """{"bypass":true}"""));

        JsonElement metrics = answer.Json.GetProperty("metrics");
        Assert.Equal(TonePeakDb, metrics.GetProperty("peak").GetDouble(), tolerance: 0.02);
        Assert.Equal(TonePeakDb - 3.01, metrics.GetProperty("rms").GetDouble(), tolerance: 0.02);
        // The filter's own start weighs in short buffers.
        Assert.Equal(TonePeakDb - 3.01, metrics.GetProperty("lufs").GetDouble(), tolerance: samples < 19_200 ? 0.3 : 0.1);
    }

    [Fact]
    public async Task Output_is_what_the_library_makes_of_it_also_when_strips_are_used_again()
    {
        float[] input = Tone(9_600, peakDb: -6);
        using var strip = new ChannelStrip(new ChannelStripOptions { Channels = 1 });
        strip.SetGenre(Genre.Rock);
        strip.Intensity = 80;
        strip.Set(ParameterId.CompressorRatio, 3);
        float[] expected = new float[input.Length + strip.LatencyFrames];
        input.CopyTo(expected, 0);
        strip.Process(expected);

        for (int round = 0; round < 3; round++)
        {
            Answer answer = await fixture.Server.PostAsync(
                "/process-audio", Request(input, """{"genre":"rock","intensity":80,"parameters":{"compressor.ratio":3}}"""));
            Assert.Equal(expected[strip.LatencyFrames..], Buffer(answer.Json));

            // Something quite different in between.
            await fixture.Server.PostAsync("/process-audio", Request(input, """{"genre":"speech","bypass":true,"parameters":{"gate.threshold_db":-20}}"""));
        }
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("[1,2]", "object")]
    [InlineData("{\"audioBuffer\":[0.1,", "does not end")]
    [InlineData("{\"audioBuffer\":[0.1,0.2]", "does not end")]
    [InlineData("{\"audioBuffer\":[NaN]}", "audioBuffer[0]")]
    [InlineData("{\"audioBuffer\":[0.1,,0.2]}", "audioBuffer[1]")]
    [InlineData("{\"audioBuffer\":[0.1,[0.2]]}", "audioBuffer[1]")]
    [InlineData("{\"audioBuffer\":\"loud\"}", "array of numbers")]
    [InlineData("{\"audioBuffer\":[0.1],\"audioBuffer\":[0.2]}", "twice")]
    [InlineData("{\"audioBuffer\":[0.1],\"config\":{\"bypass\":\"no\"}}", "config.bypass")]
    [InlineData("{\"audioBuffer\":[0.1],\"config\":{\"volume\":11}}", "config")]
    [InlineData("{\"audioBuffer\":[0.1]} x", "follow")]
    [InlineData("{\"config\":{}}", "audioBuffer is missing")]
    public async Task Malformed_requests_are_told_what_is_wrong(string json, string said)
    {
        Answer answer = await fixture.Server.PostAsync("/process-audio", json);

        answer.AssertProblem(400, "malformed-request", said);
    }

    [Theory]
    [InlineData("[1e400]", "{}", "audioBuffer[0]", "finite")]
    [InlineData("[]", "{}", "audioBuffer", "at least one")]
    [InlineData("[1,2,3]", "{\"channels\":2}", "audioBuffer", "multiple of the 2 channels")]
    [InlineData("[1]", "{\"sampleRate\":7999}", "config.sampleRate", "8000 to 192000 Hz")]
    [InlineData("[1]", "{\"channels\":3}", "config.channels", "1 to 2")]
    [InlineData("[1]", "{\"genre\":\"polka\"}", "config.genre", "auto, neutral, speech, rock, jazz, electronic, classical")]
    [InlineData("[1]", "{\"target\":1}", "config.target", "-70 to 0 LUFS")]
    [InlineData("[1]", "{\"intensity\":101}", "config.intensity", "0 to 100 %")]
    [InlineData("[1]", "{\"parameters\":{\"compressor.ratio\":0}}", "config.parameters.compressor.ratio", "1 to")]
    [InlineData("[1]", "{\"parameters\":{\"fuzz\":1}}", "config.parameters.fuzz", "parameter")]
    public async Task Values_out_of_range_are_named_with_what_is_allowed(string buffer, string config, string field, string allowed)
    {
        Answer answer = await fixture.Server.PostAsync("/process-audio", $$"""{"audioBuffer":{{buffer}},"config":{{config}}}""");

        JsonElement problem = answer.AssertProblem(422, "invalid-value", field, allowed);
        Assert.Equal(field, problem.GetProperty("errors")[0].GetProperty("field").GetString());
    }

    [Fact]
    public async Task More_than_ten_seconds_are_refused()
    {
        Answer answer = await fixture.Server.PostAsync("/process-audio", Request(new float[480_001]));

        answer.AssertProblem(413, "content-too-large", "480001", "480000");
    }
}
