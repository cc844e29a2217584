namespace AiMixer;

/// <summary>
/// Finds the gain in front of the limiter that gives a programme its loudness. Loudness grows with the gain, at first dB
/// for dB, then less and less as the limiter takes more back: a secant step inside a bracket converges in a few renders.
/// </summary>
internal sealed class LoudnessSearch
{
    /// <summary>Close enough to stop: far below what can be heard and below the 0.05 LU that is promised.</summary>
    internal const float ToleranceLu = 0.01f;

    // No gain makes a programme louder by more than itself; and where the limiter takes back nearly everything a secant
    // would leap beyond all measure.
    private const double HighestSlope = 1;
    private const double LowestSlope = 0.05;

    // Loudness bends away from every straight line, so that steps from below fall short: a little more brackets it sooner.
    private const double Reach = 1.25;
    private const double LongestStepDb = 20;

    private readonly double _target;
    private readonly double _minimum;
    private readonly double _maximum;
    private Point? _below;
    private Point? _above;
    private Point? _last;

    internal LoudnessSearch(float targetLufs, float startDb, float minimumDb, float maximumDb)
    {
        _target = targetLufs;
        _minimum = minimumDb;
        _maximum = maximumDb;
        NextDb = startDb;
    }

    private readonly record struct Point(double GainDb, double Lufs);

    /// <summary>The gain to render with next, in dB.</summary>
    internal float NextDb { get; private set; }

    /// <summary>The gain that came nearest to the target, in dB.</summary>
    internal float BestDb { get; private set; }

    /// <summary>What <see cref="BestDb"/> gave, in LUFS.</summary>
    internal float BestLufs { get; private set; } = float.NegativeInfinity;

    internal bool IsReached => Math.Abs(BestLufs - _target) <= ToleranceLu;

    /// <summary>Takes what the render with <see cref="NextDb"/> gave and works out the next gain.</summary>
    /// <returns>Whether another render can bring the programme nearer to the target.</returns>
    internal bool Add(float lufs)
    {
        var point = new Point(NextDb, lufs);
        if (Math.Abs(lufs - _target) < Math.Abs(BestLufs - _target))
        {
            BestDb = NextDb;
            BestLufs = lufs;
        }

        if (IsReached)
        {
            return false;
        }

        bool isFirst = _last is null;
        double step = StepFrom(point);
        if (point.Lufs < _target)
        {
            _below = point;
        }
        else
        {
            _above = point;
        }

        _last = point;
        double next = _below is { } low && _above is { } high
            ? Inside(point.GainDb + step, low, high)
            : point.GainDb + Math.Clamp(isFirst ? step : Reach * step, -LongestStepDb, LongestStepDb);
        float clamped = (float)Math.Clamp(next, _minimum, _maximum);
        bool moves = clamped != NextDb;
        NextDb = clamped;
        return moves;
    }

    /// <summary>The secant through the last two renders; dB for dB after the first.</summary>
    private double StepFrom(Point point)
    {
        double slope = HighestSlope;
        if (_last is { } last)
        {
            slope = Math.Clamp((last.Lufs - point.Lufs) / (last.GainDb - point.GainDb), LowestSlope, HighestSlope);
        }

        return (_target - point.Lufs) / slope;
    }

    /// <summary>Halves the bracket when the secant leaves it.</summary>
    private static double Inside(double next, Point low, Point high)
    {
        double least = Math.Min(low.GainDb, high.GainDb);
        double most = Math.Max(low.GainDb, high.GainDb);
        return next > least && next < most ? next : 0.5 * (least + most);
    }
}
