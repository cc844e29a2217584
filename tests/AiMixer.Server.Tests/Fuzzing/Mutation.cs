using System.Globalization;
using System.Text;

namespace AiMixer.Server.Tests.Fuzzing;

/// <summary>Texts that are nearly JSON: grown from a small grammar, then damaged, or not.</summary>
internal sealed class Mutation(int seed)
{
    private static readonly string[] Names = ["audioBuffer", "config", "features", "type", "audioBuffer", "\\u0061udioBuffer", "", "a\\\"b", "\\ud800"];
    // Of these the first so many are what JSON knows.
    private const int SoundScalars = 6;
    private const int SoundSpaces = 3;
    private static readonly string[] Scalars = ["true", "false", "null", "\"rock\"", "\"\"", "\"\\n\\u00e9\"", "\"\\x\"", "nul", "NaN", "Infinity", "-", "+1", "01", "1.", ".5", "0x10"];
    private static readonly string[] Spaces = [" ", "\n", "\t\r\n", " ", " ", " ", " ", " ", " ", " ", " ", " ", " ", " ", " ", "\f", "\u00a0"];
    private static readonly string[] Tokens = ["{", "}", "[", "]", ",", ":", "\"", "\\", "0", "-", "e", "E+", ".", "1e400", "1e-400", "\0", "/*x*/", "\uFEFF", "[[[[[[[[[[[[[[[[[["];

    private readonly Random _random = new(seed);
    private bool _isSound;

    /// <summary>The bytes of one text.</summary>
    /// <param name="damaged">Whether it may break the rules: by what it is made of, and by what is done to it afterwards.</param>
    public byte[] Json(bool damaged)
    {
        _isSound = !damaged;
        var text = new StringBuilder();
        Object(text);
        byte[] bytes = Encoding.UTF8.GetBytes(text.ToString());
        for (int i = damaged ? _random.Next(4) : 0; i > 0; i--)
        {
            bytes = Damage(bytes);
        }

        return bytes;
    }

    /// <summary>Changes, takes away, adds or repeats some bytes.</summary>
    public byte[] Damage(byte[] bytes)
    {
        int at = _random.Next(bytes.Length + 1);
        int length = Math.Min(bytes.Length - at, 1 + _random.Next(8));
        byte[] middle = _random.Next(5) switch
        {
            0 => [],
            1 => [.. bytes[at..(at + length)], .. bytes[at..(at + length)]],
            2 => [(byte)_random.Next(256)],
            3 => Encoding.UTF8.GetBytes(Pick(Tokens)),
            _ => [.. bytes[at..(at + length)].Select(value => (byte)(value ^ (1 << _random.Next(8))))],
        };
        return _random.Next(20) == 0 ? bytes[..at] : [.. bytes[..at], .. middle, .. bytes[(at + length)..]];
    }

    public byte[] Bytes(int count)
    {
        byte[] bytes = new byte[count];
        _random.NextBytes(bytes);
        return bytes;
    }

    public int Next(int below) => _random.Next(below);

    private void Object(StringBuilder text)
    {
        text.Append(Space()).Append('{');
        for (int i = _random.Next(4); i > 0; i--)
        {
            text.Append(Space()).Append('"').Append(Pick(Names)).Append('"').Append(Space()).Append(':').Append(Space());
            Value(text, depth: 0);
            text.Append(Space());
            text.Append(Comma(i));
        }

        text.Append(Space()).Append('}').Append(Space());
    }

    private void Value(StringBuilder text, int depth)
    {
        switch (_random.Next(depth > 3 ? 2 : 8))
        {
            case 0:
                text.Append(_isSound ? Scalars[_random.Next(SoundScalars)] : Pick(Scalars));
                break;
            case 1:
                text.Append(FiniteNumber());
                break;
            case 2:
                Object(text);
                break;
            default:
                text.Append('[');
                for (int i = _random.Next(40); i > 0; i--)
                {
                    text.Append(Space());
                    if (_random.Next(60) == 0)
                    {
                        Value(text, depth + 1);
                    }
                    else
                    {
                        text.Append(FiniteNumber());
                    }

                    text.Append(Space()).Append(Comma(i));
                }

                text.Append(']');
                break;
        }
    }

    private string Comma(int left) => left > 1 || (!_isSound && _random.Next(30) == 0) ? "," : "";

    private string FiniteNumber()
    {
        string number = Number();
        while (_isSound && !float.IsFinite(float.Parse(number, CultureInfo.InvariantCulture)))
        {
            number = Number();
        }

        return number;
    }

    private string Number() => _random.Next(8) switch
    {
        0 => _random.Next(-3, 4).ToString(CultureInfo.InvariantCulture),
        1 => BitConverter.Int32BitsToSingle(_random.Next(int.MinValue, int.MaxValue)).ToString("R", CultureInfo.InvariantCulture),
        2 => _random.NextDouble().ToString("F" + _random.Next(1, 40), CultureInfo.InvariantCulture),
        3 => $"{_random.Next(1000)}e{_random.Next(-60, 60)}",
        4 => $"-0.{new string('0', _random.Next(60))}{_random.Next(1000)}E+{_random.Next(60)}",
        5 => $"{_random.Next(1, 10)}{new string((char)('0' + _random.Next(10)), _random.Next(50))}",
        _ => (2 * _random.NextSingle() - 1).ToString("R", CultureInfo.InvariantCulture),
    };

    private string Space() => _random.Next(4) > 0 ? "" : _isSound ? Spaces[_random.Next(SoundSpaces)] : Pick(Spaces);

    private string Pick(string[] from) => from[_random.Next(from.Length)];
}
