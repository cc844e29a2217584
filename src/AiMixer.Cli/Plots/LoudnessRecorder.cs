namespace AiMixer.Cli.Plots;

/// <summary>Loudness at one time, in LUFS.</summary>
internal readonly record struct LoudnessPoint(double Seconds, float MomentaryLufs, float ShortTermLufs);

/// <summary>
/// Follows the loudness of a stream of unknown length in constant memory: when the points run out, every other one is
/// dropped and the steps become twice as long.
/// </summary>
internal sealed class LoudnessRecorder(int sampleRateHz, int channels) : IDisposable
{
    private const int PointsMax = 4096;

    // EBU Tech 3341 wants live meters to move at least every 100 ms; 20 ms is as fine as the core measures.
    private const int StepsPerSecond = 50;

    // Before a window is full its reading is that of a fade-in, which the programme does not have.
    private const double MomentarySeconds = 0.4;
    private const double ShortTermSeconds = 3;

    private readonly LoudnessMeter _meter = new(sampleRateHz, channels);
    private readonly List<LoudnessPoint> _points = [];
    private long _frames;
    private long _framesPerStep = sampleRateHz / StepsPerSecond;
    private long _framesToStep = sampleRateHz / StepsPerSecond;

    /// <summary>The whole signal so far.</summary>
    public LoudnessReading Total => _meter.Read();

    public double Seconds => (double)_frames / sampleRateHz;

    public void Add(ReadOnlySpan<float> interleaved)
    {
        while (!interleaved.IsEmpty)
        {
            int frames = (int)Math.Min(_framesToStep, interleaved.Length / channels);
            _meter.Add(interleaved[..(frames * channels)]);
            interleaved = interleaved[(frames * channels)..];
            _frames += frames;
            _framesToStep -= frames;
            if (_framesToStep == 0)
            {
                Note();
                _framesToStep = _framesPerStep;
            }
        }
    }

    public void Reset()
    {
        _meter.Reset();
        _points.Clear();
        _frames = 0;
        _framesPerStep = sampleRateHz / StepsPerSecond;
        _framesToStep = _framesPerStep;
    }

    public LoudnessPoint[] Finish() => [.. _points];

    public void Dispose() => _meter.Dispose();

    private void Note()
    {
        LoudnessReading reading = _meter.Read();
        double seconds = Seconds;
        _points.Add(new LoudnessPoint(
            seconds,
            seconds >= MomentarySeconds ? reading.MomentaryLufs : LoudnessReading.Silence,
            seconds >= ShortTermSeconds ? reading.ShortTermLufs : LoudnessReading.Silence));
        if (_points.Count == PointsMax)
        {
            for (int i = 0; i < PointsMax / 2; i++)
            {
                _points[i] = _points[(2 * i) + 1];
            }

            _points.RemoveRange(PointsMax / 2, PointsMax / 2);
            _framesPerStep *= 2;
        }
    }
}
