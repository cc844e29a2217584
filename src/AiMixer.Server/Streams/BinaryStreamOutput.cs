using System.IO.Pipelines;
using System.Text.Json;
using AiMixer.Server.Api;
using AiMixer.Server.Audio;
using AiMixer.Server.Json;
using AiMixer.Server.Mixing;

namespace AiMixer.Server.Streams;

/// <summary>
/// Answers with the processed audio and nothing else; the metrics follow as a trailer where the protocol has trailers.
/// </summary>
internal sealed class BinaryStreamOutput(HttpResponse response, MixStream stream) : IStreamOutput
{
    private readonly PipeWriter _output = response.BodyWriter;

    public void Started()
    {
        if (response.SupportsTrailers())
        {
            response.DeclareTrailer(ProcessAudioApi.MetricsHeader);
        }
    }

    public void Processed(int frames, ReadOnlySpan<float> audio) => Write(audio);

    public void Meters()
    {
    }

    public void Decided(in GenreEvent decision)
    {
    }

    public void Closing(StreamEnding ending, double secondsLeft)
    {
    }

    public void Flushed(ReadOnlySpan<float> audio) => Write(audio);

    public void Summary(int ignoredBytes)
    {
        if (response.SupportsTrailers())
        {
            response.AppendTrailer(
                ProcessAudioApi.MetricsHeader,
                JsonSerializer.Serialize(MixMetrics.Of(stream.Metrics, stream.Strip.GenreReading), ServerJson.Default.MixMetrics));
        }
    }

    private void Write(ReadOnlySpan<float> audio)
    {
        int length = audio.Length * Pcm.SampleBytes(stream.Format.Samples);
        if (length > 0)
        {
            Pcm.Encode(audio, stream.Format.Samples, _output.GetSpan(length));
            _output.Advance(length);
        }
    }
}
