using AiMixer.Server.Errors;
using AiMixer.Server.Hosting;

namespace AiMixer.Server.Streams;

/// <summary>Counts the running streams and admits no more than the settings allow.</summary>
internal sealed class StreamSlots(ServerOptions options, Draining draining)
{
    // What a client that was refused is told to wait, in seconds.
    private const int RetryAfterSeconds = 5;

    private readonly Lock _gate = new();
    private TaskCompletionSource? _idle;
    private int _active;

    /// <summary>Streams running now.</summary>
    public int Active => Volatile.Read(ref _active);

    /// <summary>Takes a place for a stream; disposing gives it back.</summary>
    /// <exception cref="ProblemException">There is none, or the server is about to end.</exception>
    public Slot Enter()
    {
        lock (_gate)
        {
            if (draining.IsOn)
            {
                throw Problems.Draining(RetryAfterSeconds);
            }

            if (_active >= options.MaxStreams)
            {
                throw Problems.StreamLimit(options.MaxStreams, RetryAfterSeconds);
            }

            _active++;
            return new Slot(this);
        }
    }

    /// <summary>Waits until no stream is running, but no longer than the limit.</summary>
    public async Task WaitUntilIdleAsync(TimeSpan limit)
    {
        Task idle;
        lock (_gate)
        {
            if (_active == 0)
            {
                return;
            }

            _idle ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            idle = _idle.Task;
        }

        await Task.WhenAny(idle, Task.Delay(limit)).ConfigureAwait(false);
    }

    private void Leave()
    {
        lock (_gate)
        {
            if (--_active == 0)
            {
                _idle?.TrySetResult();
            }
        }
    }

    /// <summary>The place of one stream.</summary>
    internal sealed class Slot(StreamSlots slots) : IDisposable
    {
        private StreamSlots? _slots = slots;

        public void Dispose() => Interlocked.Exchange(ref _slots, null)?.Leave();
    }
}
