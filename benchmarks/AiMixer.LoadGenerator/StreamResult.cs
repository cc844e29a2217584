using System.Globalization;

namespace AiMixer.LoadGenerator;

/// <summary>What a run showed. A delay is the time from when a frame was due to be sent to when it was back; sending late counts as delay.</summary>
internal sealed record StreamResult(
    Transport Transport,
    int Streams,
    int Seconds,
    long Frames,
    long Late,
    long Missing,
    long Wrong,
    float P50Ms,
    float P99Ms,
    float MaxMs,
    double ServerCores,
    double GeneratorCores,
    double PeakResidentMiB,
    double SentLateMs,
    string Load,
    IReadOnlyList<string> Failures)
{
    /// <summary>The latest that a frame may be back: when the next one is due.</summary>
    public const float LatestMs = 20;

    public static string Heading =>
        "| transport | streams | seconds | frames | late | missing | wrong | p50 ms | p99 ms | max ms | sent late, max ms | server, cores | generator, cores | resident MiB, peak | load average, before / after |\n" +
        "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n";

    /// <summary>Whether every frame came back, in time and right.</summary>
    public bool IsGood => Late == 0 && Missing == 0 && Wrong == 0 && Failures.Count == 0;

    public static StreamResult Of(
        Transport transport, int seconds, StreamClient[] clients, double serverCores, double ownCores, double peakMiB, double sentLateMs, string load, bool ended)
    {
        float[] delays = [.. clients.SelectMany(client => client.DelaysMs.ToArray()).Order()];
        string[] failures = [.. clients.Select(client => client.Failure).OfType<string>().Distinct()];
        return new StreamResult(
            transport,
            clients.Length,
            seconds,
            delays.Length,
            delays.Count(delay => delay > LatestMs),
            (long)clients.Length * seconds * Programme.FramesPerSecond - delays.Length,
            clients.Sum(client => (long)client.Wrong),
            Quantile(0.5),
            Quantile(0.99),
            Quantile(1),
            serverCores,
            ownCores,
            peakMiB,
            sentLateMs,
            load,
            ended ? failures : [.. failures, "some streams did not end"]);

        float Quantile(double share) => delays.Length == 0 ? float.NaN : delays[(int)Math.Min(delays.Length - 1, share * delays.Length)];
    }

    /// <summary>One line of the table.</summary>
    public string Row() => string.Create(
        CultureInfo.InvariantCulture,
        $"| {Transport} | {Streams} | {Seconds} | {Frames} | {Late} | {Missing} | {Wrong} | {P50Ms:F2} | {P99Ms:F2} | {MaxMs:F2} | {SentLateMs:F2} | {ServerCores:F2} | {GeneratorCores:F2} | {PeakResidentMiB:F0} | {Load} |");
}
