using AiMixer.Server.Errors;
using AiMixer.Server.Hosting;

namespace AiMixer.Server.Streams;

/// <summary>
/// The running streams: no more than the settings allow, told when the server is about to end, ended when nothing moves on
/// their wire any more.
/// </summary>
internal sealed class StreamSlots : IDisposable
{
    // What a client that was refused is told to wait, in seconds.
    private const int RetryAfterSeconds = 5;

    // Of the time that streams have to end when the server does, this is left for what the chain still holds back.
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan WatchInterval = TimeSpan.FromSeconds(1);

    private readonly ServerOptions _options;
    private readonly Draining _draining;
    private readonly Timer _watch;
    private readonly Lock _gate = new();
    private readonly HashSet<StreamSlot> _slots = [];
    private TaskCompletionSource? _idle;

    public StreamSlots(ServerOptions options, Draining draining)
    {
        _options = options;
        _draining = draining;
        _watch = new Timer(_ => Watch(), null, WatchInterval, WatchInterval);
        draining.Began.Register(Drain);
    }

    /// <summary>Streams running now.</summary>
    public int Active
    {
        get
        {
            lock (_gate)
            {
                return _slots.Count;
            }
        }
    }

    /// <summary>Takes a place for a stream; disposing gives it back.</summary>
    /// <exception cref="ProblemException">There is none, or the server is about to end.</exception>
    public StreamSlot Enter()
    {
        lock (_gate)
        {
            if (_draining.IsOn)
            {
                throw Problems.Draining(RetryAfterSeconds);
            }

            if (_slots.Count >= _options.MaxStreams)
            {
                throw Problems.StreamLimit(_options.MaxStreams, RetryAfterSeconds);
            }

            var slot = new StreamSlot(Leave);
            _slots.Add(slot);
            return slot;
        }
    }

    /// <summary>Waits until no stream is running, but no longer than the limit.</summary>
    public async Task WaitUntilIdleAsync(TimeSpan limit)
    {
        Task idle;
        lock (_gate)
        {
            if (_slots.Count == 0)
            {
                return;
            }

            _idle ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            idle = _idle.Task;
        }

        await Task.WhenAny(idle, Task.Delay(limit)).ConfigureAwait(false);
    }

    public void Dispose() => _watch.Dispose();

    private void Leave(StreamSlot slot)
    {
        lock (_gate)
        {
            if (_slots.Remove(slot) && _slots.Count == 0)
            {
                _idle?.TrySetResult();
            }
        }
    }

    private void Drain()
    {
        Tell(StreamEnding.Draining);
        TimeSpan left = _options.Drain - LastWords;
        _ = Task.Delay(left > TimeSpan.Zero ? left : TimeSpan.Zero).ContinueWith(_ => Tell(StreamEnding.Deadline), TaskScheduler.Default);
    }

    private void Tell(StreamEnding ending)
    {
        foreach (StreamSlot slot in Snapshot())
        {
            slot.Tell(ending);
        }
    }

    private void Watch()
    {
        foreach (StreamSlot slot in Snapshot())
        {
            slot.Watch(_options.StreamIdle);
        }
    }

    private StreamSlot[] Snapshot()
    {
        lock (_gate)
        {
            return [.. _slots];
        }
    }
}
