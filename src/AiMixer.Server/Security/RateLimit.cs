using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using AiMixer.Server.Errors;
using AiMixer.Server.Hosting;
using Microsoft.AspNetCore.RateLimiting;

namespace AiMixer.Server.Security;

/// <summary>How many requests one caller may send. Opening a stream is one request, however long it lasts.</summary>
/// <param name="PerSecond">In the long run.</param>
/// <param name="Burst">At once, after a time of silence.</param>
internal sealed record RateLimit(int PerSecond, int Burst)
{
    // One request per frame of 20 ms for a hundred streams.
    private const int StandardPerSecond = 5000;
    private const int Highest = 1_000_000;

    // Whoever shows no valid credentials has nothing to send much of.
    private static readonly RateLimit Strangers = new(PerSecond: 20, Burst: 100);

    /// <summary>Reads RATE_LIMIT and RATE_LIMIT_BURST.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="isOpen">Whether the server serves its own machine only, which is not limited unless asked for.</param>
    /// <returns><see langword="null"/> when there is no limit.</returns>
    /// <exception cref="SettingException">One lies out of range.</exception>
    public static RateLimit? From(SettingReader settings, bool isOpen)
    {
        int perSecond = settings.Integer("RATE_LIMIT", isOpen ? 0 : StandardPerSecond, 0, Highest);
        int burst = settings.Integer("RATE_LIMIT_BURST", perSecond, 1, Highest);
        return perSecond == 0 ? null : new(perSecond, burst);
    }

    /// <summary>Limits every caller, and the addresses of those who are none.</summary>
    public static void Configure(RateLimiterOptions limiter, SecurityOptions options)
    {
        limiter.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(context => context.User.Identity?.Name is { } caller
            ? Partition(caller, options.RateLimit)
            : Partition($"address:{Network(context.Connection.RemoteIpAddress)}", Strangers));
        limiter.OnRejected = RejectAsync;
    }

    /// <summary>An address; of IPv6 the network, which is one customer's and holds more addresses than could be counted.</summary>
    private static string Network(IPAddress? address)
    {
        if (address is null or { AddressFamily: AddressFamily.InterNetwork } or { IsIPv4MappedToIPv6: true })
        {
            return address?.MapToIPv4().ToString() ?? "unknown";
        }

        const int NetworkBits = 64;
        byte[] bytes = address.GetAddressBytes();
        bytes.AsSpan(NetworkBits / 8).Clear();
        return new IPAddress(bytes).ToString();
    }

    private static RateLimitPartition<string> Partition(string key, RateLimit? limit) => limit is null
        ? RateLimitPartition.GetNoLimiter(key)
        : RateLimitPartition.GetTokenBucketLimiter(key, _ => limit.Bucket());

    private TokenBucketRateLimiterOptions Bucket()
    {
        // About ten times a second, or as seldom as there is a token.
        int tokens = Math.Max(1, PerSecond / 10);
        return new()
        {
            TokenLimit = Burst,
            TokensPerPeriod = tokens,
            ReplenishmentPeriod = TimeSpan.FromSeconds((double)tokens / PerSecond),
            QueueLimit = 0,
        };
    }

    private static async ValueTask RejectAsync(OnRejectedContext rejected, CancellationToken cancellation)
    {
        double wait = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out TimeSpan after) ? after.TotalSeconds : 1;
        HttpContext context = rejected.HttpContext;
        context.Response.Headers.RetryAfter = Math.Max(1, Math.Ceiling(wait)).ToString(CultureInfo.InvariantCulture);
        Problem problem = Problems.Of(
            StatusCodes.Status429TooManyRequests, "This caller sends more requests than it may; Retry-After tells when to go on, in seconds.");
        await ProblemMiddleware.WriteAsync(context, problem).ConfigureAwait(false);
    }
}
