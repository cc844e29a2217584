using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace AiMixer.Server.Observability;

/// <summary>What every process exports, under the names that Prometheus clients use, and the runtime's collector.</summary>
internal static class ProcessInstruments
{
    public static void AddTo(Meter meter, TimeProvider clock)
    {
        using var process = Process.GetCurrentProcess();
        double startSeconds = new DateTimeOffset(process.StartTime).ToUnixTimeMilliseconds() / 1000.0;
        int cpus = Environment.ProcessorCount;
        meter.CreateObservableCounter("process_cpu_seconds_total", () => Environment.CpuUsage.TotalTime.TotalSeconds, "s", "Processor time used.");
        meter.CreateObservableGauge("process_resident_memory_bytes", () => Environment.WorkingSet, "By", "Memory in use.");
        meter.CreateObservableGauge("process_start_time_seconds", () => startSeconds, "s", "When the process began, in seconds since 1970.");
        meter.CreateObservableGauge("process_uptime_seconds", () => clock.GetUtcNow().ToUnixTimeMilliseconds() / 1000.0 - startSeconds, "s", "How long the process has been running.");
        meter.CreateObservableGauge("process_cpus", () => cpus, null, "Processors that the process may use.");
        meter.CreateObservableGauge("dotnet_gc_heap_bytes", () => GC.GetTotalMemory(false), "By", "Managed memory in use.");
        meter.CreateObservableCounter("dotnet_gc_allocated_bytes_total", () => GC.GetTotalAllocatedBytes(), "By", "Managed memory allocated.");
        meter.CreateObservableCounter("dotnet_gc_pause_seconds_total", () => GC.GetTotalPauseDuration().TotalSeconds, "s", "Time that collections stopped everything.");
        meter.CreateObservableCounter("dotnet_gc_collections_total", Collections, null, "Garbage collections, by generation.");
        meter.CreateObservableGauge("dotnet_threadpool_threads", () => ThreadPool.ThreadCount, null, "Threads of the pool.");
        meter.CreateObservableGauge("dotnet_threadpool_queue_length", () => ThreadPool.PendingWorkItemCount, null, "Work that waits for a thread.");
    }

    private static IEnumerable<Measurement<long>> Collections()
    {
        for (int generation = 0; generation <= GC.MaxGeneration; generation++)
        {
            yield return new(GC.CollectionCount(generation), new KeyValuePair<string, object?>("generation", generation switch { 0 => "0", 1 => "1", _ => "2" }));
        }
    }
}
