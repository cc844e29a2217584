using System.Collections.Immutable;
using AiMixer.Bindings;

namespace AiMixer;

/// <summary>
/// Listens to a stream and tells its genre, without mixing: every 0.5 s on the last 3 s, as a <see cref="ChannelStrip"/>
/// does whose genre is <see cref="Genre.Auto"/>. One thread at a time.
/// </summary>
public sealed unsafe class GenreListener : IDisposable
{
    // Percent will do as well.
    private const float HighestProbability = 100;

    private readonly ClassifierHandle _handle;
    private readonly int _channels;

    /// <summary>Creates a listener.</summary>
    /// <param name="sampleRateHz">Sample rate in Hz, 8000 to 192000.</param>
    /// <param name="channels">1 (mono) or 2 (stereo).</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument lies outside its range.</exception>
    /// <exception cref="AiMixerException">Memory could not be had.</exception>
    public GenreListener(int sampleRateHz, int channels)
    {
        Ensure.SampleRate(sampleRateHz);
        Ensure.Channels(channels);
        _channels = channels;
        CoreStatus.Check(NativeMethods.aim_classifier_create((uint)sampleRateHz, (uint)channels, out _handle));
    }

    /// <summary>What the stream is recognised as.</summary>
    /// <exception cref="ObjectDisposedException">The listener was disposed.</exception>
    public GenreReading Reading
    {
        get
        {
            ThrowIfDisposed();
            aim_genre_reading reading;
            CoreStatus.Check(NativeMethods.aim_classifier_read(_handle, &reading));
            return Readings.From(reading);
        }
    }

    /// <summary>
    /// The probabilities of everything added, as one programme: over one window of up to 3 s each 0.5 s, silence left out,
    /// the product of their n probabilities to the power of (1.25 - 0.25 / n) / n, normalised; all 0 when nothing was heard.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The listener was disposed.</exception>
    public GenreProbabilities Programme
    {
        get
        {
            ThrowIfDisposed();
            float* probabilities = stackalloc float[GenreProbabilities.Count];
            ulong windows;
            CoreStatus.Check(NativeMethods.aim_classifier_programme(_handle, probabilities, &windows));
            return GenreProbabilities.From(new ReadOnlySpan<float>(probabilities, GenreProbabilities.Count));
        }
    }

    /// <summary>Adds frames. Samples that are not finite or beyond +60 dBFS count as silence.</summary>
    /// <param name="interleaved">Whole frames, any number of them; may be empty.</param>
    /// <exception cref="ArgumentException">The length is no multiple of the channels.</exception>
    /// <exception cref="ObjectDisposedException">The listener was disposed.</exception>
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
            CoreStatus.Check(NativeMethods.aim_classifier_add_interleaved(
                _handle, samples, (uint)(interleaved.Length / _channels)));
        }
    }

    /// <summary>
    /// Decides on what another model has heard, in place of sound that is added: each call is the next 0.5 s of a stream.
    /// </summary>
    /// <param name="probabilities">
    /// That model's probabilities for the last 3 s, or for as much as there is since the sound began, each 0 to 100; they
    /// are scaled to add up to 1. All 0 is 0.5 s of silence: nothing changes, and after 2 s of it what was heard before
    /// counts no more, so that the model should begin anew too.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">A probability lies outside 0 to 100.</exception>
    /// <exception cref="ObjectDisposedException">The listener was disposed.</exception>
    public void Hear(GenreProbabilities probabilities)
    {
        ThrowIfDisposed();
        float* values = stackalloc float[GenreProbabilities.Count];
        for (int i = 0; i < GenreProbabilities.Count; i++)
        {
            values[i] = probabilities[GenreProbabilities.Genres[i]];
            Ensure.InRange(values[i], 0, HighestProbability, "(scaled to add up to 1)", nameof(probabilities));
        }

        CoreStatus.Check(NativeMethods.aim_classifier_hear(_handle, values));
    }

    /// <summary>The decisions after one, oldest first; the last 32 are kept.</summary>
    /// <param name="sinceSequence">The <see cref="GenreEvent.Sequence"/> of the last one known; 0 for all.</param>
    /// <returns>The decisions.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    /// <exception cref="ObjectDisposedException">The listener was disposed.</exception>
    public ImmutableArray<GenreEvent> Events(long sinceSequence)
    {
        ThrowIfDisposed();
        ArgumentOutOfRangeException.ThrowIfNegative(sinceSequence);
        aim_genre_event* events = stackalloc aim_genre_event[NativeMethods.AIM_GENRE_EVENTS_MAX];
        uint count;
        CoreStatus.Check(NativeMethods.aim_classifier_events(
            _handle, (ulong)sinceSequence, events, NativeMethods.AIM_GENRE_EVENTS_MAX, &count));
        return Readings.From(new ReadOnlySpan<aim_genre_event>(events, (int)count));
    }

    /// <summary>Weights or forbids genres, from the next decision on.</summary>
    /// <param name="weights">A factor for each genre's probability.</param>
    /// <exception cref="ArgumentNullException">There are no weights.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A weight lies outside 0 to 100, or all are 0.</exception>
    /// <exception cref="ObjectDisposedException">The listener was disposed.</exception>
    public void SetWeights(GenreWeights weights)
    {
        ThrowIfDisposed();
        ArgumentNullException.ThrowIfNull(weights);
        Span<float> values = stackalloc float[GenreProbabilities.Count];
        weights.CopyTo(values, nameof(weights));
        fixed (float* first = values)
        {
            CoreStatus.Check(NativeMethods.aim_classifier_set_weights(_handle, first));
        }
    }

    /// <summary>Forgets everything heard; the weights stay.</summary>
    /// <exception cref="ObjectDisposedException">The listener was disposed.</exception>
    public void Reset()
    {
        ThrowIfDisposed();
        CoreStatus.Check(NativeMethods.aim_classifier_reset(_handle));
    }

    /// <summary>Frees the listener.</summary>
    public void Dispose() => _handle.Dispose();

    private void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(_handle.IsClosed, this);
}
