using AiMixer.Bindings;

namespace AiMixer;

/// <summary>
/// Measures one programme after ITU-R BS.1770-5, EBU Tech 3341 and EBU Tech 3342: momentary, short-term and integrated
/// loudness, loudness range, true peak, sample peak and RMS. One thread at a time.
/// </summary>
public sealed unsafe class LoudnessMeter : IDisposable
{
    private readonly MeterHandle _handle;
    private readonly int _channels;

    /// <summary>Creates a meter.</summary>
    /// <param name="sampleRateHz">Sample rate in Hz, 8000 to 192000.</param>
    /// <param name="channels">1 (mono) or 2 (stereo).</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument lies outside its range.</exception>
    /// <exception cref="AiMixerException">Memory could not be had.</exception>
    public LoudnessMeter(int sampleRateHz, int channels)
    {
        Ensure.SampleRate(sampleRateHz);
        Ensure.Channels(channels);
        _channels = channels;
        CoreStatus.Check(NativeMethods.aim_meter_create((uint)sampleRateHz, (uint)channels, out _handle));
    }

    /// <summary>Adds frames. Samples that are not finite or beyond +60 dBFS count as silence.</summary>
    /// <param name="interleaved">Whole frames, any number of them; may be empty.</param>
    /// <exception cref="ArgumentException">The length is no multiple of the channels.</exception>
    /// <exception cref="ObjectDisposedException">The meter was disposed.</exception>
    public void Add(ReadOnlySpan<float> interleaved)
    {
        ThrowIfDisposed();
        Ensure.WholeFrames(interleaved.Length, _channels, nameof(interleaved));
        if (interleaved.IsEmpty)
        {
            return;
        }

        fixed (float* samples = interleaved)
        {
            CoreStatus.Check(NativeMethods.aim_meter_add_interleaved(
                _handle, samples, (uint)(interleaved.Length / _channels)));
        }
    }

    /// <summary>What was measured up to the last frame added.</summary>
    /// <returns>Loudness and levels.</returns>
    /// <exception cref="ObjectDisposedException">The meter was disposed.</exception>
    public LoudnessReading Read()
    {
        ThrowIfDisposed();
        aim_loudness loudness;
        CoreStatus.Check(NativeMethods.aim_meter_read(_handle, &loudness));
        return Readings.From(loudness);
    }

    /// <summary>Forgets everything measured.</summary>
    /// <exception cref="ObjectDisposedException">The meter was disposed.</exception>
    public void Reset()
    {
        ThrowIfDisposed();
        CoreStatus.Check(NativeMethods.aim_meter_reset(_handle));
    }

    /// <summary>Frees the meter.</summary>
    public void Dispose() => _handle.Dispose();

    private void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(_handle.IsClosed, this);
}
