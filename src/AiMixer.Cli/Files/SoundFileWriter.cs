using System.Runtime.InteropServices;

namespace AiMixer.Cli.Files;

/// <summary>Writes samples as a sound file into a pending output.</summary>
internal sealed unsafe class SoundFileWriter : IAudioSink, IDisposable
{
    // Vorbis quality on libsndfile's scale from 0 to 1: about 190 kbit/s for 44.1 kHz stereo.
    private const double VorbisQuality = 0.6;

    // Small writes, because libsndfile's Vorbis encoder keeps a whole write on its stack.
    private const int FramesPerWrite = 4096;

    // A WAV file counts its bytes in 32 bits; beyond that it has to be RF64 (EBU Tech 3306). Some room for the headers.
    private const long WavBytesMax = uint.MaxValue - (1 << 20);

    private readonly PendingOutput _output;
    private readonly StreamBridge _bridge;
    private readonly SoundFileHandle _handle;
    private readonly Quantizer? _quantizer;
    private readonly int[] _integers;
    private readonly int _channels;

    public SoundFileWriter(PendingOutput output, OutputFormat format, SoundFileReader source)
    {
        _output = output;
        _channels = source.Channels;
        _quantizer = format.IsVorbis || format.Samples == SampleFormat.Float32 ? null : new Quantizer(format.Samples);
        _integers = new int[_quantizer is null ? 0 : FramesPerWrite * _channels];
        _bridge = new StreamBridge(output.Stream);
        SoundFileInfo info = new()
        {
            SampleRateHz = source.SampleRateHz,
            Channels = _channels,
            Format = FormatCode(format, source),
        };
        _handle = _bridge.Open(SoundLibrary.ModeWrite, ref info);
        if (_handle.IsInvalid)
        {
            throw Broken(SoundLibrary.ErrorOfOpen());
        }

        if (format.IsVorbis)
        {
            double quality = VorbisQuality;
            _ = SoundLibrary.sf_command(_handle, SoundLibrary.CommandSetVbrQuality, &quality, sizeof(double));
        }

        // The PEAK chunk holds the time of day: without it the same input gives the same bytes.
        _ = SoundLibrary.sf_command(_handle, SoundLibrary.CommandSetAddPeakChunk, null, 0);
        source.Tags.WriteTo(_handle);
    }

    /// <inheritdoc/>
    public void Write(ReadOnlySpan<float> interleaved)
    {
        while (!interleaved.IsEmpty)
        {
            int samples = Math.Min(interleaved.Length, FramesPerWrite * _channels);
            WriteSome(interleaved[..samples]);
            interleaved = interleaved[samples..];
        }
    }

    /// <summary>Completes the headers. Without this call the output is not whole.</summary>
    public void Finish()
    {
        int status = _handle.CloseChecked();
        if (status != 0 || _bridge.Error is not null)
        {
            throw Broken($"libsndfile error {status}");
        }
    }

    public void Dispose()
    {
        _handle.Dispose();
        _bridge.Dispose();
    }

    private void WriteSome(ReadOnlySpan<float> samples)
    {
        long frames = samples.Length / _channels;
        long written;
        if (_quantizer is null)
        {
            fixed (float* pointer = &MemoryMarshal.GetReference(samples))
            {
                written = SoundLibrary.sf_writef_float(_handle, pointer, frames);
            }
        }
        else
        {
            _quantizer.Convert(samples, _integers);
            fixed (int* pointer = _integers)
            {
                written = SoundLibrary.sf_writef_int(_handle, pointer, frames);
            }
        }

        if (written != frames || _bridge.Error is not null)
        {
            throw Broken(SoundLibrary.ErrorOf(_handle));
        }
    }

    private Failure Broken(string reason) => _bridge.Error is { } error
        ? Failure.CannotWrite(_output.Name, error)
        : Failure.CannotWrite(_output.Name, $"cannot be written, {reason}");

    private static int FormatCode(OutputFormat format, SoundFileReader source)
    {
        int subtype = format switch
        {
            { IsVorbis: true } => SoundLibrary.SubtypeVorbis,
            { Samples: SampleFormat.Pcm16 } => SoundLibrary.SubtypePcm16,
            { Samples: SampleFormat.Pcm24 } => SoundLibrary.SubtypePcm24,
            _ => SoundLibrary.SubtypeFloat,
        };
        int bytesPerSample = format.Samples switch
        {
            SampleFormat.Pcm16 => 2,
            SampleFormat.Pcm24 => 3,
            _ => 4,
        };
        bool huge = format.Container == SoundLibrary.TypeWav &&
            source.TotalFrames * source.Channels * bytesPerSample > WavBytesMax;
        return (huge ? SoundLibrary.TypeRf64 : format.Container) | subtype;
    }
}
