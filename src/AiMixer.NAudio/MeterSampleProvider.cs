using NAudio.Wave;

namespace AiMixer.NAudio;

/// <summary>
/// Passes on what another provider gives, unchanged, and measures it after ITU-R BS.1770-5 and EBU Tech 3341. The reading
/// is that of what was passed on, so it may run ahead of what is heard by the buffers of the player.
/// </summary>
public sealed class MeterSampleProvider : ISampleProvider, IDisposable
{
    private readonly ISampleProvider _source;
    private readonly LoudnessMeter _meter;

    // Reading and measuring may happen on two threads, which the meter itself does not allow.
    private readonly Lock _lock = new();

    /// <summary>Measures a source.</summary>
    /// <param name="source">What to measure: mono or stereo, 8 to 192 kHz; it stays its owner's.</param>
    /// <exception cref="ArgumentNullException">There is no source.</exception>
    /// <exception cref="ArgumentOutOfRangeException">Its sample rate or channels lie outside their range.</exception>
    /// <exception cref="AiMixerException">Memory could not be had.</exception>
    public MeterSampleProvider(ISampleProvider source)
    {
        ArgumentNullException.ThrowIfNull(source);
        _source = source;
        _meter = new LoudnessMeter(source.WaveFormat.SampleRate, source.WaveFormat.Channels);
    }

    /// <summary>That of the source.</summary>
    public WaveFormat WaveFormat => _source.WaveFormat;

    /// <summary>Loudness, true peak and levels up to the last sample read. Any thread.</summary>
    /// <exception cref="ObjectDisposedException">The provider was disposed.</exception>
    public LoudnessReading Reading
    {
        get
        {
            lock (_lock)
            {
                return _meter.Read();
            }
        }
    }

    /// <summary>Reads samples and measures them.</summary>
    /// <param name="buffer">Where they go.</param>
    /// <param name="offset">The first one's place.</param>
    /// <param name="count">How many are wanted; whole frames are given.</param>
    /// <returns>How many there are; 0 at the end.</returns>
    /// <exception cref="ArgumentNullException">There is no buffer.</exception>
    /// <exception cref="ObjectDisposedException">The provider was disposed.</exception>
    public int Read(float[] buffer, int offset, int count)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        int read = _source.Read(buffer, offset, count / WaveFormat.Channels * WaveFormat.Channels);
        lock (_lock)
        {
            _meter.Add(buffer.AsSpan(offset, read));
        }

        return read;
    }

    /// <summary>Forgets what was measured.</summary>
    /// <exception cref="ObjectDisposedException">The provider was disposed.</exception>
    public void Reset()
    {
        lock (_lock)
        {
            _meter.Reset();
        }
    }

    /// <summary>Frees the meter.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _meter.Dispose();
        }
    }
}
