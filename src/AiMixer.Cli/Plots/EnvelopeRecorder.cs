namespace AiMixer.Cli.Plots;

/// <summary>Lowest and highest sample and power of a stretch of signal, all channels together.</summary>
internal readonly record struct EnvelopeBin(float Low, float High, float Rms);

/// <summary>The outline of a signal.</summary>
/// <param name="Bins">Equally long stretches, one after the other.</param>
/// <param name="SecondsPerBin">Length of each.</param>
internal sealed record Envelope(EnvelopeBin[] Bins, double SecondsPerBin);

/// <summary>
/// Draws the outline of a stream of unknown length in constant memory: when the bins run out, neighbours are merged and
/// each covers twice the time.
/// </summary>
internal sealed class EnvelopeRecorder(int sampleRateHz, int channels)
{
    // More than twice the columns of a plot, so that there is at least one bin to a column at any length.
    private const int BinsMax = 4096;

    private readonly float[] _low = new float[BinsMax];
    private readonly float[] _high = new float[BinsMax];
    private readonly double[] _square = new double[BinsMax];
    private int _bins;
    private long _framesPerBin = 1;
    private long _framesInLast;

    public void Add(ReadOnlySpan<float> interleaved)
    {
        for (int i = 0; i < interleaved.Length; i += channels)
        {
            AddFrame(interleaved.Slice(i, channels));
        }
    }

    public void Reset()
    {
        _bins = 0;
        _framesPerBin = 1;
        _framesInLast = 0;
    }

    public Envelope Finish()
    {
        var bins = new EnvelopeBin[_bins];
        for (int i = 0; i < bins.Length; i++)
        {
            long frames = i == _bins - 1 ? _framesInLast : _framesPerBin;
            float rms = (float)Math.Sqrt(_square[i] / (frames * channels));
            bins[i] = _low[i] <= _high[i] ? new EnvelopeBin(_low[i], _high[i], rms) : default;
        }

        return new Envelope(bins, (double)_framesPerBin / sampleRateHz);
    }

    private void AddFrame(ReadOnlySpan<float> frame)
    {
        if (_bins == 0 || _framesInLast == _framesPerBin)
        {
            OpenBin();
        }

        int bin = _bins - 1;
        foreach (float sample in frame)
        {
            if (float.IsFinite(sample))
            {
                _low[bin] = Math.Min(_low[bin], sample);
                _high[bin] = Math.Max(_high[bin], sample);
                _square[bin] += (double)sample * sample;
            }
        }

        _framesInLast++;
    }

    private void OpenBin()
    {
        if (_bins == BinsMax)
        {
            MergeNeighbours();
        }

        // From the first frame's own values, so that an offset from zero shows as such.
        _low[_bins] = float.PositiveInfinity;
        _high[_bins] = float.NegativeInfinity;
        _square[_bins] = 0;
        _bins++;
        _framesInLast = 0;
    }

    private void MergeNeighbours()
    {
        _bins /= 2;
        for (int i = 0; i < _bins; i++)
        {
            _low[i] = Math.Min(_low[2 * i], _low[(2 * i) + 1]);
            _high[i] = Math.Max(_high[2 * i], _high[(2 * i) + 1]);
            _square[i] = _square[2 * i] + _square[(2 * i) + 1];
        }

        _framesPerBin *= 2;
    }
}
