namespace AiMixer;

/// <summary>
/// Sends a whole programme through a strip: the latency is removed, the tail drained, the output as long as the input.
/// </summary>
internal sealed class ProgrammeRender : IDisposable
{
    internal const int BlockFrames = 4096;

    private readonly IAudioSource _source;
    private readonly int _channels;
    private readonly ChannelStrip _strip;
    private readonly LoudnessMeter _outputMeter;
    private readonly float[] _input;
    private readonly float[] _output;
    private readonly GenreHistory _genres;
    private LevelerGainReport _levelerGain;

    internal ProgrammeRender(IAudioSource source)
    {
        _source = source;
        _channels = source.Channels;
        _strip = new ChannelStrip(new ChannelStripOptions
        {
            SampleRateHz = source.SampleRateHz,
            Channels = source.Channels,
            MaxFrames = BlockFrames,
            Meters = StripMeters.None,
        });
        _outputMeter = new LoudnessMeter(source.SampleRateHz, source.Channels);
        _genres = new GenreHistory(source.SampleRateHz);
        _input = new float[BlockFrames * _channels];
        _output = new float[BlockFrames * _channels];
    }

    internal int LatencyFrames => _strip.LatencyFrames;

    internal StripMetrics Metrics => _strip.Metrics;

    /// <summary>What the leveler did in the last run, seen at the end of every block.</summary>
    internal LevelerGainReport LevelerGain => _levelerGain;

    /// <summary>What a strip that listened recognised in the last run, and moved to.</summary>
    internal GenreRecognition Recognition
    {
        get
        {
            GenreReading reading = _strip.GenreReading;
            return new GenreRecognition
            {
                Genre = reading.Genre,
                Reason = "live: it followed the programme, and ended in this",
                Confidence = reading.Confidence,
                Probabilities = reading.Probabilities,
                Timeline = _genres.Moments,
                Changes = _genres.Changes,
            };
        }
    }

    /// <summary>The lowest loudness that the leveler steered to in the last run, in LUFS.</summary>
    internal float LowestTargetLufs { get; private set; }

    /// <summary>What the output of the last run is like, measured on exactly the frames that are written.</summary>
    internal LoudnessReading OutputLoudness => _outputMeter.Read();

    /// <summary>Renders the programme once, from its beginning.</summary>
    internal void Run(
        MixSettings settings, InputMeasurement? measurement, IAudioSink? sink, StepProgress progress, CancellationToken cancel)
    {
        _strip.Reset();
        _outputMeter.Reset();
        settings.ApplyTo(_strip);
        _genres.Clear();
        _levelerGain = new LevelerGainReport(0, float.PositiveInfinity, float.NegativeInfinity);
        LowestTargetLufs = float.PositiveInfinity;
        int skip = _strip.LatencyFrames;
        long frames = 0;
        _source.Rewind();
        while (SourceReader.Read(_source, _input, cancel) is var block && block.Length > 0)
        {
            measurement?.Add(block);
            Process(block, ref skip, sink);
            Watch();
            frames += block.Length / _channels;
            progress.Report(frames);
        }

        Array.Clear(_input);
        for (int left = _strip.LatencyFrames; left > 0; left -= BlockFrames)
        {
            cancel.ThrowIfCancellationRequested();
            Process(_input.AsSpan(0, Math.Min(left, BlockFrames) * _channels), ref skip, sink);
        }

        if (frames == 0)
        {
            _levelerGain = default;
        }

        progress.Complete();
    }

    public void Dispose()
    {
        _strip.Dispose();
        _outputMeter.Dispose();
    }

    private void Watch()
    {
        StripMetrics metrics = _strip.Metrics;
        _levelerGain = new LevelerGainReport(
            metrics.LevelerGainDb,
            Math.Min(_levelerGain.Minimum, metrics.LevelerGainDb),
            Math.Max(_levelerGain.Maximum, metrics.LevelerGainDb));
        LowestTargetLufs = Math.Min(LowestTargetLufs, metrics.TargetLufs);
        if (_strip.GenreReading is { IsListening: true } reading)
        {
            _genres.Watch(reading, _strip.GenreEvents);
        }
    }

    private void Process(ReadOnlySpan<float> block, ref int skip, IAudioSink? sink)
    {
        Span<float> output = _output.AsSpan(0, block.Length);
        _strip.Process(block, output);
        int skipped = Math.Min(skip, block.Length / _channels);
        skip -= skipped;
        ReadOnlySpan<float> heard = output[(skipped * _channels)..];
        if (heard.IsEmpty)
        {
            return;
        }

        _outputMeter.Add(heard);
        sink?.Write(heard);
    }
}
