using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using AiMixer.Server.Json;

namespace AiMixer.Server.Tests;

/// <summary>Floats as text, against System.Text.Json and the framework's parser.</summary>
public sealed class FloatTextTests
{
    private const int Many = 2_000_000;

    private static int Parse(string text, out float value) => FloatParser.Parse([.. Encoding.ASCII.GetBytes(text), (byte)','], out value);

    private static string Format(float value)
    {
        Span<byte> text = stackalloc byte[FloatFormatter.LongestNumber];
        return Encoding.ASCII.GetString(text[..FloatFormatter.Format(value, text)]);
    }

    /// <summary>All kinds of floats: any bits, audio, powers of two and their neighbours.</summary>
    private static IEnumerable<float> Floats(int count)
    {
        for (int exponent = 0; exponent < 255; exponent++)
        {
            for (int step = -2; step <= 2; step++)
            {
                yield return BitConverter.Int32BitsToSingle(Math.Max(0, (exponent << 23) + step));
            }
        }

        for (int digits = 1; digits < 10_000; digits++)
        {
            yield return digits / 1000f;
        }

        var random = new Random(7);
        for (int i = 0; i < count; i++)
        {
            float any = BitConverter.Int32BitsToSingle(random.Next(int.MinValue, int.MaxValue));
            yield return float.IsFinite(any) ? any : -0f;
            yield return 2 * random.NextSingle() - 1;
        }
    }

    [Fact]
    public void Numbers_are_written_as_System_Text_Json_writes_them()
    {
        var expected = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(expected);
        byte[] text = new byte[FloatFormatter.LongestNumber];
        foreach (float value in Floats(Many / 2))
        {
            json.WriteNumberValue(value);
            json.Flush();
            int length = FloatFormatter.Format(value, text);
            if (!expected.WrittenSpan.SequenceEqual(text.AsSpan(0, length)))
            {
                Assert.Equal(Encoding.ASCII.GetString(expected.WrittenSpan), Format(value));
            }

            expected.ResetWrittenCount();
            json.Reset();
        }
    }

    [Fact]
    public void Numbers_that_were_written_read_back_as_the_same_bits()
    {
        byte[] text = new byte[FloatFormatter.LongestNumber + 8];
        foreach (float value in Floats(Many / 2))
        {
            int length = FloatFormatter.Format(value, text);
            text[length] = (byte)']';
            Assert.True(
                FloatParser.Parse(text, out float back) == length && BitConverter.SingleToInt32Bits(back) == BitConverter.SingleToInt32Bits(value),
                Format(value));
        }
    }

    [Fact]
    public void Numbers_of_any_length_are_read_as_the_nearest_float()
    {
        var random = new Random(11);
        string[] formats = ["R", "E8", "E9", "F7", "F12", "E16", "E20", "E30", "F20"];
        for (int i = 0; i < Many / 4; i++)
        {
            double value = i % 2 == 0
                ? 2 * random.NextDouble() - 1
                : (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-50, 45));
            string text = value.ToString(formats[i % formats.Length], CultureInfo.InvariantCulture);
            float expected = float.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
            Assert.True(Parse(text, out float read) == text.Length && read.Equals(expected), text);
        }
    }

    /// <summary>Between two floats the even one counts, and the smallest digit more or less decides.</summary>
    [Fact]
    public void Numbers_halfway_between_two_floats_are_decided_by_their_last_digit()
    {
        var random = new Random(13);
        for (int i = 0; i < 50_000; i++)
        {
            float low = BitConverter.Int32BitsToSingle(random.Next(0x30000000, 0x3F800000));
            decimal middle = ((decimal)(double)low + (decimal)(double)MathF.BitIncrement(low)) / 2;
            foreach (decimal offset in new[] { 0m, 1e-26m, -1e-26m })
            {
                string text = (middle + offset).ToString(CultureInfo.InvariantCulture);
                float expected = float.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
                Assert.True(Parse(text, out float read) == text.Length && read.Equals(expected), text);
            }
        }
    }

    [Theory]
    [InlineData("0", 0f)]
    [InlineData("-0", -0f)]
    [InlineData("-0.0e-5", -0f)]
    [InlineData("1e400", float.PositiveInfinity)]
    [InlineData("-1e999999999999", float.NegativeInfinity)]
    [InlineData("1e-400", 0f)]
    [InlineData("0e999999999999", 0f)]
    [InlineData("3.4028235e38", float.MaxValue)]
    [InlineData("3.5e38", float.PositiveInfinity)]
    [InlineData("1.4e-45", float.Epsilon)]
    [InlineData("0.00000000000000000000000000000000000000000000000001e50", 1f)]
    [InlineData("100000000000000000000000000000000000000000000000000e-50", 1f)]
    public void Unusual_numbers_are_read(string text, float expected)
    {
        Assert.Equal(text.Length, Parse(text, out float value));
        Assert.Equal(BitConverter.SingleToInt32Bits(expected), BitConverter.SingleToInt32Bits(value));
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("+1")]
    [InlineData(".5")]
    [InlineData("-.5")]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("01")]
    [InlineData("00.5")]
    [InlineData("1.")]
    [InlineData("1.e5")]
    [InlineData("1e")]
    [InlineData("1e+")]
    public void What_json_does_not_allow_is_no_number(string text) => Assert.Equal(0, Parse(text, out _));

    [Theory]
    [InlineData("0x10", 1)]
    [InlineData("1_000", 1)]
    [InlineData("1.5.5", 3)]
    [InlineData("1-2", 1)]
    public void A_number_ends_where_it_ends(string text, int length) => Assert.Equal(length, Parse(text, out _));

    [Fact]
    public void The_logarithms_are_exact_for_all_floats()
    {
        for (int two = -149; two <= 104; two++)
        {
            Assert.Equal((int)Math.Floor(two * Math.Log10(2)), FloatFormatter.FloorLog10(two));
            Assert.Equal((int)Math.Floor(two * Math.Log10(2) + Math.Log10(0.75)), FloatFormatter.FloorLog10ThreeQuarters(two));
        }

        for (int ten = -46; ten <= 46; ten++)
        {
            Assert.Equal((int)Math.Floor(ten / Math.Log10(2)), FloatFormatter.FloorLog2OfPower(ten));
        }
    }
}
