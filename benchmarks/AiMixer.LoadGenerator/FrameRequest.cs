using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace AiMixer.LoadGenerator;

/// <summary>How a frame travels.</summary>
internal enum FrameFormat
{
    Json,
    Binary,
}

/// <summary>One frame as a request to <c>POST /process-audio</c>.</summary>
/// <param name="Address">Path and query.</param>
/// <param name="MediaType">Type of the body.</param>
/// <param name="Body">The frame.</param>
internal sealed record FrameRequest(Uri Address, string MediaType, byte[] Body)
{
    /// <summary>Mono, at the sample rate that the server takes for granted.</summary>
    public static FrameRequest Of(FrameFormat format, float[] samples, Genre genre)
    {
        string name = genre.ProfileName();
        return format == FrameFormat.Json
            ? new(Path(""), "application/json", Encoding.UTF8.GetBytes($$$"""{"audioBuffer":[{{{Text(samples)}}}],"config":{"genre":"{{{name}}}"}}"""))
            : new(Path($"?genre={name}"), "application/octet-stream", MemoryMarshal.AsBytes<float>(samples).ToArray());
    }

    private static string Text(float[] samples) =>
        string.Join(',', samples.Select(sample => sample.ToString("R", CultureInfo.InvariantCulture)));

    private static Uri Path(string query) => new($"/process-audio{query}", UriKind.Relative);
}

/// <summary>Reads answers.</summary>
internal static class FrameAnswer
{
    /// <summary>The samples of an answer.</summary>
    public static float[] Samples(this FrameFormat format, byte[] answer)
    {
        if (format == FrameFormat.Binary)
        {
            return MemoryMarshal.Cast<byte, float>(answer).ToArray();
        }

        using JsonDocument json = JsonDocument.Parse(answer);
        return [.. json.RootElement.GetProperty("processedBuffer").EnumerateArray().Select(sample => sample.GetSingle())];
    }
}
