using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using AiMixer.Server.Errors;

namespace AiMixer.Server.Json;

/// <summary>
/// Reads one JSON object member by member. Arrays of numbers, which make up nearly all of a request, go through
/// <see cref="FloatParser"/>; every other value goes through System.Text.Json.
/// </summary>
/// <remarks>Whatever is wrong ends in a <see cref="ProblemException"/> that says where.</remarks>
internal ref struct JsonObjectReader
{
    private static readonly JsonReaderOptions OneOfMany = new() { AllowMultipleValues = true, MaxDepth = 16 };

    // Numbers of an array whose ends are looked for together.
    private const int EndsAtOnce = 256;

    private readonly ReadOnlySpan<byte> _json;
    private int _at;
    private bool _isFirst = true;

    /// <summary>Begins at an object.</summary>
    /// <param name="json">UTF-8: one object and nothing else but white space.</param>
    public JsonObjectReader(ReadOnlySpan<byte> json)
    {
        _json = json;
        SkipSpace();
        if (_at == json.Length)
        {
            throw Problems.Malformed("The body is empty; a JSON object is expected.");
        }

        Expect((byte)'{', "the request must be a JSON object");
    }

    /// <summary>Moves to the next member.</summary>
    /// <param name="name">Its name.</param>
    /// <returns><see langword="false"/> at the end, after which nothing follows.</returns>
    public bool NextMember([NotNullWhen(true)] out string? name)
    {
        SkipSpace();
        if (Peek() == '}')
        {
            _at++;
            SkipSpace();
            if (_at < _json.Length)
            {
                throw Wrong("nothing may follow the object");
            }

            name = null;
            return false;
        }

        if (!_isFirst)
        {
            Expect((byte)',', "a comma or the end of the object is missing");
            SkipSpace();
        }

        _isFirst = false;
        if (Peek() != '"')
        {
            throw Wrong("the name of a member must be a string");
        }

        name = ReadName();
        SkipSpace();
        Expect((byte)':', $"a colon is missing after \"{name}\"");
        SkipSpace();
        return true;
    }

    /// <summary>Reads a value by its type.</summary>
    /// <param name="field">What it is called in a complaint.</param>
    /// <param name="type">Its type.</param>
    public T? Read<T>(string field, JsonTypeInfo<T> type)
    {
        int start = _at;
        var reader = new Utf8JsonReader(_json[start..], OneOfMany);
        try
        {
            reader.Read();
            T? value = JsonSerializer.Deserialize(ref reader, type);
            _at = start + (int)reader.BytesConsumed;
            return value;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            string path = (exception as JsonException)?.Path is { Length: > 1 } inner ? field + inner[1..] : field;
            throw Problems.Malformed($"{path} is malformed or of the wrong type (at byte {start + reader.BytesConsumed} of the body).");
        }
    }

    /// <summary>Reads an array of numbers.</summary>
    /// <param name="field">What it is called in a complaint.</param>
    /// <param name="maximum">The highest count that is taken.</param>
    /// <param name="count">How many there are.</param>
    /// <returns>A rented array that holds them at its beginning; the caller gives it back.</returns>
    public float[] ReadFloats(string field, int maximum, out int count)
    {
        Expect((byte)'[', $"{field} must be an array of numbers");
        SkipSpace();
        if (Peek() == ']')
        {
            _at++;
            count = 0;
            return ArrayPool<float>.Shared.Rent(0);
        }

        // Numbers hold neither brackets nor commas: where the array ends, and how many there are, is known beforehand.
        int length = _json[_at..].IndexOf((byte)']');
        if (length < 0)
        {
            throw Wrong($"{field} does not end");
        }

        ReadOnlySpan<byte> text = _json.Slice(_at, length + 1);
        int expected = text.Count((byte)',') + 1;
        if (expected > maximum)
        {
            throw Problems.TooLarge($"{field} holds {expected} numbers; at most {maximum} are allowed.");
        }

        float[] values = ArrayPool<float>.Shared.Rent(expected);
        try
        {
            Fill(text, values.AsSpan(0, expected), field);
        }
        catch
        {
            ArrayPool<float>.Shared.Return(values);
            throw;
        }

        count = expected;
        return values;
    }

    /// <summary>Reads the bracket in front of an array's first element.</summary>
    /// <param name="field">What the array is called in a complaint.</param>
    /// <returns><see langword="false"/> for an empty array, which is read as a whole.</returns>
    public bool BeginArray(string field)
    {
        Expect((byte)'[', $"{field} must be an array");
        SkipSpace();
        if (Peek() != ']')
        {
            return true;
        }

        _at++;
        return false;
    }

    /// <summary>Reads what follows an element: a comma in front of the next one, or the end of the array.</summary>
    public bool NextElement(string field)
    {
        SkipSpace();
        if (Peek() == ']')
        {
            _at++;
            return false;
        }

        Expect((byte)',', $"a comma or the end of {field} is missing");
        SkipSpace();
        return true;
    }

    /// <summary>The complaint about a member that is not known, or known but given twice.</summary>
    public static ProblemException Unexpected(string name, params ReadOnlySpan<string> known) => known.Contains(name)
        ? Problems.Malformed($"{name} is given twice.")
        : Problems.Invalid(name, "unknown", string.Join(", ", known!));

    private void Fill(ReadOnlySpan<byte> text, Span<float> values, string field)
    {
        Span<int> ends = stackalloc int[EndsAtOnce + Separators.Surplus];
        var separators = new Separators(text);
        int start = 0;
        int i = 0;
        while (separators.Next(ends) is var count and > 0)
        {
            foreach (int end in ends[..count])
            {
                if (!FloatParser.TryParsePlain(text, start, end, out values[i]))
                {
                    values[i] = ReadFloat(text, start, end, field, i);
                }

                i++;
                start = end + 1;
            }
        }

        _at += text.Length;
    }

    /// <summary>One number of an array, whatever it looks like.</summary>
    private float ReadFloat(ReadOnlySpan<byte> text, int start, int end, string field, int index)
    {
        int at = start + Space(text[start..end]);
        int length = FloatParser.Parse(text[at..], out float value);
        int next = at + length + Space(text[(at + length)..end]);
        if (length == 0 || next != end)
        {
            _at += next;
            throw Wrong($"{field}[{index}] is no number");
        }

        return float.IsFinite(value)
            ? value
            : throw Problems.Invalid($"{field}[{index}]", Encoding.ASCII.GetString(text.Slice(at, length)), "a finite 32-bit float");
    }

    private string ReadName()
    {
        var reader = new Utf8JsonReader(_json[_at..], OneOfMany);
        try
        {
            reader.Read();
            string name = reader.GetString()!;
            _at += (int)reader.BytesConsumed;
            return name;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw Wrong("the name of a member is malformed");
        }
    }

    private readonly int Peek() => _at < _json.Length ? _json[_at] : throw Wrong("the object does not end");

    private void Expect(byte character, string complaint)
    {
        if (_at >= _json.Length || _json[_at] != character)
        {
            throw Wrong(complaint);
        }

        _at++;
    }

    private void SkipSpace() => _at += Space(_json[_at..]);

    private static int Space(ReadOnlySpan<byte> text)
    {
        int at = 0;
        while (at < text.Length && text[at] is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r')
        {
            at++;
        }

        return at;
    }

    private readonly ProblemException Wrong(string complaint) => Problems.Malformed($"The JSON is malformed at byte {_at}: {complaint}.");
}
