using System.Globalization;
using AiMixer.Server.Api;
using AiMixer.Server.Errors;
using AiMixer.Server.Hosting;
using AiMixer.Server.Mixing;
using Microsoft.Net.Http.Headers;

namespace AiMixer.Server.Audio;

/// <summary>What raw audio is made of.</summary>
/// <param name="Samples">How a sample is written.</param>
/// <param name="SampleRateHz">Sample rate in Hz.</param>
/// <param name="Channels">1 (mono) or 2 (stereo, interleaved).</param>
internal sealed record AudioFormat(SampleFormat Samples, int SampleRateHz, int Channels)
{
    private const string FormatsAllowed = "f32le, s16le or s24le";

    /// <summary>Bytes of one sample of every channel.</summary>
    public int FrameBytes => Pcm.SampleBytes(Samples) * Channels;

    /// <summary>The media type of raw audio in this format.</summary>
    public string MediaType => string.Create(
        CultureInfo.InvariantCulture, $"{MediaTypes.Binary}; format={NameOf(Samples)}; rate={SampleRateHz}; channels={Channels}");

    /// <summary>Reads the parameters of a media type: <c>format</c>, <c>rate</c> and <c>channels</c>, each with a default.</summary>
    /// <exception cref="ProblemException">A value is not allowed.</exception>
    public static AudioFormat From(MediaTypeHeaderValue type, ServerOptions options)
    {
        var format = new AudioFormat(SampleFormat.F32Le, options.SampleRateHz, Channels: 1);
        foreach (NameValueHeaderValue parameter in type.Parameters)
        {
            string name = $"Content-Type {parameter.Name}";
            string value = parameter.GetUnescapedValue().Value ?? "";
            format = parameter.Name.Value?.ToLowerInvariant() switch
            {
                "format" => format with { Samples = FormatFrom(name, value) },
                "rate" => format with { SampleRateHz = StripSettings.SampleRateFrom(name, Integer(name, value)) },
                "channels" => format with { Channels = StripSettings.ChannelsFrom(name, Integer(name, value)) },
                _ => throw Problems.Invalid(name, value, "the parameters format, rate and channels"),
            };
        }

        return format;
    }

    /// <summary>A format by its name.</summary>
    /// <exception cref="ProblemException">There is no such format.</exception>
    public static SampleFormat FormatFrom(string field, string name) => name switch
    {
        "f32le" => SampleFormat.F32Le,
        "s16le" => SampleFormat.S16Le,
        "s24le" => SampleFormat.S24Le,
        _ => throw Problems.Invalid(field, name, FormatsAllowed),
    };

    /// <summary>The name of a format.</summary>
    public static string NameOf(SampleFormat format) => format switch
    {
        SampleFormat.F32Le => "f32le",
        SampleFormat.S16Le => "s16le",
        _ => "s24le",
    };

    private static int Integer(string name, string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? number
            : throw Problems.Invalid(name, value, "a whole number");
}
