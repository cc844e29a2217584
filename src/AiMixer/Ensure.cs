using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using AiMixer.Bindings;

namespace AiMixer;

/// <summary>The argument checks that several classes share: each message names the value and what is allowed.</summary>
internal static class Ensure
{
    internal static void SampleRate(int hz, [CallerArgumentExpression(nameof(hz))] string? name = null) =>
        InRange(hz, NativeMethods.AIM_SAMPLE_RATE_MIN, NativeMethods.AIM_SAMPLE_RATE_MAX, "Hz", name);

    internal static void Channels(int channels, [CallerArgumentExpression(nameof(channels))] string? name = null) =>
        InRange(channels, 1, NativeMethods.AIM_CHANNELS_MAX, "channels", name);

    internal static void InRange(
        int value, int minimum, int maximum, string unit, [CallerArgumentExpression(nameof(value))] string? name = null)
    {
        if (value < minimum || value > maximum)
        {
            throw new ArgumentOutOfRangeException(
                name, value, string.Create(CultureInfo.InvariantCulture, $"{minimum} to {maximum} {unit} are allowed."));
        }
    }

    internal static void InRange(
        float value, float minimum, float maximum, string unit, [CallerArgumentExpression(nameof(value))] string? name = null)
    {
        // Written so that NaN fails too.
        if (!(value >= minimum && value <= maximum))
        {
            throw new ArgumentOutOfRangeException(
                name, value, string.Create(CultureInfo.InvariantCulture, $"{minimum} to {maximum} {unit} are allowed."));
        }
    }

    internal static void WholeFrames(int samples, int channels, string name)
    {
        if (samples % channels != 0)
        {
            throw new ArgumentException(
                string.Create(
                    CultureInfo.InvariantCulture, $"{samples} samples are no multiple of the {channels} channels."),
                name);
        }
    }

    internal static void SameLength(int length, int other, string name)
    {
        if (length != other)
        {
            throw new ArgumentException(
                string.Create(
                    CultureInfo.InvariantCulture, $"The spans must have the same length; they have {length} and {other} samples."),
                name);
        }
    }

    /// <summary>In place is fine, apart is fine; anything between would read samples that were already replaced.</summary>
    internal static void SameOrApart(ReadOnlySpan<float> input, ReadOnlySpan<float> output, string name)
    {
        if (input.Overlaps(output, out int offset) && offset != 0)
        {
            throw new ArgumentException("The spans must be the same memory or must not overlap.", name);
        }
    }

    internal static void Apart(ReadOnlySpan<float> one, ReadOnlySpan<float> other, string name)
    {
        if (one.Overlaps(other))
        {
            throw new ArgumentException("The spans must not overlap.", name);
        }
    }

    internal static void FftSize(int size, [CallerArgumentExpression(nameof(size))] string? name = null)
    {
        if (size < RealFft.SizeMinimum || size > RealFft.SizeMaximum || !BitOperations.IsPow2(size))
        {
            throw new ArgumentOutOfRangeException(
                name, size, $"A power of two from {RealFft.SizeMinimum} to {RealFft.SizeMaximum} is allowed.");
        }
    }

    internal static void Length(int length, int wanted, string name)
    {
        if (length != wanted)
        {
            throw new ArgumentException($"The span must hold {wanted} values; it holds {length}.", name);
        }
    }

    internal static void Room(int length, long wanted, string name)
    {
        if (length < wanted)
        {
            throw new ArgumentException($"The span must have room for {wanted} values; it has room for {length}.", name);
        }
    }
}
