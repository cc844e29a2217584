namespace AiMixer;

/// <summary>
/// Finds the gain in front of the limiter that gives a programme its loudness. Loudness grows with the gain, at first dB
/// for dB, then less and less as the limiter takes more back: a secant step inside a bracket converges in a few renders.
/// Where the limiter takes back nearly all of it, the target is beyond reach: a little below the most that can be had takes far
/// less gain, and that is looked for instead.
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

    // Then loudness bends: a long step from here brings less than it would on a straight line.
    private const double SaturatedSlope = 0.5;

    // A step of less tells nothing: a leveler answers a little more gain now and then with less loudness.
    private const double TellingStepDb = 2;

    // So far below the most that any gain gives, and as near to that as matters.
    private const double BelowTheMostLu = 0.5;
    private const double BeyondReachToleranceLu = 0.3;

    private readonly double _minimum;
    private readonly double _maximum;
    private readonly List<Point> _points = [];
    private double _target;

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

    /// <summary>Whether the limiter takes back nearly all that more gain brings before the target is met.</summary>
    internal bool IsBeyondReach { get; private set; }

    internal bool IsReached => !IsBeyondReach && Math.Abs(BestLufs - _target) <= ToleranceLu;

    /// <summary>Takes what the render with <see cref="NextDb"/> gave and works out the next gain.</summary>
    /// <returns>Whether another render can bring the programme nearer to the target.</returns>
    internal bool Add(float lufs)
    {
        var point = new Point(NextDb, lufs);
        if (Saturates(point))
        {
            IsBeyondReach = true;
            _target = point.Lufs - BelowTheMostLu;
        }

        _points.Add(point);
        Point best = _points.MinBy(tried => Math.Abs(tried.Lufs - _target));
        (BestDb, BestLufs) = ((float)best.GainDb, (float)best.Lufs);
        if (Math.Abs(BestLufs - _target) <= (IsBeyondReach ? BeyondReachToleranceLu : ToleranceLu))
        {
            return false;
        }

        float clamped = (float)Math.Clamp(Next(point), _minimum, _maximum);
        bool moves = clamped != NextDb;
        NextDb = clamped;
        return moves;
    }

    /// <summary>Whether the limiter took back most of a step up to this point, and a long one would not do either.</summary>
    private bool Saturates(Point point)
    {
        if (_points is not [.., { Lufs: > LoudnessReading.Silence } last]
            || point.GainDb - last.GainDb < TellingStepDb
            || _points.Exists(tried => tried.Lufs >= _target))
        {
            return false;
        }

        double slope = (point.Lufs - last.Lufs) / (point.GainDb - last.GainDb);
        return slope < SaturatedSlope && point.Lufs + (slope * LongestStepDb) < _target;
    }

    private double Next(Point point)
    {
        if (_points.Exists(tried => tried.Lufs < _target) && _points.Exists(tried => tried.Lufs >= _target))
        {
            Point low = _points.Where(tried => tried.Lufs < _target).MaxBy(tried => tried.GainDb);
            Point high = _points.Where(tried => tried.Lufs >= _target).MinBy(tried => tried.GainDb);
            // On the bend a secant lands beyond it again and again.
            return IsBeyondReach ? 0.5 * (low.GainDb + high.GainDb) : Inside(point.GainDb + StepFrom(point), low, high);
        }

        double reach = _points.Count == 1 ? 1 : Reach;
        return point.GainDb + Math.Clamp(reach * StepFrom(point), -LongestStepDb, LongestStepDb);
    }

    /// <summary>The secant through the last two renders; dB for dB after the first.</summary>
    private double StepFrom(Point point)
    {
        double slope = HighestSlope;
        if (_points is [.., var last, _])
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
