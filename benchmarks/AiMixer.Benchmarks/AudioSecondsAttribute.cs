namespace AiMixer.Benchmarks;

/// <summary>How much audio one run of a benchmark is about, for the column of times real time.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class AudioSecondsAttribute(double seconds) : Attribute
{
    public double Seconds { get; } = seconds;
}
