using AiMixer.Server.Errors;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace AiMixer.Server.Api;

/// <summary>The media types of the service, and what clients say about them.</summary>
internal static class MediaTypes
{
    public const string Json = "application/json";
    public const string Binary = "application/octet-stream";
    public const string EventStream = "text/event-stream";
    public const string Wave = "audio/wav";

    /// <summary>The best of several representations for a client; the first one when it does not mind.</summary>
    /// <exception cref="ProblemException">It accepts none of them.</exception>
    public static string RequireAccept(HttpRequest request, params ReadOnlySpan<string> offered)
    {
        StringValues accept = request.Headers.Accept;
        if (accept.Count == 0)
        {
            return offered[0];
        }

        if (!MediaTypeHeaderValue.TryParseList(accept, out IList<MediaTypeHeaderValue>? ranges))
        {
            throw Problems.NotAcceptable(accept.ToString(), offered.ToArray());
        }

        string? best = null;
        double bestQuality = 0;
        foreach (string type in offered)
        {
            double quality = QualityOf(new MediaTypeHeaderValue(type), ranges);
            if (quality > bestQuality)
            {
                (best, bestQuality) = (type, quality);
            }
        }

        return best ?? throw Problems.NotAcceptable(accept.ToString(), offered.ToArray());
    }

    /// <summary>The type of the body, without its parameters.</summary>
    /// <exception cref="ProblemException">It is none of those allowed.</exception>
    public static MediaTypeHeaderValue RequireContentType(HttpRequest request, params ReadOnlySpan<string> allowed)
    {
        if (MediaTypeHeaderValue.TryParse(request.ContentType, out MediaTypeHeaderValue? type))
        {
            foreach (string candidate in allowed)
            {
                if (type.MediaType.Equals(candidate, StringComparison.OrdinalIgnoreCase))
                {
                    return type;
                }
            }
        }

        throw Problems.UnsupportedMediaType(request.ContentType, allowed.ToArray());
    }

    /// <summary>What the most specific range that covers a type says about it (RFC 9110, 12.5.1).</summary>
    private static double QualityOf(MediaTypeHeaderValue type, IEnumerable<MediaTypeHeaderValue> ranges)
    {
        int closest = -1;
        double quality = 0;
        foreach (MediaTypeHeaderValue range in ranges)
        {
            int closeness = range.MatchesAllTypes ? 0 : range.MatchesAllSubTypes ? 1 : 2;
            bool covers = closeness switch
            {
                0 => true,
                1 => range.Type.Equals(type.Type, StringComparison.OrdinalIgnoreCase),
                _ => range.MediaType.Equals(type.MediaType, StringComparison.OrdinalIgnoreCase),
            };
            if (covers && closeness > closest)
            {
                (closest, quality) = (closeness, range.Quality ?? 1);
            }
        }

        return quality;
    }
}
