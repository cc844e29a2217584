using System.Runtime.InteropServices;

namespace AiMixer.Cli.Files;

/// <summary>
/// A sound file as a source of samples, decoded by libsndfile. Damage is noticed, not papered over: a file that ends
/// before the length it declares is an error.
/// </summary>
internal sealed unsafe class SoundFileReader : IAudioSource
{
    private const int LowestRateHz = 8000;
    private const int HighestRateHz = 192000;
    private const int SeekFromBeginning = 0;
    private const string Readable =
        $"WAV, FLAC, Ogg Vorbis, MP3 and AIFF are read, {ForeignSound.Names} with ffmpeg installed";

    private readonly InputFile _file;
    private StreamBridge _bridge;
    private SoundFileHandle _handle;
    private SoundFileInfo _info;
    private long _framesRead;
    private long _framesBehindEnd;

    private SoundFileReader(InputFile file)
    {
        _file = file;
        (_bridge, _handle) = Decode();
    }

    /// <inheritdoc/>
    public int SampleRateHz => _info.SampleRateHz;

    /// <inheritdoc/>
    public int Channels => _info.Channels;

    /// <summary>Length as the file declares it; null for MP3, whose headers are often wrong or absent.</summary>
    public long? TotalFrames =>
        Type == SoundLibrary.TypeMpeg || _info.Frames == long.MaxValue ? null : Math.Max(0, _info.Frames - _framesBehindEnd);

    /// <summary>The frame that is read next.</summary>
    public long Position => _framesRead;

    /// <summary>Title, artist and the like.</summary>
    public SoundTags Tags => SoundTags.ReadFrom(_handle);

    private int Type => _info.Format & SoundLibrary.TypeMask;

    /// <summary>Opens a sound file, or fails with the reason and what would be accepted.</summary>
    /// <param name="file">The bytes; disposed together with the reader.</param>
    public static SoundFileReader Open(InputFile file)
    {
        SoundFileReader reader = new(file);
        try
        {
            reader.RefuseWhatCannotBeMixed();
            return reader;
        }
        catch
        {
            reader.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public int Read(Span<float> interleaved)
    {
        long frames;
        fixed (float* samples = &MemoryMarshal.GetReference(interleaved))
        {
            frames = SoundLibrary.sf_readf_float(_handle, samples, interleaved.Length / Channels);
        }

        if (_bridge.Error is { } error)
        {
            throw Failure.Unreadable(_file.Name, error);
        }

        if (SoundLibrary.sf_error(_handle) != 0)
        {
            throw Failure.Unreadable(
                _file.Name, $"damaged at {Seconds(_framesRead)} s: {SoundLibrary.ErrorOf(_handle)} (an intact file is needed)");
        }

        _framesRead += frames;
        if (frames == 0 && TotalFrames is { } total && _framesRead < total)
        {
            throw Failure.Unreadable(
                _file.Name,
                $"truncated: it ends at {Seconds(_framesRead)} s of {Seconds(total)} s (an intact file is needed)");
        }

        if (frames == 0 && _framesRead == 0)
        {
            throw NoAudio();
        }

        return (int)frames;
    }

    /// <summary>
    /// Decodes again from the first byte. Seeking inside lossy streams need not give the same samples twice; a fresh
    /// decoder does.
    /// </summary>
    public void Rewind()
    {
        _handle.Dispose();
        _bridge.Dispose();
        _framesRead = 0;
        (_bridge, _handle) = Decode();
    }

    /// <summary>
    /// Goes to a frame, or to the last one when there are fewer; stays where that is not possible. Good enough for listening:
    /// in lossy formats the samples need not be those of a reading from the beginning.
    /// </summary>
    public void Seek(long frame)
    {
        long there = SoundLibrary.sf_seek(_handle, Math.Clamp(frame, 0, Math.Max(0, _info.Frames - 1)), SeekFromBeginning);
        _framesRead = there < 0 ? _framesRead : there;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _handle.Dispose();
        _bridge.Dispose();
        _file.Dispose();
    }

    private (StreamBridge Bridge, SoundFileHandle Handle) Decode()
    {
        _file.Stream.Position = 0;
        _info = default;
        StreamBridge bridge = new(_file.Stream);
        SoundFileHandle handle = bridge.Open(SoundLibrary.ModeRead, ref _info);
        if (!handle.IsInvalid)
        {
            return (bridge, handle);
        }

        Exception? error = bridge.Error;
        string reason = SoundLibrary.ErrorOfOpen();
        handle.Dispose();
        bridge.Dispose();
        _file.Dispose();
        throw error is null
            ? Failure.Unreadable(_file.Name, $"not a readable sound file: {Lower(reason)} ({Readable})")
            : Failure.Unreadable(_file.Name, error);
    }

    private void RefuseWhatCannotBeMixed()
    {
        if (Type == SoundLibrary.TypeRaw)
        {
            // libsndfile takes headerless bytes for sound when the name ends in .vox and the like: that would be noise.
            throw Failure.Unreadable(_file.Name, $"headerless sound data ({Readable})");
        }

        if (Channels is < 1 or > 2)
        {
            throw Failure.Unreadable(_file.Name, $"has {Channels} channels (1 or 2 can be mixed)");
        }

        if (SampleRateHz is < LowestRateHz or > HighestRateHz)
        {
            throw Failure.Unreadable(
                _file.Name, $"has a sample rate of {SampleRateHz} Hz ({LowestRateHz} to {HighestRateHz} Hz can be mixed)");
        }

        if (DeclaredLength.Of(_file.Stream) is { IsTruncated: true } length)
        {
            throw Failure.Unreadable(
                _file.Name,
                $"truncated: its sound data should be {length.DeclaredBytes} bytes, {length.PresentBytes} are there " +
                "(an intact file is needed)");
        }

        if (OggEnding.Of(_file.Stream) is { } ending)
        {
            if (!ending.IsThere)
            {
                throw Failure.Unreadable(_file.Name, OggEnding.Missing);
            }

            _framesBehindEnd = ending.FramesBehind;
        }

        if (TotalFrames == 0)
        {
            throw NoAudio();
        }
    }

    private Failure NoAudio() => Failure.Unreadable(_file.Name, "holds no audio, 0 frames (at least 1 is needed)");

    private string Seconds(long frames) => FormattableString.Invariant($"{(double)frames / SampleRateHz:0.###}");

    private static string Lower(string text) => text.Length == 0 ? text : char.ToLowerInvariant(text[0]) + text[1..];
}
