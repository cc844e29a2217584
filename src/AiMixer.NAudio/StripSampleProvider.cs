using NAudio.Wave;

namespace AiMixer.NAudio;

/// <summary>
/// Mixes what another provider gives. The output is as long as the input and aligned with it: the latency of the strip is
/// removed at the beginning, and its tail drained at the end. Nothing is allocated while reading.
/// </summary>
public sealed class StripSampleProvider : ISampleProvider, IDisposable
{
    private readonly ISampleProvider _source;
    private readonly int _channels;
    private int _headSamples;
    private int _tailSamples;

    /// <summary>Mixes with the neutral profile.</summary>
    /// <param name="source">What to mix: mono or stereo, 8 to 192 kHz; it stays its owner's.</param>
    /// <exception cref="ArgumentNullException">There is no source.</exception>
    /// <exception cref="ArgumentOutOfRangeException">Its sample rate or channels lie outside their range.</exception>
    /// <exception cref="AiMixerException">Memory could not be had.</exception>
    public StripSampleProvider(ISampleProvider source)
        : this(source, new ChannelStripOptions())
    {
    }

    /// <summary>Mixes with options.</summary>
    /// <param name="source">What to mix: mono or stereo, 8 to 192 kHz; it stays its owner's.</param>
    /// <param name="options">What is fixed for the strip's life; sample rate and channels are those of the source.</param>
    /// <exception cref="ArgumentNullException">There is no source, or there are no options.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option lies outside its range; the message names it.</exception>
    /// <exception cref="AiMixerException">Memory could not be had.</exception>
    public StripSampleProvider(ISampleProvider source, ChannelStripOptions options)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(options);
        _source = source;
        _channels = source.WaveFormat.Channels;
        Strip = new ChannelStrip(options with { SampleRateHz = source.WaveFormat.SampleRate, Channels = _channels });
        Align();
    }

    /// <summary>The strip: genre, parameters, bypass and metrics may be used from any thread while another one reads.</summary>
    public ChannelStrip Strip { get; }

    /// <summary>That of the source.</summary>
    public WaveFormat WaveFormat => _source.WaveFormat;

    /// <summary>Reads mixed samples.</summary>
    /// <param name="buffer">Where they go.</param>
    /// <param name="offset">The first one's place.</param>
    /// <param name="count">How many are wanted; whole frames are given.</param>
    /// <returns>How many there are; 0 at the end, when the source has ended and everything that it gave was mixed.</returns>
    /// <exception cref="ArgumentNullException">There is no buffer.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The place lies outside the buffer.</exception>
    /// <exception cref="ObjectDisposedException">The provider was disposed.</exception>
    public int Read(float[] buffer, int offset, int count)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        Span<float> wanted = buffer.AsSpan(offset, count / _channels * _channels);
        while (_headSamples > 0)
        {
            // What comes before the first sample of the source is left out.
            int head = ReadDelayed(buffer, offset, Math.Min(wanted.Length, _headSamples));
            if (head == 0)
            {
                return 0;
            }

            _headSamples -= head;
        }

        return ReadDelayed(buffer, offset, wanted.Length);
    }

    /// <summary>Begins anew, for a source that was sent back to its beginning: what the strip holds is forgotten.</summary>
    /// <exception cref="ObjectDisposedException">The provider was disposed.</exception>
    public void Reset()
    {
        Strip.Reset();
        Align();
    }

    /// <summary>Frees the strip.</summary>
    public void Dispose() => Strip.Dispose();

    private void Align()
    {
        _headSamples = Strip.LatencyFrames * _channels;
        _tailSamples = _headSamples;
    }

    // Sources may give less than is wanted, but whole frames; nothing means that they have ended.
    private int ReadDelayed(float[] buffer, int offset, int count)
    {
        if (count == 0)
        {
            return 0;
        }

        int read = _source.Read(buffer, offset, count);
        if (read == 0)
        {
            read = Math.Min(count, _tailSamples);
            _tailSamples -= read;
            buffer.AsSpan(offset, read).Clear();
        }

        Strip.Process(buffer.AsSpan(offset, read));
        return read;
    }
}
