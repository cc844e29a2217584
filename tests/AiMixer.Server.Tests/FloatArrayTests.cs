using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using AiMixer.Server.Errors;
using AiMixer.Server.Json;

namespace AiMixer.Server.Tests;

/// <summary>Arrays of floats as JSON, several of which are written and looked for at a time, against System.Text.Json.</summary>
public sealed class FloatArrayTests
{
    private const int Many = 2_000_000;

    // From the smallest number that is written without an exponent to full scale: what is written four at a time.
    private const int Smallest = 0x38D1B717;
    private const int One = 0x3F800000;

    private static float[] Read(string array)
    {
        var reader = new JsonObjectReader(Encoding.ASCII.GetBytes($"{{\"x\":{array}}}"));
        Assert.True(reader.NextMember(out string? name));
        float[] rented = reader.ReadFloats(name, int.MaxValue, out int count);
        float[] values = rented[..count];
        ArrayPool<float>.Shared.Return(rented);
        Assert.False(reader.NextMember(out _));
        return values;
    }

    private static void AssertWritten(float[] values)
    {
        var own = new ArrayBufferWriter<byte>();
        JsonText.WriteElements(own, values, isFirst: true);
        ReadOnlySpan<byte> expected = JsonSerializer.SerializeToUtf8Bytes(values).AsSpan()[1..^1];
        if (!own.WrittenSpan.SequenceEqual(expected))
        {
            Assert.Equal(Encoding.ASCII.GetString(expected), Encoding.ASCII.GetString(own.WrittenSpan));
        }
    }

    [Fact]
    public void Audio_is_written_as_System_Text_Json_writes_it()
    {
        var random = new Random(17);
        float[] values = new float[1000];
        for (int i = 0; i < Many / values.Length; i++)
        {
            foreach (ref float value in values.AsSpan())
            {
                value = BitConverter.Int32BitsToSingle(random.Next(Smallest, One) | random.Next(2) << 31);
            }

            AssertWritten(values);
        }
    }

    [Fact]
    public void Every_float_around_a_power_of_two_or_of_ten_is_written_as_System_Text_Json_writes_it()
    {
        List<float> values = [];
        foreach (float middle in Enumerable.Range(-14, 15).Select(two => MathF.ScaleB(1, two)).Concat([0.1f, 0.01f, 0.001f, 0.0001f, 0.5f, 0.99999f]))
        {
            int bits = BitConverter.SingleToInt32Bits(middle);
            values.AddRange(Enumerable.Range(bits - 1000, 2000).Select(BitConverter.Int32BitsToSingle));
        }

        AssertWritten([.. values]);
        AssertWritten([.. Enumerable.Range(0, 20_000).Select(i => i / 10_000f)]);
    }

    [Fact]
    public void What_is_unusual_may_stand_anywhere_among_audio()
    {
        float[] unusual = [0f, -0f, 1f, -1f, 0.5f, -0.25f, 1.5f, 3e-5f, -1e-30f, float.Epsilon, float.MaxValue, 1234.5f, 1e7f, 0.1f];
        for (int length = 1; length < 12; length++)
        {
            for (int at = 0; at < length; at++)
            {
                foreach (float one in unusual)
                {
                    float[] values = [.. Enumerable.Range(0, length).Select(i => i == at ? one : (i % 2 == 0 ? 0.12345678f : -0.0345f))];
                    AssertWritten(values);
                    Assert.Equal(values, Read(JsonSerializer.Serialize(values)));
                }
            }
        }
    }

    [Fact]
    public void Arrays_in_any_spelling_are_read_as_the_nearest_floats()
    {
        var random = new Random(19);
        string[] formats = ["R", "F1", "F7", "F8", "F9", "F15", "F16", "F17", "F18", "E8", "E9", "E16", "F0"];
        string[] spaces = ["", "", "", "", " ", "\n\t", "  \r\n"];
        for (int length = 1; length < 900; length++)
        {
            string[] texts = new string[length];
            for (int i = 0; i < length; i++)
            {
                double value = (2 * random.NextDouble() - 1) * Math.Pow(10, random.Next(4) == 0 ? random.Next(-20, 20) : 0);
                texts[i] = value.ToString(formats[random.Next(formats.Length)], CultureInfo.InvariantCulture);
            }

            float[] expected = [.. texts.Select(text => float.Parse(text, CultureInfo.InvariantCulture))];
            string array = string.Join(',', texts.Select(text => spaces[random.Next(spaces.Length)] + text + spaces[random.Next(spaces.Length)]));
            float[] values = Read($"[{array}]");
            Assert.Equal(expected.Select(BitConverter.SingleToInt32Bits), values.Select(BitConverter.SingleToInt32Bits));
        }
    }

    [Fact]
    public void Halfway_between_two_floats_the_even_one_counts_at_up_to_sixteen_places()
    {
        var random = new Random(23);
        for (int i = 0; i < 2_000; i++)
        {
            // Up to 16 places only numbers with few bits lie exactly between two floats: around them are those that nearly do.
            float low = random.Next(1 << 23, 1 << 24) / (float)(1 << 24);
            decimal middle = ((decimal)(double)low + (decimal)(double)MathF.BitIncrement(low)) / 2;
            string[] texts = [.. Enumerable.Range(10, 7).Select(places => Math.Round(middle, places).ToString($"F{places}", CultureInfo.InvariantCulture))];
            Assert.Equal(
                texts.Select(text => float.Parse(text, CultureInfo.InvariantCulture)), Read($"[0.5,0.5,0.5,{string.Join(',', texts)}]").Skip(3));
        }
    }

    [Theory]
    [InlineData("0.5,")]
    [InlineData("-")]
    [InlineData("--0.5")]
    [InlineData("0.")]
    [InlineData("-0.")]
    [InlineData(".5")]
    [InlineData("00.5")]
    [InlineData("0.5.5")]
    [InlineData("0.12345/")]
    [InlineData("0.12:45")]
    [InlineData("/.12345678")]
    [InlineData("0.1 2")]
    [InlineData("0.123456789012345x")]
    [InlineData("0,12345678x")]
    [InlineData("0.-1")]
    [InlineData("0.1234567\0")]
    [InlineData("NaN")]
    [InlineData("null")]
    [InlineData("\"0.5\"")]
    public void What_is_no_number_is_refused_wherever_it_stands(string text)
    {
        for (int before = 0; before < 9; before++)
        {
            for (int after = 0; after < 4; after++)
            {
                IEnumerable<string> elements = [.. Enumerable.Repeat("0.25", before), text, .. Enumerable.Repeat("-0.125", after)];
                Assert.Throws<ProblemException>(() => Read($"[ {string.Join(',', elements)}]"));
            }
        }
    }

    [Fact]
    public void A_number_beyond_all_floats_is_refused_by_its_place()
    {
        ProblemException exception = Assert.Throws<ProblemException>(() => Read("[0.1,0.2,0.3,1e400,0.5]"));
        Assert.Contains("x[3]", exception.Problem.Detail, StringComparison.Ordinal);
    }
}
