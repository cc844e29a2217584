using System.Buffers;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using AiMixer.Server.Errors;
using AiMixer.Server.Json;

namespace AiMixer.Server.Tests.Fuzzing;

/// <summary>The server's JSON reader against System.Text.Json, and the whole server against what is nearly JSON.</summary>
public sealed class JsonFuzzTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private const int Texts = 60_000;
    private const int Requests = 1500;
    private const int LongestArray = 1000;

    private static readonly JsonTypeInfo<JsonElement> AnyValue = (JsonTypeInfo<JsonElement>)JsonSerializerOptions.Default.GetTypeInfo(typeof(JsonElement));

    [Fact]
    public void The_reader_takes_what_JSON_is_and_reads_the_same_numbers_and_refuses_everything_else()
    {
        (int tried, int taken, int numbers) = (0, 0, 0);
        foreach (int seed in FuzzBudget.Seeds(Texts))
        {
            tried++;
            byte[] text = new Mutation(seed).Json(damaged: seed % 4 != 0);
            List<float[]>? expected = Reference(text);
            List<float[]>? read = Read(text);

            string shown = $"seed {seed}: {Encoding.Latin1.GetString(text)}";
            Assert.True(expected is null == read is null, $"{(read is null ? "refused" : "taken")}, {shown}");
            if (expected is not null)
            {
                Assert.True(expected.Count == read!.Count && expected.Zip(read).All(pair => Bits(pair.First).SequenceEqual(Bits(pair.Second))), shown);
                taken++;
                numbers += expected.Sum(array => array.Length);
            }
        }

        // Neither everything nor nothing: else the comparison would show little.
        Assert.InRange(taken, tried / 20, tried / 20 * 19);
        Assert.InRange(numbers, 30_000, int.MaxValue);
    }

    [Fact]
    public async Task Whatever_is_sent_as_JSON_is_answered_and_never_with_an_error_of_the_server()
    {
        Dictionary<HttpStatusCode, int> counts = [];
        foreach (int seed in FuzzBudget.Seeds(Requests))
        {
            var mutation = new Mutation(seed);
            byte[] good = Encoding.UTF8.GetBytes(
                """{"audioBuffer":[0.1,-0.25,3e-2],"config":{"genre":"rock","bypass":false,"intensity":50,"parameters":{"compressor.ratio":3}}}""");
            byte[] body = seed % 2 == 0 ? mutation.Json(damaged: true) : mutation.Damage(mutation.Damage(good));

            Answer answer = await fixture.Server.PostAsync("/process-audio", body);

            counts[answer.Status] = counts.GetValueOrDefault(answer.Status) + 1;
            Assert.True(
                answer.Status is HttpStatusCode.OK or HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity,
                $"{answer.Status}, seed {seed}: {Encoding.Latin1.GetString(body)} gave {answer.Text}");
        }

        Assert.Equal(3, counts.Count);
    }

    private static IEnumerable<int> Bits(float[] values) => values.Select(BitConverter.SingleToInt32Bits);

    /// <summary>The arrays called audioBuffer, or null when the text is refused.</summary>
    private static List<float[]>? Read(byte[] text)
    {
        List<float[]> found = [];
        try
        {
            var reader = new JsonObjectReader(text);
            while (reader.NextMember(out string? name))
            {
                if (name != "audioBuffer")
                {
                    reader.Read(name, AnyValue);
                    continue;
                }

                float[] values = reader.ReadFloats(name, LongestArray, out int count);
                found.Add(values[..count]);
                ArrayPool<float>.Shared.Return(values);
            }

            return found;
        }
        catch (ProblemException)
        {
            return null;
        }
    }

    private static List<float[]>? Reference(byte[] text)
    {
        // The value of a member may be 16 levels deep, and the object around it is one more.
        var options = new JsonDocumentOptions { MaxDepth = 17 };
        try
        {
            using JsonDocument document = JsonDocument.Parse(text, options);
            List<float[]> found = [];
            foreach (JsonProperty member in document.RootElement.EnumerateObject())
            {
                if (member.Name == "audioBuffer")
                {
                    found.Add([.. member.Value.EnumerateArray().Select(Number)]);
                }
            }

            return found;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or OverflowException)
        {
            return null;
        }
    }

    private static float Number(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Number)
        {
            throw new InvalidOperationException();
        }

        float value = float.Parse(element.GetRawText(), NumberStyles.Float, CultureInfo.InvariantCulture);
        return float.IsFinite(value) ? value : throw new OverflowException();
    }
}
