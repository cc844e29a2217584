using System.Text.Json;
using AiMixer.Server.Audio;
using AiMixer.Server.Mixing;

namespace AiMixer.Server.Streams;

/// <summary>What streams tell besides audio, as JSON objects: the same over Server-Sent Events and over WebSockets.</summary>
internal static class StreamEvents
{
    public static void WriteStarted(Utf8JsonWriter json, MixStream stream)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "started"u8);
        json.WriteString("streamId"u8, stream.Id);
        json.WriteString("format"u8, AudioFormat.NameOf(stream.Format.Samples));
        json.WriteNumber("sampleRate"u8, stream.Format.SampleRateHz);
        json.WriteNumber("channels"u8, stream.Format.Channels);
        json.WriteNumber("frameSize"u8, stream.FrameSize);
        json.WriteNumber("latencyFrames"u8, stream.LatencyFrames);
        json.WriteEndObject();
    }

    /// <summary>The meters now: levels of the output, and what the stages take at this moment, in dB.</summary>
    public static void WriteMeters(Utf8JsonWriter json, MixStream stream)
    {
        StripMetrics metrics = stream.Metrics;
        json.WriteStartObject();
        json.WriteString("type"u8, "meters"u8);
        json.WriteNumber("time"u8, stream.Seconds);
        json.WriteNumber("peak"u8, metrics.Output.CurrentPeakDbfs);
        json.WriteNumber("rms"u8, metrics.Output.CurrentRmsDbfs);
        json.WriteNumber("momentary"u8, metrics.Output.MomentaryLufs);
        json.WriteNumber("shortTerm"u8, metrics.Output.ShortTermLufs);
        json.WriteNumber("integrated"u8, metrics.Output.IntegratedLufs);
        json.WriteNumber("range"u8, metrics.Output.LoudnessRangeLu);
        json.WriteNumber("truePeak"u8, metrics.Output.TruePeakDbtp);
        json.WriteStartObject("gainReduction"u8);
        json.WriteNumber("gate"u8, metrics.Gate.NowDb);
        json.WriteNumber("deEsser"u8, metrics.DeEsser.NowDb);
        json.WriteNumber("compressor"u8, metrics.Compressor.NowDb);
        json.WriteNumber("limiter"u8, metrics.Limiter.NowDb);
        json.WriteEndObject();
        json.WriteNumber("levelerGain"u8, metrics.LevelerGainDb);
        json.WriteString("genre"u8, StripSettings.EncodedNameOf(metrics.Genre ?? Genre.Neutral));
        GenreReading genre = stream.Strip.GenreReading;
        json.WriteNumber("confidence"u8, genre.IsListening ? genre.Confidence : 1);
        json.WriteEndObject();
    }

    /// <summary>The strip takes its input for another genre than before, and begins to change its profile.</summary>
    public static void WriteDecision(Utf8JsonWriter json, MixStream stream, in GenreEvent decision)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "genre"u8);
        json.WriteNumber("time"u8, (double)decision.Frame / stream.Format.SampleRateHz);
        json.WriteString("from"u8, StripSettings.EncodedNameOf(decision.From));
        json.WriteString("genre"u8, StripSettings.EncodedNameOf(decision.To));
        json.WriteNumber("confidence"u8, decision.Confidence);
        json.WriteString("rule"u8, decision.Rule switch
        {
            GenreRule.Leads => "leads"u8,
            GenreRule.Speaks => "speaks"u8,
            GenreRule.Unsure => "unsure"u8,
            _ => "forbidden"u8,
        });
        json.WriteStartObject("probabilities"u8);
        foreach (Genre genre in GenreProbabilities.Genres)
        {
            json.WriteNumber(StripSettings.EncodedNameOf(genre), decision.Probabilities[genre]);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>The stream is about to end, and why.</summary>
    /// <param name="json">Takes the event.</param>
    /// <param name="ending">Why.</param>
    /// <param name="secondsLeft">How long audio is still taken.</param>
    public static void WriteClosing(Utf8JsonWriter json, StreamEnding ending, double secondsLeft)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "closing"u8);
        json.WriteString("reason"u8, ending == StreamEnding.Idle ? "idle"u8 : "draining"u8);
        json.WriteNumber("secondsLeft"u8, secondsLeft);
        json.WriteEndObject();
    }

    /// <summary>The whole stream, once it is over.</summary>
    /// <param name="json">Takes the event.</param>
    /// <param name="stream">The stream.</param>
    /// <param name="ignoredBytes">Bytes at the end of the body that made no whole sample of every channel.</param>
    public static void WriteSummary(Utf8JsonWriter json, MixStream stream, int ignoredBytes)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "summary"u8);
        json.WriteNumber("frames"u8, stream.Frames);
        json.WriteNumber("seconds"u8, stream.Seconds);
        json.WriteNumber("ignoredBytes"u8, ignoredBytes);
        json.WritePropertyName("metrics"u8);
        JsonSerializer.Serialize(json, MixMetrics.Of(stream.Metrics, stream.Strip.GenreReading), Json.ServerJson.Default.MixMetrics);
        json.WriteEndObject();
    }
}
