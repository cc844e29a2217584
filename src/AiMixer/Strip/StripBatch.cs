using System.Globalization;
using AiMixer.Bindings;

namespace AiMixer;

/// <summary>
/// Processes many <see cref="ChannelStrip"/>s in one call, several at a time in lockstep, one in each lane of the processor's
/// registers: the same bits as one after the other, in less time. It holds no strip, only room to work in; nothing is
/// allocated while it processes.
/// </summary>
/// <remarks>
/// <para>The strips may differ in everything. A stream joins by being in the list and leaves by no longer being in it, at any
/// frame; between two calls its strip may go through another batch, or alone. It is quickest where many strips have the
/// same number of channels and the same stages at work.</para>
/// <para>A call belongs to one thread at a time, as one of <see cref="ChannelStrip.Process(Span{float})"/> does, for the batch
/// and for every strip in the list. Parameters and metrics of the strips may be used from any thread meanwhile.</para>
/// </remarks>
public sealed unsafe class StripBatch : IDisposable
{
    private readonly BatchHandle _handle;
    private readonly nint[] _strips;
    private readonly nint[] _inputs;
    private readonly nint[] _outputs;

    /// <summary>Creates a batch.</summary>
    /// <param name="maxStrips">Most strips in one call, 1 to <see cref="MaxStripsMaximum"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number lies outside its range.</exception>
    /// <exception cref="AiMixerException">Memory could not be had.</exception>
    public StripBatch(int maxStrips)
    {
        Ensure.InRange(maxStrips, 1, MaxStripsMaximum, "strips");
        CoreStatus.Check(NativeMethods.aim_batch_create((uint)maxStrips, out _handle));
        MaxStrips = maxStrips;
        _strips = new nint[maxStrips];
        _inputs = new nint[maxStrips];
        _outputs = new nint[maxStrips];
    }

    /// <summary>Most strips that a batch may be created for.</summary>
    public const int MaxStripsMaximum = NativeMethods.AIM_BATCH_STRIPS_MAX;

    /// <summary>Most strips in one call.</summary>
    public int MaxStrips { get; }

    /// <summary>Processes the same number of frames of each strip, interleaved, in place.</summary>
    /// <param name="strips">The strips, none twice; may be empty.</param>
    /// <param name="samples">
    /// The samples of the first strip, <paramref name="frames"/> times its channels, then those of the second, and so on.
    /// </param>
    /// <param name="frames">Frames per strip, 0 to the least <see cref="ChannelStripOptions.MaxFrames"/> among them.</param>
    /// <exception cref="ArgumentException">The number of samples does not fit, or a strip is missing or listed twice.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There are too many strips or frames; the message names what is allowed.</exception>
    /// <exception cref="ObjectDisposedException">The batch or one of the strips was disposed.</exception>
    public void Process(ReadOnlySpan<ChannelStrip> strips, Span<float> samples, int frames) =>
        Process(strips, samples, samples, frames);

    /// <summary>Processes the same number of frames of each strip, interleaved.</summary>
    /// <param name="strips">The strips, none twice; may be empty.</param>
    /// <param name="input">
    /// The samples of the first strip, <paramref name="frames"/> times its channels, then those of the second, and so on.
    /// </param>
    /// <param name="output">As many samples: the memory of <paramref name="input"/>, or apart from it.</param>
    /// <param name="frames">Frames per strip, 0 to the least <see cref="ChannelStripOptions.MaxFrames"/> among them.</param>
    /// <exception cref="ArgumentException">
    /// The number of samples does not fit, the spans overlap in another way, or a strip is missing or listed twice.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">There are too many strips or frames; the message names what is allowed.</exception>
    /// <exception cref="ObjectDisposedException">The batch or one of the strips was disposed.</exception>
    public void Process(ReadOnlySpan<ChannelStrip> strips, ReadOnlySpan<float> input, Span<float> output, int frames)
    {
        ObjectDisposedException.ThrowIf(_handle.IsClosed, this);
        Ensure.InRange(strips.Length, 0, MaxStrips, "strips", nameof(strips));
        Ensure.InRange(frames, 0, ChannelStrip.MaxFramesMaximum, "frames");
        Ensure.Length(input.Length, CountSamples(strips, frames), nameof(input));
        Ensure.SameLength(input.Length, output.Length, nameof(output));
        Ensure.SameOrApart(input, output, nameof(output));
        int held = 0;
        try
        {
            fixed (float* from = input, to = output)
            {
                nint done = 0;
                foreach (ChannelStrip strip in strips)
                {
                    // Kept alive until the call is over, whoever disposes it meanwhile.
                    _strips[held] = strip.Hold();
                    _inputs[held] = (nint)(from + done);
                    _outputs[held] = (nint)(to + done);
                    done += (nint)frames * strip.Options.Channels;
                    held++;
                }

                if (input.IsEmpty)
                {
                    // No frames at all: nothing to be pointed at, nothing to be done.
                    return;
                }

                aim_status_code status = Call(held, frames);
                if (status == aim_status_code.AIM_ERROR_OUT_OF_RANGE)
                {
                    throw new ArgumentException("A strip is in the list twice.", nameof(strips));
                }

                CoreStatus.Check(status);
            }
        }
        finally
        {
            for (int i = 0; i < held; i++)
            {
                strips[i].LetGo();
            }
        }
    }

    /// <summary>Frees the batch. The strips live on. A call that is under way on another thread ends first.</summary>
    public void Dispose() => _handle.Dispose();

    private aim_status_code Call(int count, int frames)
    {
        fixed (nint* strips = _strips, inputs = _inputs, outputs = _outputs)
        {
            return NativeMethods.aim_batch_process_interleaved(
                _handle, strips, (uint)count, (float**)inputs, (float**)outputs, (uint)frames);
        }
    }

    private static int CountSamples(ReadOnlySpan<ChannelStrip> strips, int frames)
    {
        long samples = 0;
        foreach (ChannelStrip? strip in strips)
        {
            if (strip is null)
            {
                throw new ArgumentException("A strip is missing.", nameof(strips));
            }

            Ensure.InRange(frames, 0, strip.Options.MaxFrames, "frames");
            samples += (long)frames * strip.Options.Channels;
        }

        return samples <= int.MaxValue
            ? (int)samples
            : throw new ArgumentOutOfRangeException(
                nameof(frames), frames, string.Create(CultureInfo.InvariantCulture, $"{samples} samples are more than a span holds."));
    }
}
