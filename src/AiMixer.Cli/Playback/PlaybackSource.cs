using AiMixer.Cli.Files;

namespace AiMixer.Cli.Playback;

/// <summary>The mix of a file, block by block: what a listener hears. Nothing is allocated per block. One thread.</summary>
internal sealed class PlaybackSource(SoundFileReader reader, ChannelStrip strip)
{
    private int _tailFrames = strip.LatencyFrames;

    /// <summary>Mixes the next frames, the tail that the latency holds back included.</summary>
    /// <param name="interleaved">Room for whole frames.</param>
    /// <returns>The number of frames, at least 1; 0 at the end.</returns>
    public int Next(Span<float> interleaved)
    {
        int frames = reader.Read(interleaved);
        if (frames == 0)
        {
            frames = Math.Min(_tailFrames, interleaved.Length / reader.Channels);
            _tailFrames -= frames;
            interleaved[..(frames * reader.Channels)].Clear();
        }

        strip.Process(interleaved[..(frames * reader.Channels)]);
        return frames;
    }

    /// <summary>Goes to a frame of the file. The chain goes on, as if the programme had jumped.</summary>
    public void Seek(long frame)
    {
        reader.Seek(frame);
        _tailFrames = strip.LatencyFrames;
    }
}
