namespace AiMixer;

/// <summary>
/// Finds the gain in front of the limiter that gives a programme its loudness. Loudness grows with the gain, at first dB
/// for dB, then less and less as the limiter takes more back: a secant step inside a bracket converges in a few renders.
/// Where all the gain there is falls short, because the limiter takes it back, the target is beyond reach: a little below the
/// most that can be had takes far less gain, and that is looked for instead.
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

    // Less than this, and the limiter has begun to take back.
    private const double SaturatedSlope = 0.5;

    // A step of less tells nothing: a leveler answers a little more gain now and then with less loudness.
    private const double TellingStepDb = 10;

    // So far below the most that any gain gives, and as near to that as matters.
    private const double BelowTheMostLu = 0.5;
    private const double BeyondReachToleranceLu = 0.3;

    // Long steps end far behind the bend that they began before.
    private const double BendShare = 1 / 3.0;

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

    /// <summary>Whether the limiter takes back what is missing, however much gain there is.</summary>
    internal bool IsBeyondReach { get; private set; }

    internal bool IsReached => !IsBeyondReach && Math.Abs(BestLufs - _target) <= ToleranceLu;

    /// <summary>Takes what the render with <see cref="NextDb"/> gave and works out the next gain.</summary>
    /// <returns>Whether another render can bring the programme nearer to the target.</returns>
    internal bool Add(float lufs)
    {
        var point = new Point(NextDb, lufs);
        _points.Add(point);
        if (!IsBeyondReach && FallsShort())
        {
            IsBeyondReach = true;
            _target = point.Lufs - BelowTheMostLu;
        }

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

    /// <summary>
    /// Whether all the gain there is falls short: the last step brought so little that the rest, of which each dB brings less, cannot do.
    /// </summary>
    private bool FallsShort()
    {
        if (SlopeOfLastStep() is not double slope || _points is not [.., var last, var point])
        {
            return false;
        }

        bool tells = point.GainDb - last.GainDb >= TellingStepDb || point.GainDb == _maximum;
        return tells && point.Lufs + (Math.Max(slope, 0) * (_maximum - point.GainDb)) < _target;
    }

    /// <summary>What 1 dB of the last step up brought, where the limiter took back most of it and the target is not met yet.</summary>
    private double? SlopeOfLastStep()
    {
        if (_points is not [.., { Lufs: > LoudnessReading.Silence } last, var point]
            || point.GainDb <= last.GainDb
            || _points.Exists(tried => tried.Lufs >= _target))
        {
            return null;
        }

        double slope = (point.Lufs - last.Lufs) / (point.GainDb - last.GainDb);
        return slope < SaturatedSlope ? slope : null;
    }

    private double Next(Point point)
    {
        if (_points.Exists(tried => tried.Lufs < _target) && _points.Exists(tried => tried.Lufs >= _target))
        {
            Point low = _points.Where(tried => tried.Lufs < _target).MaxBy(tried => tried.GainDb);
            Point high = _points.Where(tried => tried.Lufs >= _target).MinBy(tried => tried.GainDb);
            // On the bend a secant lands beyond it again and again.
            return IsBeyondReach
                ? low.GainDb + (BendShare * (high.GainDb - low.GainDb))
                : Inside(point.GainDb + StepFrom(point), low, high);
        }

        double step = (_points.Count == 1 ? 1 : Reach) * StepFrom(point);
        // Where so much is missing, all there is tells whether the target can be met.
        return step > LongestStepDb && SlopeOfLastStep() is not null
            ? _maximum
            : point.GainDb + Math.Clamp(step, -LongestStepDb, LongestStepDb);
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
