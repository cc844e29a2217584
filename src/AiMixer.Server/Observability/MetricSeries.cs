namespace AiMixer.Server.Observability;

/// <summary>The values of up to three labels, in the order in which their instrument gives them.</summary>
internal readonly record struct LabelValues(string? First, string? Second, string? Third)
{
    public static LabelValues From(ReadOnlySpan<KeyValuePair<string, object?>> tags) => new(
        tags.Length > 0 ? (string?)tags[0].Value : null,
        tags.Length > 1 ? (string?)tags[1].Value : null,
        tags.Length > 2 ? (string?)tags[2].Value : null);
}

/// <summary>One time series: a number, or a histogram. Any thread.</summary>
/// <param name="labels">Its labels as text, without braces; may be empty.</param>
/// <param name="bounds">Upper bounds of the buckets; none for a plain number.</param>
internal sealed class MetricSeries(string labels, double[] bounds)
{
    private readonly Lock _gate = new();
    private readonly long[] _buckets = new long[bounds.Length + 1];
    private double _sum;

    public string Labels => labels;

    public void Add(double value)
    {
        lock (_gate)
        {
            _sum += value;
        }
    }

    public void Set(double value)
    {
        lock (_gate)
        {
            _sum = value;
        }
    }

    public void Observe(double value)
    {
        int bucket = 0;
        while (bucket < bounds.Length && value > bounds[bucket])
        {
            bucket++;
        }

        lock (_gate)
        {
            _buckets[bucket]++;
            _sum += value;
        }
    }

    /// <summary>The number, or the histogram's sum, and a consistent copy of the buckets.</summary>
    public double Read(Span<long> buckets)
    {
        lock (_gate)
        {
            _buckets.CopyTo(buckets);
            return _sum;
        }
    }
}
