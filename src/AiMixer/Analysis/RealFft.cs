using AiMixer.Bindings;

namespace AiMixer;

/// <summary>A Fourier transform of real samples, of one size. One thread at a time.</summary>
public sealed unsafe class RealFft : IDisposable
{
    /// <summary>Smallest size.</summary>
    public const int SizeMinimum = 16;

    /// <summary>Largest size.</summary>
    public const int SizeMaximum = 65_536;

    private readonly FftHandle _handle;

    /// <summary>Creates a transform.</summary>
    /// <param name="size">Number of samples: a power of two from 16 to 65536.</param>
    /// <exception cref="ArgumentOutOfRangeException">The size is no power of two or lies outside the range.</exception>
    /// <exception cref="AiMixerException">Memory could not be had.</exception>
    public RealFft(int size)
    {
        Ensure.FftSize(size);
        Size = size;
        CoreStatus.Check(NativeMethods.aim_fft_create((uint)size, out _handle));
    }

    /// <summary>Number of samples.</summary>
    public int Size { get; }

    /// <summary>Transforms samples to <c>Size / 2 + 1</c> complex bins, not scaled.</summary>
    /// <param name="samples"><see cref="Size"/> samples.</param>
    /// <param name="spectrum"><c>Size + 2</c> floats: real part, imaginary part, bin by bin; no part of the samples' memory.</param>
    /// <exception cref="ArgumentException">A span has the wrong length, or they overlap.</exception>
    /// <exception cref="ObjectDisposedException">The transform was disposed.</exception>
    public void Forward(ReadOnlySpan<float> samples, Span<float> spectrum)
    {
        ObjectDisposedException.ThrowIf(_handle.IsClosed, this);
        Ensure.Length(samples.Length, Size, nameof(samples));
        Ensure.Length(spectrum.Length, Size + 2, nameof(spectrum));
        Ensure.Apart(samples, spectrum, nameof(spectrum));
        fixed (float* input = samples, output = spectrum)
        {
            CoreStatus.Check(NativeMethods.aim_fft_forward(_handle, input, output));
        }
    }

    /// <summary>Frees the transform.</summary>
    public void Dispose() => _handle.Dispose();
}
