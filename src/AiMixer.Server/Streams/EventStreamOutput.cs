using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using AiMixer.Server.Audio;

namespace AiMixer.Server.Streams;

/// <summary>Answers with Server-Sent Events: one per frame, without a name, and named ones for everything else.</summary>
internal sealed class EventStreamOutput : IStreamOutput, IDisposable
{
    private readonly PipeWriter _output;
    private readonly MixStream _stream;
    private readonly TimeProvider _clock;
    private readonly bool _withAudio;
    private readonly byte[] _pcm;
    private readonly Utf8JsonWriter _json;

    public EventStreamOutput(PipeWriter output, MixStream stream, TimeProvider clock, bool withAudio)
    {
        _output = output;
        _stream = stream;
        _clock = clock;
        _withAudio = withAudio;
        _pcm = withAudio ? new byte[stream.FrameSize * stream.Format.FrameBytes] : [];
        _json = new Utf8JsonWriter(output);
    }

    public void Started()
    {
        Begin("event: started\n"u8);
        StreamEvents.WriteStarted(_json, _stream);
        End();
    }

    public void Processed(int frames, ReadOnlySpan<float> audio)
    {
        Begin(default);
        WriteFrame(frames, "processed"u8, audio);
        End();
    }

    public void Meters()
    {
        Begin("event: meters\n"u8);
        StreamEvents.WriteMeters(_json, _stream);
        End();
    }

    public void Decided(in GenreEvent decision)
    {
        Begin("event: genre\n"u8);
        StreamEvents.WriteDecision(_json, _stream, decision);
        End();
    }

    public void Closing(StreamEnding ending, double secondsLeft)
    {
        Begin("event: closing\n"u8);
        StreamEvents.WriteClosing(_json, ending, secondsLeft);
        End();
    }

    public void Flushed(ReadOnlySpan<float> audio)
    {
        if (_withAudio)
        {
            Begin(default);
            WriteFrame(0, "flushed"u8, audio);
            End();
        }
    }

    public void Summary(int ignoredBytes)
    {
        Begin("event: summary\n"u8);
        StreamEvents.WriteSummary(_json, _stream, ignoredBytes);
        End();
    }

    public void Dispose() => _json.Dispose();

    private void WriteFrame(int frames, ReadOnlySpan<byte> status, ReadOnlySpan<float> audio)
    {
        _json.WriteStartObject();
        _json.WriteNumber("timestamp"u8, _clock.GetUtcNow().ToUnixTimeMilliseconds());
        _json.WriteNumber("chunkSize"u8, frames);
        _json.WriteString("status"u8, status);
        if (_withAudio)
        {
            int length = audio.Length * Pcm.SampleBytes(_stream.Format.Samples);
            Pcm.Encode(audio, _stream.Format.Samples, _pcm);
            _json.WriteBase64String("audio"u8, _pcm.AsSpan(0, length));
        }

        _json.WriteEndObject();
    }

    private void Begin(ReadOnlySpan<byte> name)
    {
        _output.Write(name);
        _output.Write("data: "u8);
        _json.Reset(_output);
    }

    private void End()
    {
        _json.Flush();
        _output.Write("\n\n"u8);
    }
}
