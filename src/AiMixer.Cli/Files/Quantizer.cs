namespace AiMixer.Cli.Files;

/// <summary>
/// Turns floating-point samples into integers of 16 or 24 bits, left-justified in 32. Never wraps: what is beyond full
/// scale becomes full scale. 16 bits are dithered with triangular noise of +/-1 step, which frees the error from any
/// trace of the signal (Lipshitz, Wannamaker, Vanderkooy: Quantization and Dither, JAES 1992). A sample that is a
/// 16-bit value already passes unchanged, so silence stays silent and bypassed 16-bit files stay as they are. The noise
/// comes from a generator with a fixed start: the same input gives the same file.
/// </summary>
internal sealed class Quantizer(SampleFormat format)
{
    private const double Full16 = 32768.0;
    private const double Full24 = 8388608.0;

    // Any non-zero number will do.
    private uint _state = 0x9E3779B9;

    public void Convert(ReadOnlySpan<float> samples, Span<int> integers)
    {
        for (int i = 0; i < samples.Length; i++)
        {
            integers[i] = format == SampleFormat.Pcm16 ? To16(samples[i]) : To24(samples[i]);
        }
    }

    private int To16(float sample)
    {
        double scaled = sample * Full16;
        double rounded = Math.Round(scaled);
        if (rounded != scaled)
        {
            rounded = Math.Round(scaled + Uniform() - Uniform());
        }

        return (int)Math.Clamp(rounded, -Full16, Full16 - 1) << 16;
    }

    private static int To24(float sample) => (int)Math.Clamp(Math.Round(sample * Full24), -Full24, Full24 - 1) << 8;

    // xorshift32 (Marsaglia: Xorshift RNGs, 2003), scaled to 0...1.
    private double Uniform()
    {
        _state ^= _state << 13;
        _state ^= _state >> 17;
        _state ^= _state << 5;
        return _state * (1.0 / 4294967296.0);
    }
}
