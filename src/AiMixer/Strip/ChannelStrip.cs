using System.Collections.Immutable;
using AiMixer.Bindings;

namespace AiMixer;

/// <summary>
/// A channel strip: high-pass, noise gate, leveler, de-esser, compressor, three-band equaliser, saturator, stereo width,
/// look-ahead limiter and meters. Nothing is allocated while it processes. The same input and settings give the same output bits on every platform, for any split
/// of the stream into spans.
/// </summary>
/// <remarks>
/// <para>Audio is 32-bit float, full scale +/-1.0. Samples that are not finite or beyond +60 dBFS are replaced by silence
/// and counted.</para>
/// <para>A profile says how every parameter stands; the intensity scales what it does; a parameter that is set stands,
/// whatever the profile says, until it is released.</para>
/// <para>Processing, reset and snapshots belong to one thread at a time. Parameters and <see cref="Metrics"/> may be used
/// from any thread meanwhile.</para>
/// </remarks>
public sealed unsafe class ChannelStrip : IDisposable
{
    private readonly StripHandle _handle;
    private readonly int _channels;
    private readonly int _maxFrames;

    // The core tells both with its metrics or not at all; here they are known as soon as they are set.
    private volatile int _genre;

    /// <summary>Creates a stereo strip for 48 kHz with every parameter at its default.</summary>
    /// <exception cref="AiMixerException">Memory could not be had.</exception>
    public ChannelStrip()
        : this(new ChannelStripOptions())
    {
    }

    /// <summary>Creates a strip.</summary>
    /// <param name="options">What is fixed for its life, and the profile that it starts with.</param>
    /// <exception cref="ArgumentNullException">There are no options.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option lies outside its range; the message names it.</exception>
    /// <exception cref="AiMixerException">Memory could not be had.</exception>
    public ChannelStrip(ChannelStripOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Ensure.SampleRate(options.SampleRateHz);
        Ensure.Channels(options.Channels);
        Ensure.InRange(options.MaxFrames, 1, MaxFramesMaximum, "frames");
        Ensure.InRange((int)options.Meters, 0, (int)(StripMeters.Output | StripMeters.Input), "(meters)");
        Options = options;
        _channels = options.Channels;
        _maxFrames = options.MaxFrames;
        aim_strip_config config;
        CoreStatus.Check(NativeMethods.aim_strip_config_init(&config));
        config.sample_rate_hz = (uint)options.SampleRateHz;
        config.channels = (uint)options.Channels;
        config.max_frames = (uint)options.MaxFrames;
        config.meters = (uint)options.Meters;
        CoreStatus.Check(NativeMethods.aim_strip_create(&config, out _handle));
        if (options.Profile is { } profile)
        {
            SetProfile(profile, TimeSpan.Zero);
        }
    }

    /// <summary>Highest value of <see cref="ChannelStripOptions.MaxFrames"/>.</summary>
    public const int MaxFramesMaximum = 1 << 20;

    /// <summary>Highest value of <see cref="Intensity"/>, in per cent.</summary>
    public const float IntensityMaximum = 100;

    /// <summary>Longest time that <see cref="SetProfile"/> may take, in seconds.</summary>
    public const int MorphMaximumSeconds = 60;

    /// <summary>What the strip was created with.</summary>
    public ChannelStripOptions Options { get; }

    /// <summary>Delay from input to output in frames; constant until a set-up parameter changes.</summary>
    /// <exception cref="ObjectDisposedException">The strip was disposed.</exception>
    public int LatencyFrames
    {
        get
        {
            ThrowIfDisposed();
            uint frames;
            CoreStatus.Check(NativeMethods.aim_strip_latency_frames(_handle, &frames));
            return (int)frames;
        }
    }

    /// <summary>Passes the input through, delayed by the latency. Switching is crossfaded. Any thread.</summary>
    /// <exception cref="ObjectDisposedException">The strip was disposed.</exception>
    public bool Bypass
    {
        get => Get(ParameterId.Bypass) != 0;
        set => Set(ParameterId.Bypass, value ? 1 : 0);
    }

    /// <summary>
    /// How much of what the profile does is done, in per cent, 0 to 100 (the default). Gains, reductions, ratios and widths
    /// are scaled; loudness target, ceiling, times, frequencies and parameters that were set stay. Any thread.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value lies outside 0 to 100.</exception>
    /// <exception cref="ObjectDisposedException">The strip was disposed.</exception>
    public float Intensity
    {
        get
        {
            ThrowIfDisposed();
            float percent;
            CoreStatus.Check(NativeMethods.aim_strip_get_intensity(_handle, &percent));
            return percent;
        }

        set
        {
            ThrowIfDisposed();
            Ensure.InRange(value, 0, IntensityMaximum, "%", nameof(Intensity));
            CoreStatus.Check(NativeMethods.aim_strip_set_intensity(_handle, value));
        }
    }

    /// <summary>
    /// The genre whose profile the strip has or moves to, set or recognised; <see langword="null"/> after
    /// <see cref="SetProfile"/> and <see cref="Apply"/>. Any thread.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The strip was disposed.</exception>
    public Genre? Genre
    {
        get
        {
            ThrowIfDisposed();
            return _genre == (int)AiMixer.Genre.Auto ? GenreReading.Genre : Readings.GenreFrom(_genre);
        }
    }

    /// <summary>
    /// What the input is recognised as, with the genre set to <see cref="Genre.Auto"/>: one consistent set. Any thread.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The strip was disposed.</exception>
    public GenreReading GenreReading
    {
        get
        {
            ThrowIfDisposed();
            aim_genre_reading reading;
            CoreStatus.Check(NativeMethods.aim_strip_genre(_handle, &reading));
            return Readings.From(reading);
        }
    }

    /// <summary>What was measured up to the end of the last processed span: one consistent set. Any thread.</summary>
    /// <exception cref="ObjectDisposedException">The strip was disposed.</exception>
    public StripMetrics Metrics
    {
        get
        {
            ThrowIfDisposed();
            aim_strip_metrics metrics;
            CoreStatus.Check(NativeMethods.aim_strip_get_metrics(_handle, &metrics));
            return Readings.From(metrics);
        }
    }

    /// <summary>Size of a snapshot in bytes.</summary>
    /// <exception cref="ObjectDisposedException">The strip was disposed.</exception>
    public int SnapshotSize
    {
        get
        {
            ThrowIfDisposed();
            ulong size;
            CoreStatus.Check(NativeMethods.aim_strip_snapshot_size(_handle, &size));
            return checked((int)size);
        }
    }

    /// <summary>Processes interleaved frames in place.</summary>
    /// <param name="interleaved">Whole frames, any number of them; may be empty.</param>
    /// <exception cref="ArgumentException">The length is no multiple of the channels.</exception>
    /// <exception cref="ObjectDisposedException">The strip was disposed.</exception>
    public void Process(Span<float> interleaved) => Process(interleaved, interleaved);

    /// <summary>Processes interleaved frames.</summary>
    /// <param name="input">Whole frames, any number of them; may be empty.</param>
    /// <param name="output">As long as the input; the same memory, or no part of it.</param>
    /// <exception cref="ArgumentException">
    /// The length is no multiple of the channels, the lengths differ, or the spans overlap in part.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The strip was disposed.</exception>
    public void Process(ReadOnlySpan<float> input, Span<float> output)
    {
        ThrowIfDisposed();
        Ensure.WholeFrames(input.Length, _channels, nameof(input));
        Ensure.SameLength(input.Length, output.Length, nameof(output));
        Ensure.SameOrApart(input, output, nameof(output));
        int slice = _maxFrames * _channels;
        fixed (float* source = input, target = output)
        {
            for (int done = 0; done < input.Length; done += slice)
            {
                uint frames = (uint)(Math.Min(slice, input.Length - done) / _channels);
                CoreStatus.Check(
                    NativeMethods.aim_strip_process_interleaved(_handle, source + done, target + done, frames));
            }
        }
    }

    /// <summary>Processes a mono stream in place.</summary>
    /// <param name="mono">Any number of samples; may be empty.</param>
    /// <exception cref="InvalidOperationException">The strip is stereo.</exception>
    /// <exception cref="ObjectDisposedException">The strip was disposed.</exception>
    public void ProcessPlanar(Span<float> mono)
    {
        ThrowIfChannelsAreNot(1);
        Process(mono, mono);
    }

    /// <summary>Processes two separate channels in place.</summary>
    /// <param name="left">Any number of samples; may be empty.</param>
    /// <param name="right">As many samples; no part of the same memory.</param>
    /// <exception cref="ArgumentException">The lengths differ or the spans overlap.</exception>
    /// <exception cref="InvalidOperationException">The strip is mono.</exception>
    /// <exception cref="ObjectDisposedException">The strip was disposed.</exception>
    public void ProcessPlanar(Span<float> left, Span<float> right) => ProcessPlanar(left, right, left, right);

    /// <summary>Processes two separate channels.</summary>
    /// <param name="left">Input of the left channel, any number of samples; may be empty.</param>
    /// <param name="right">Input of the right channel, as many samples.</param>
    /// <param name="outputLeft">Output of the left channel: the memory of <paramref name="left"/>, or apart from everything.</param>
    /// <param name="outputRight">Output of the right channel: the memory of <paramref name="right"/>, or apart from everything.</param>
    /// <exception cref="ArgumentException">The lengths differ, or spans overlap in another way.</exception>
    /// <exception cref="InvalidOperationException">The strip is mono.</exception>
    /// <exception cref="ObjectDisposedException">The strip was disposed.</exception>
    public void ProcessPlanar(
        ReadOnlySpan<float> left, ReadOnlySpan<float> right, Span<float> outputLeft, Span<float> outputRight)
    {
        ThrowIfChannelsAreNot(2);
        Ensure.SameLength(left.Length, right.Length, nameof(right));
        Ensure.SameLength(left.Length, outputLeft.Length, nameof(outputLeft));
        Ensure.SameLength(left.Length, outputRight.Length, nameof(outputRight));
        Ensure.SameOrApart(left, outputLeft, nameof(outputLeft));
        Ensure.SameOrApart(right, outputRight, nameof(outputRight));
        Ensure.Apart(outputLeft, outputRight, nameof(outputRight));
        Ensure.Apart(right, outputLeft, nameof(outputLeft));
        Ensure.Apart(left, outputRight, nameof(outputRight));
        fixed (float* inLeft = left, inRight = right, outLeft = outputLeft, outRight = outputRight)
        {
            float** source = stackalloc float*[2];
            float** target = stackalloc float*[2];
            for (int done = 0; done < left.Length; done += _maxFrames)
            {
                source[0] = inLeft + done;
                source[1] = inRight + done;
                target[0] = outLeft + done;
                target[1] = outRight + done;
                uint frames = (uint)Math.Min(_maxFrames, left.Length - done);
                CoreStatus.Check(NativeMethods.aim_strip_process(_handle, source, target, frames));
            }
        }
    }

    /// <summary>
    /// Sets a parameter: it stands, whatever the profile says, until it is released. It is heard from the next processing
    /// on, smoothed over 20 ms; at once on a strip that has not processed anything since it was created or reset. Any thread.
    /// </summary>
    /// <param name="id">The parameter.</param>
    /// <param name="value">The value, in the parameter's unit; switches take 0 and 1.</param>
    /// <exception cref="ArgumentException">There is no such parameter.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The value lies outside the range of the parameter.</exception>
    /// <exception cref="AiMixerException">The latency depends on it, and the strip is already running: reset it first.</exception>
    /// <exception cref="ObjectDisposedException">The strip was disposed.</exception>
    public void Set(ParameterId id, float value) => Set(Parameter.Find(id), value);

    /// <summary>Sets a parameter by its key; otherwise as <see cref="Set(ParameterId, float)"/>.</summary>
    /// <param name="key">The key, such as "compressor.threshold_db".</param>
    /// <param name="value">The value, in the parameter's unit; switches take 0 and 1.</param>
    /// <exception cref="ArgumentException">There is no such parameter.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The value lies outside the range of the parameter.</exception>
    /// <exception cref="AiMixerException">The latency depends on it, and the strip is already running: reset it first.</exception>
    /// <exception cref="ObjectDisposedException">The strip was disposed.</exception>
    public void Set(string key, float value) => Set(Parameter.Find(key), value);

    /// <summary>Releases a parameter that was set: the profile's value holds again, smoothed over 20 ms. Any thread.</summary>
    /// <param name="id">The parameter; one that was not set stays as it is.</param>
    /// <exception cref="ArgumentException">There is no such parameter.</exception>
    /// <exception cref="AiMixerException">The latency depends on it, and the strip is already running: reset it first.</exception>
    /// <exception cref="ObjectDisposedException">The strip was disposed.</exception>
    public void Release(ParameterId id)
    {
        ThrowIfDisposed();
        Parameter parameter = Parameter.Find(id);
        Check(parameter, NativeMethods.aim_strip_release_parameter(_handle, (int)id));
    }

    /// <summary>
    /// The value that stands for a parameter: what was set, or else the profile's, before the intensity scales it. Any thread.
    /// </summary>
    /// <param name="id">The parameter.</param>
    /// <returns>The value, in the parameter's unit.</returns>
    /// <exception cref="ArgumentException">There is no such parameter.</exception>
    /// <exception cref="ObjectDisposedException">The strip was disposed.</exception>
    public float Get(ParameterId id)
    {
        ThrowIfDisposed();
        _ = Parameter.Find(id);
        float value;
        CoreStatus.Check(NativeMethods.aim_strip_get_parameter(_handle, (int)id, &value));
        return value;
    }

    /// <summary>
    /// Moves to the built-in profile of a genre: over 1 s, into speech over 0.5 s; at once on a strip that has not processed
    /// anything since it was created or reset. Parameters that were set stay, and so does the look-ahead of a running strip.
    /// Any thread.
    /// </summary>
    /// <param name="genre">
    /// The genre. With <see cref="Genre.Auto"/> the strip listens to its input, before anything has changed it, and moves in
    /// the same way to what it recognises; it starts from the genre set last. A genre set later ends that: it is pinned.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such genre.</exception>
    /// <exception cref="ObjectDisposedException">The strip was disposed.</exception>
    public void SetGenre(Genre genre)
    {
        ThrowIfDisposed();
        if (genre != AiMixer.Genre.Auto)
        {
            ProfileTable.Check(genre, nameof(genre));
        }

        CoreStatus.Check(NativeMethods.aim_strip_set_genre(_handle, (int)genre));
        _genre = (int)genre;
    }

    /// <summary>Weights or forbids what <see cref="Genre.Auto"/> may choose, from the next processing on. Any thread.</summary>
    /// <param name="weights">A factor for each genre's probability; 0 forbids a genre, also the one that holds.</param>
    /// <exception cref="ArgumentNullException">There are no weights.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A weight lies outside 0 to 100, or all are 0.</exception>
    /// <exception cref="ObjectDisposedException">The strip was disposed.</exception>
    public void SetGenreWeights(GenreWeights weights)
    {
        ThrowIfDisposed();
        ArgumentNullException.ThrowIfNull(weights);
        Span<float> values = stackalloc float[GenreProbabilities.Count];
        weights.CopyTo(values, nameof(weights));
        fixed (float* first = values)
        {
            CoreStatus.Check(NativeMethods.aim_strip_set_genre_weights(_handle, first));
        }
    }

    /// <summary>
    /// The decisions of <see cref="Genre.Auto"/> after one, oldest first; the last 32 are kept. Any thread.
    /// </summary>
    /// <param name="sinceSequence">The <see cref="GenreEvent.Sequence"/> of the last one known; 0 for all.</param>
    /// <returns>The decisions: when, from, to, why, and the probabilities.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    /// <exception cref="ObjectDisposedException">The strip was disposed.</exception>
    public ImmutableArray<GenreEvent> GenreEvents(long sinceSequence)
    {
        ThrowIfDisposed();
        ArgumentOutOfRangeException.ThrowIfNegative(sinceSequence);
        aim_genre_event* events = stackalloc aim_genre_event[NativeMethods.AIM_GENRE_EVENTS_MAX];
        uint count;
        CoreStatus.Check(NativeMethods.aim_strip_genre_events(
            _handle, (ulong)sinceSequence, events, NativeMethods.AIM_GENRE_EVENTS_MAX, &count));
        return Readings.From(new ReadOnlySpan<aim_genre_event>(events, (int)count));
    }

    /// <summary>
    /// Moves to a profile, without a click; at once on a strip that has not processed anything since it was created or
    /// reset. Parameters that were set stay, and so does the look-ahead of a running strip. Any thread.
    /// </summary>
    /// <param name="profile">The profile; parameters that it does not name go to their default.</param>
    /// <param name="morph">How long it takes, 0 to 60 s; 0 is the 20 ms that every change takes.</param>
    /// <exception cref="ArgumentNullException">There is no profile.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The time lies outside 0 to 60 s.</exception>
    /// <exception cref="ObjectDisposedException">The strip was disposed.</exception>
    public void SetProfile(MixProfile profile, TimeSpan morph)
    {
        ArgumentNullException.ThrowIfNull(profile);
        ThrowIfDisposed();
        Ensure.InRange((float)morph.TotalSeconds, 0, MorphMaximumSeconds, "s", nameof(morph));
        ImmutableArray<Parameter> rows = ParameterTable.Current.Rows;
        Span<float> values = stackalloc float[rows.Length];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = profile.ValueOf(rows[i]);
        }

        fixed (float* first = values)
        {
            CoreStatus.Check(NativeMethods.aim_strip_set_profile(
                _handle, first, values.Length, (float)morph.TotalMilliseconds));
        }

        _genre = Readings.NoGenre;
    }

    /// <summary>
    /// Makes every parameter but bypass what the profile says, those that it does not name their default: what was set
    /// before is released. Heard from the next processing on, smoothed over 20 ms. When the strip refuses, nothing has
    /// changed. Any thread.
    /// </summary>
    /// <param name="profile">The profile.</param>
    /// <exception cref="ArgumentNullException">There is no profile.</exception>
    /// <exception cref="AiMixerException">The profile changes the latency, and the strip is already running: reset it first.</exception>
    /// <exception cref="ObjectDisposedException">The strip was disposed.</exception>
    public void Apply(MixProfile profile)
    {
        ArgumentNullException.ThrowIfNull(profile);
        foreach (Parameter setup in ParameterTable.Current.Setup)
        {
            float value = profile.ValueOf(setup);
            if (Get(setup.Id) != value)
            {
                Set(setup, value);
            }
        }

        SetProfile(profile, TimeSpan.Zero);
        foreach (Parameter parameter in ParameterTable.Current.Rows)
        {
            aim_status_code status = parameter.Id == ParameterId.Bypass
                ? aim_status_code.AIM_OK
                : NativeMethods.aim_strip_release_parameter(_handle, (int)parameter.Id);
            if (status != aim_status_code.AIM_ERROR_STATE)
            {
                // A running strip keeps its set-up parameters, which stand where the profile wants them already.
                CoreStatus.Check(status);
            }
        }
    }

    /// <summary>
    /// Clears the audio and the meters and ends every ramp; parameters keep their values. From here the strip behaves bit
    /// for bit like a fresh one with these values.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The strip was disposed.</exception>
    public void Reset()
    {
        ThrowIfDisposed();
        CoreStatus.Check(NativeMethods.aim_strip_reset(_handle));
    }

    /// <summary>Writes the whole state to a new array: parameters, audio in flight, meters.</summary>
    /// <returns>A snapshot for <see cref="Restore"/>.</returns>
    /// <exception cref="ObjectDisposedException">The strip was disposed.</exception>
    public byte[] Save()
    {
        byte[] snapshot = new byte[SnapshotSize];
        Save(snapshot);
        return snapshot;
    }

    /// <summary>Writes the whole state to a span: parameters, audio in flight, meters.</summary>
    /// <param name="snapshot">Room for <see cref="SnapshotSize"/> bytes.</param>
    /// <returns>The number of bytes written.</returns>
    /// <exception cref="ArgumentException">The span is too short.</exception>
    /// <exception cref="ObjectDisposedException">The strip was disposed.</exception>
    public int Save(Span<byte> snapshot)
    {
        int size = SnapshotSize;
        if (snapshot.Length < size)
        {
            throw new ArgumentException($"A snapshot needs {size} bytes; there is room for {snapshot.Length}.", nameof(snapshot));
        }

        fixed (byte* buffer = snapshot)
        {
            CoreStatus.Check(NativeMethods.aim_strip_save(_handle, buffer, (ulong)size));
        }

        return size;
    }

    /// <summary>
    /// Continues, bit for bit, where a strip with the same sample rate, channels and meters was saved; here or on another
    /// machine. When the snapshot is refused, the strip stays as it was.
    /// </summary>
    /// <param name="snapshot">What <see cref="Save()"/> wrote.</param>
    /// <exception cref="AiMixerException">The snapshot is damaged or belongs to another version or configuration.</exception>
    /// <exception cref="ObjectDisposedException">The strip was disposed.</exception>
    public void Restore(ReadOnlySpan<byte> snapshot)
    {
        ThrowIfDisposed();
        byte nothing = 0;
        fixed (byte* bytes = snapshot)
        {
            // An empty span has no address; it is refused as damaged like any other.
            CoreStatus.Check(NativeMethods.aim_strip_restore(
                _handle, bytes is null ? &nothing : bytes, (ulong)snapshot.Length));
        }

        _genre = GenreReading.IsListening ? (int)AiMixer.Genre.Auto : (int)(Metrics.Genre ?? (Genre)Readings.NoGenre);
    }

    /// <summary>Frees the strip. A call that is under way on another thread ends first.</summary>
    public void Dispose() => _handle.Dispose();

    /// <summary>The handle for a call that lists several; it stays alive until <see cref="LetGo"/>.</summary>
    /// <exception cref="ObjectDisposedException">The strip was disposed.</exception>
    internal nint Hold()
    {
        ThrowIfDisposed();
        bool held = false;
        _handle.DangerousAddRef(ref held);
        return _handle.DangerousGetHandle();
    }

    /// <summary>Ends what <see cref="Hold"/> began.</summary>
    internal void LetGo() => _handle.DangerousRelease();

    private void Set(Parameter parameter, float value)
    {
        ThrowIfDisposed();
        parameter.Check(value, nameof(value));
        Check(parameter, NativeMethods.aim_strip_set_parameter(_handle, (int)parameter.Id, value));
    }

    private static void Check(Parameter parameter, aim_status_code status)
    {
        if (status == aim_status_code.AIM_ERROR_STATE)
        {
            throw new AiMixerException(
                (int)status, $"{parameter.Key} changes the latency; it can be set only before the first processing or after a reset.");
        }

        CoreStatus.Check(status);
    }

    private void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(_handle.IsClosed, this);

    private void ThrowIfChannelsAreNot(int channels)
    {
        ThrowIfDisposed();
        if (_channels != channels)
        {
            throw new InvalidOperationException($"The strip has {_channels} channel(s), the call is for {channels}.");
        }
    }
}
