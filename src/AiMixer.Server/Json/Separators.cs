using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace AiMixer.Server.Json;

/// <summary>
/// Finds where the numbers of an array end before any of them is read, so that the processor need not wait for the length of
/// one to begin with the next.
/// </summary>
/// <param name="text">Numbers with commas between them, and a bracket at the end.</param>
internal ref struct Separators(ReadOnlySpan<byte> text)
{
    /// <summary>So many ends more than are asked for may be found at once.</summary>
    public const int Surplus = 64;

    // Numbers of audio have about ten characters: a vector seldom holds more ends than are stored without looking.
    private const int Often = 4;

    private readonly ReadOnlySpan<byte> _text = text;
    private int _at;

    /// <summary>Finds some of the next commas, and the bracket.</summary>
    /// <param name="ends">Takes their places in the text; <see cref="Surplus"/> more than are wanted.</param>
    /// <returns>How many; 0 when there are no more.</returns>
    public int Next(scoped Span<int> ends)
    {
        int count = 0;
        int wanted = ends.Length - Surplus;
        while (count < wanted && _text.Length - _at >= Vector256<byte>.Count)
        {
            var piece = Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(_text), (nuint)_at);
            uint found = (Vector256.Equals(piece, Vector256.Create((byte)',')) | Vector256.Equals(piece, Vector256.Create((byte)']'))).ExtractMostSignificantBits();
            int next = count + BitOperations.PopCount(found);
            Span<int> some = ends.Slice(count, Vector256<byte>.Count);
            for (int i = 0; i < Often; i++)
            {
                some[i] = _at + BitOperations.TrailingZeroCount(found);
                found &= found - 1;
            }

            for (int i = Often; found != 0; i++)
            {
                some[i] = _at + BitOperations.TrailingZeroCount(found);
                found &= found - 1;
            }

            count = next;
            _at += Vector256<byte>.Count;
        }

        for (; count < wanted && _at < _text.Length; _at++)
        {
            if (_text[_at] is (byte)',' or (byte)']')
            {
                ends[count++] = _at;
            }
        }

        return count;
    }
}
