namespace AiMixer.Benchmarks.Peers;

/// <summary>Momentary loudness after ITU-R BS.1770-5 at 48 kHz, every sample through two sections, 400 ms summed in pieces of 100 ms.</summary>
internal sealed class TextbookLoudness
{
    private const int PieceFrames = 4800;
    private const int Pieces = 4;

    private readonly Biquad[] _shelves;
    private readonly Biquad[] _highPasses;
    private readonly double[] _pieces = new double[Pieces];
    private double _sum;
    private int _frames;
    private long _count;

    public TextbookLoudness(int channels)
    {
        _shelves = [.. Enumerable.Repeat(new Biquad(1.53512485958697, -2.69169618940638, 1.19839281085285, -1.69065929318241, 0.73248077421585), channels)];
        _highPasses = [.. Enumerable.Repeat(new Biquad(1, -2, 1, -1.99004745483398, 0.99007225036621), channels)];
    }

    /// <summary>Loudness of the last 400 ms, in LUFS; negative infinity before.</summary>
    public double MomentaryLufs => _count < Pieces ? double.NegativeInfinity : -0.691 + (10 * Math.Log10(_pieces.Sum() / (Pieces * PieceFrames)));

    public void Add(ReadOnlySpan<float> interleaved)
    {
        int channels = _shelves.Length;
        for (int i = 0; i < interleaved.Length; i += channels)
        {
            for (int c = 0; c < channels; c++)
            {
                double weighted = _highPasses[c].Process(_shelves[c].Process(interleaved[i + c]));
                _sum += weighted * weighted;
            }

            if (++_frames == PieceFrames)
            {
                _pieces[_count++ % Pieces] = _sum;
                _sum = 0;
                _frames = 0;
            }
        }
    }
}
