namespace AiMixer;

/// <summary>
/// Progress over passes whose number nobody knows beforehand: each pass covers a share of what is left, and the last one
/// all of it, so that the fraction never goes back and ends at 1.
/// </summary>
internal sealed class StepProgress
{
    // Often enough for a smooth bar, seldom enough to cost nothing.
    private const double Resolution = 0.005;

    private readonly IProgress<MixProgress>? _progress;
    private string _step = "";
    private double _start;
    private double _end;
    private double _reported = -1;
    private long? _totalFrames;
    private long _frames;

    internal StepProgress(IProgress<MixProgress>? progress, long? totalFrames)
    {
        _progress = progress;
        _totalFrames = totalFrames;
    }

    /// <summary>Starts a pass that covers this share of what is left.</summary>
    internal void Begin(string step, double share)
    {
        _step = step;
        _start = _end;
        _end = _start + (share * (1 - _start));
        _frames = 0;
        Send(_totalFrames is null ? double.NaN : _start);
    }

    internal void Report(long frames)
    {
        _frames = frames;
        if (_totalFrames is not > 0)
        {
            Send(double.NaN);
            return;
        }

        double fraction = _start + ((_end - _start) * Math.Min(1, (double)frames / _totalFrames.Value));
        if (fraction - _reported >= Resolution)
        {
            Send(fraction);
        }
    }

    /// <summary>Ends the pass; from here the length is known.</summary>
    internal void Complete()
    {
        _totalFrames = _frames;
        Send(_end);
    }

    private void Send(double fraction)
    {
        if (!double.IsNaN(fraction))
        {
            _reported = fraction;
        }

        _progress?.Report(new MixProgress(_step, fraction));
    }
}
