namespace AiMixer.Training.Augmentation;

/// <summary>Draws that repeat: the same key gives the same sequence on every machine.</summary>
internal sealed class Dice
{
    private ulong _state;

    public Dice(string key)
    {
        // FNV-1a: string.GetHashCode differs from run to run.
        _state = 14695981039346656037;
        foreach (char c in key)
        {
            _state = (_state ^ c) * 1099511628211;
        }
    }

    /// <summary>0 or more and below 1. SplitMix64.</summary>
    public double Unit()
    {
        ulong z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return ((z ^ (z >> 31)) >> 11) * (1.0 / (1UL << 53));
    }

    public double Between(double low, double high) => low + ((high - low) * Unit());

    public int Below(int count) => (int)(Unit() * count);

    public bool Chance(double probability) => Unit() < probability;

    /// <summary>A value whose logarithm is spread evenly.</summary>
    public double BetweenLog(double low, double high) => low * Math.Pow(high / low, Unit());

    /// <summary>Normal with variance 1, by the sum of twelve.</summary>
    public double Normal()
    {
        double sum = -6;
        for (int i = 0; i < 12; ++i)
        {
            sum += Unit();
        }

        return sum;
    }
}
