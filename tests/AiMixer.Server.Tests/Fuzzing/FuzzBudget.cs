using System.Diagnostics;
using System.Globalization;

namespace AiMixer.Server.Tests.Fuzzing;

/// <summary>
/// How much is tried: a number of inputs, the same in every run, or, with FUZZ_SECONDS in the environment, as many as that
/// time allows, the same ones first.
/// </summary>
internal static class FuzzBudget
{
    public static IEnumerable<int> Seeds(int count)
    {
        if (!int.TryParse(Environment.GetEnvironmentVariable("FUZZ_SECONDS"), CultureInfo.InvariantCulture, out int seconds))
        {
            return Enumerable.Range(0, count);
        }

        long start = Stopwatch.GetTimestamp();
        return Enumerable.Range(0, int.MaxValue).TakeWhile(seed => seed < count || Stopwatch.GetElapsedTime(start).TotalSeconds < seconds);
    }
}
