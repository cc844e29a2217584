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
        _input = new float[BlockFrames * _channels];
        _output = new float[BlockFrames * _channels];
    }

    internal int LatencyFrames => _strip.LatencyFrames;

    internal StripMetrics Metrics => _strip.Metrics;

    /// <summary>What the output of the last run is like, measured on exactly the frames that are written.</summary>
    internal LoudnessReading OutputLoudness => _outputMeter.Read();

    /// <summary>Renders the programme once, from its beginning.</summary>
    internal void Run(
        MixSettings settings, InputMeasurement? measurement, IAudioSink? sink, StepProgress progress, CancellationToken cancel)
    {
        _strip.Reset();
        _outputMeter.Reset();
        settings.ApplyTo(_strip);
        int skip = _strip.LatencyFrames;
        long frames = 0;
        _source.Rewind();
        while (SourceReader.Read(_source, _input, cancel) is var block && block.Length > 0)
        {
            measurement?.Add(block);
            Process(block, ref skip, sink);
            frames += block.Length / _channels;
            progress.Report(frames);
        }

        Array.Clear(_input);
        for (int left = _strip.LatencyFrames; left > 0; left -= BlockFrames)
        {
            cancel.ThrowIfCancellationRequested();
            Process(_input.AsSpan(0, Math.Min(left, BlockFrames) * _channels), ref skip, sink);
        }

        progress.Complete();
    }

    public void Dispose()
    {
        _strip.Dispose();
        _outputMeter.Dispose();
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
