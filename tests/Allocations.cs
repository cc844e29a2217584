namespace AiMixer;

/// <summary>The managed memory that code allocates on the thread it runs on.</summary>
internal static class Allocations
{
    private const int Calls = 50;
    private const int Rounds = 4;

    /// <summary>
    /// The bytes that 50 calls allocate, once compiled. A call that allocates does so in every round; what the runtime itself
    /// takes on this thread comes now and then, up to 8 KiB at once: the least round counts.
    /// </summary>
    internal static long Of(Action action)
    {
        Run(action);
        long least = long.MaxValue;
        for (int round = 0; round < Rounds; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            Run(action);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }

    private static void Run(Action action)
    {
        for (int call = 0; call < Calls; call++)
        {
            action();
        }
    }
}
