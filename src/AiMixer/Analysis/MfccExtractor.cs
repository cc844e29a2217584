using AiMixer.Bindings;

namespace AiMixer;

/// <summary>
/// Extracts mel-frequency cepstral coefficients, spectral centroid and zero-crossing rate from a mono stream. The
/// coefficients follow librosa's definition: periodic Hann window, power spectrum, Slaney's mel scale and area
/// normalisation, 10 log10 with a floor, no upper limit of the range, orthonormal DCT-II, no centring. One thread at a time.
/// </summary>
public sealed unsafe class MfccExtractor : IDisposable
{
    private const int HopMaximum = 65_536;
    private const int MelBandsMaximum = 256;

    private readonly MfccHandle _handle;

    /// <summary>Creates an extractor with the defaults: 13 coefficients of windows of 20 ms every 10 ms at 48 kHz.</summary>
    /// <exception cref="AiMixerException">Memory could not be had.</exception>
    public MfccExtractor()
        : this(new MfccOptions())
    {
    }

    /// <summary>Creates an extractor.</summary>
    /// <param name="options">Its settings.</param>
    /// <exception cref="ArgumentNullException">There are no options.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option lies outside its range; the message names it.</exception>
    /// <exception cref="AiMixerException">Memory could not be had.</exception>
    public MfccExtractor(MfccOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Check(options);
        Options = options;
        aim_mfcc_config config;
        CoreStatus.Check(NativeMethods.aim_mfcc_config_init(&config));
        config.sample_rate_hz = (uint)options.SampleRateHz;
        config.window = (uint)options.Window;
        config.hop = (uint)options.Hop;
        config.fft_size = (uint)options.FftSize;
        config.mel_bands = (uint)options.MelBands;
        config.coefficients = (uint)options.Coefficients;
        config.low_hz = options.LowHz;
        config.high_hz = options.HighHz;
        config.floor = options.Floor;
        CoreStatus.Check(NativeMethods.aim_mfcc_create(&config, out _handle));
    }

    /// <summary>What the extractor was created with.</summary>
    public MfccOptions Options { get; }

    /// <summary>How many frames the next samples will complete.</summary>
    /// <param name="samples">Number of samples, 0 or more.</param>
    /// <returns>The number of frames.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    /// <exception cref="ObjectDisposedException">The extractor was disposed.</exception>
    public int FramesFor(int samples)
    {
        ThrowIfDisposed();
        ArgumentOutOfRangeException.ThrowIfNegative(samples);
        uint frames;
        CoreStatus.Check(NativeMethods.aim_mfcc_frames_for(_handle, (uint)samples, &frames));
        return (int)frames;
    }

    /// <summary>Adds samples and writes the coefficients of every frame that they complete.</summary>
    /// <param name="mono">Any number of samples; damaged ones count as silence.</param>
    /// <param name="coefficients">Room for <see cref="FramesFor"/> rows of <see cref="MfccOptions.Coefficients"/>.</param>
    /// <returns>The number of frames written.</returns>
    /// <exception cref="ArgumentException">There is not enough room; nothing was taken.</exception>
    /// <exception cref="ObjectDisposedException">The extractor was disposed.</exception>
    public int Process(ReadOnlySpan<float> mono, Span<float> coefficients)
    {
        int frames = CheckRoom(mono, coefficients);
        return Run(mono, coefficients, default, default, frames);
    }

    /// <summary>Adds samples and writes coefficients, centroid and zero-crossing rate of every frame that they complete.</summary>
    /// <param name="mono">Any number of samples; damaged ones count as silence.</param>
    /// <param name="coefficients">Room for <see cref="FramesFor"/> rows of <see cref="MfccOptions.Coefficients"/>.</param>
    /// <param name="centroidHz">Room for one value per frame: the centroid of the magnitude spectrum in Hz, 0 for silence.</param>
    /// <param name="zeroCrossingRate">
    /// Room for one value per frame: the share of neighbouring pairs of samples whose signs differ, zero counting as positive.
    /// </param>
    /// <returns>The number of frames written.</returns>
    /// <exception cref="ArgumentException">There is not enough room; nothing was taken.</exception>
    /// <exception cref="ObjectDisposedException">The extractor was disposed.</exception>
    public int Process(
        ReadOnlySpan<float> mono, Span<float> coefficients, Span<float> centroidHz, Span<float> zeroCrossingRate)
    {
        int frames = CheckRoom(mono, coefficients);
        Ensure.Room(centroidHz.Length, frames, nameof(centroidHz));
        Ensure.Room(zeroCrossingRate.Length, frames, nameof(zeroCrossingRate));
        return Run(mono, coefficients, centroidHz, zeroCrossingRate, frames);
    }

    /// <summary>Forgets the samples held back.</summary>
    /// <exception cref="ObjectDisposedException">The extractor was disposed.</exception>
    public void Reset()
    {
        ThrowIfDisposed();
        CoreStatus.Check(NativeMethods.aim_mfcc_reset(_handle));
    }

    /// <summary>Frees the extractor.</summary>
    public void Dispose() => _handle.Dispose();

    private static void Check(MfccOptions options)
    {
        Ensure.SampleRate(options.SampleRateHz);
        Ensure.FftSize(options.FftSize);
        Ensure.InRange(options.Window, RealFft.SizeMinimum, options.FftSize, "samples");
        Ensure.InRange(options.Hop, 1, HopMaximum, "samples");
        Ensure.InRange(options.MelBands, 1, MelBandsMaximum, "bands");
        Ensure.InRange(options.Coefficients, 1, options.MelBands, "coefficients");
        Ensure.InRange(options.HighHz, float.Epsilon, float.MaxValue, "Hz");
        Ensure.InRange(options.LowHz, 0, MathF.BitDecrement(options.HighHz), "Hz");
        Ensure.InRange(options.Floor, float.Epsilon, float.MaxValue, "(power)");
    }

    private int CheckRoom(ReadOnlySpan<float> mono, Span<float> coefficients)
    {
        int frames = FramesFor(mono.Length);
        Ensure.Room(coefficients.Length, (long)frames * Options.Coefficients, nameof(coefficients));
        return frames;
    }

    private int Run(
        ReadOnlySpan<float> mono, Span<float> coefficients, Span<float> centroidHz, Span<float> zeroCrossingRate, int frames)
    {
        if (mono.IsEmpty)
        {
            return 0;
        }

        // The core wants an address for the coefficients even when it will write none.
        float none;
        fixed (float* input = mono, rows = coefficients, centroid = centroidHz, rate = zeroCrossingRate)
        {
            uint written;
            CoreStatus.Check(NativeMethods.aim_mfcc_process(
                _handle, input, (uint)mono.Length, rows is null ? &none : rows, centroid, rate, (uint)frames, &written));
            return (int)written;
        }
    }

    private void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(_handle.IsClosed, this);
}
