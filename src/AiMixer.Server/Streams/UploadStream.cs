using System.Buffers;
using System.IO.Pipelines;

namespace AiMixer.Server.Streams;

/// <summary>
/// Mixes the body of a request while it arrives and answers meanwhile. The audio of the answer, put together, is aligned
/// with that of the request and as long. Memory holds one frame, whatever the length of the body.
/// </summary>
internal sealed class UploadStream(
    MixStream stream, IStreamOutput output, StreamSlot slot, PipeReader body, PipeWriter answer, TimeSpan drain, long? audioBytes)
{
    private readonly byte[] _frame = new byte[stream.FrameSize * stream.Format.FrameBytes];
    private long _bytesLeft = audioBytes ?? long.MaxValue;
    private int _filled;
    private int _latencyLeft = stream.LatencyFrames;
    private bool _wasToldToClose;

    /// <summary>Runs to the end of the body, or until the server wants it to end.</summary>
    public async Task RunAsync()
    {
        output.Started();
        await answer.FlushAsync().ConfigureAwait(false);
        bool goesOn = true;
        while (goesOn)
        {
            ReadResult read = await body.ReadAsync().ConfigureAwait(false);
            Consume(read.Buffer);
            body.AdvanceTo(read.Buffer.End);
            goesOn = !read.IsCompleted && _bytesLeft > 0 && !MustEnd();
            slot.Touch();
            await answer.FlushAsync().ConfigureAwait(false);
            slot.Touch();

            // A client that sends faster than real time takes turns with all the others.
            await Task.Yield();
        }

        Finish();
        await answer.FlushAsync().ConfigureAwait(false);
    }

    /// <summary>Looks at what the server wants, tells the client once, and says whether it is over.</summary>
    private bool MustEnd()
    {
        StreamEnding ending = slot.Ending;
        if (ending == StreamEnding.None)
        {
            return false;
        }

        if (!_wasToldToClose)
        {
            _wasToldToClose = true;
            output.Closing(ending, ending == StreamEnding.Draining ? drain.TotalSeconds : 0);
        }

        return ending != StreamEnding.Draining;
    }

    private void Consume(in ReadOnlySequence<byte> bytes)
    {
        foreach (ReadOnlyMemory<byte> segment in bytes)
        {
            ReadOnlySpan<byte> rest = segment.Span;
            while (!rest.IsEmpty && _bytesLeft > 0)
            {
                int taken = (int)Math.Min(Math.Min(rest.Length, _frame.Length - _filled), _bytesLeft);
                rest[..taken].CopyTo(_frame.AsSpan(_filled));
                rest = rest[taken..];
                _filled += taken;
                _bytesLeft -= taken;
                if (_filled == _frame.Length)
                {
                    Process(_frame);
                    _filled = 0;
                }
            }
        }
    }

    private void Process(ReadOnlySpan<byte> frame)
    {
        output.Processed(frame.Length / stream.Format.FrameBytes, Aligned(stream.Process(frame)));
        if (stream.TakeMeters())
        {
            output.Meters();
        }

        foreach (GenreEvent decision in stream.TakeDecisions())
        {
            output.Decided(decision);
        }
    }

    /// <summary>What is left when the chain's latency is taken away at the beginning.</summary>
    private ReadOnlySpan<float> Aligned(ReadOnlySpan<float> audio)
    {
        int skipped = Math.Min(_latencyLeft, audio.Length / stream.Format.Channels);
        _latencyLeft -= skipped;
        return audio[(skipped * stream.Format.Channels)..];
    }

    private void Finish()
    {
        int whole = _filled - _filled % stream.Format.FrameBytes;
        if (whole > 0)
        {
            Process(_frame.AsSpan(0, whole));
        }

        for (int left = stream.LatencyFrames; left > 0; left -= stream.FrameSize)
        {
            output.Flushed(Aligned(stream.Flush(Math.Min(left, stream.FrameSize))));
        }

        output.Summary(_filled - whole);
    }
}
