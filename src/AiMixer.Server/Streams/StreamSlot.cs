namespace AiMixer.Server.Streams;

/// <summary>The place of one running stream, and how the server reaches it. Any thread.</summary>
internal sealed class StreamSlot(Action<StreamSlot> leave) : IDisposable
{
    // A stream that was told to end and cannot, because its client does not even read, is cut off after this.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private Action? _wake;
    private Action? _abort;
    private bool _left;
    private long _movedAt = Environment.TickCount64;

    /// <summary>What the server wants; set before the stream is woken.</summary>
    public StreamEnding Ending { get; private set; }

    /// <summary>Says how to reach the stream.</summary>
    /// <param name="wake">Makes it look at <see cref="Ending"/>, also while it waits for its client.</param>
    /// <param name="abort">Cuts the connection.</param>
    public void Attach(Action wake, Action abort)
    {
        lock (_gate)
        {
            (_wake, _abort) = (wake, abort);
            if (Ending == StreamEnding.None)
            {
                return;
            }
        }

        wake();
    }

    /// <summary>Notes that something moved on the wire.</summary>
    public void Touch() => Volatile.Write(ref _movedAt, Environment.TickCount64);

    /// <summary>Tells the stream to end.</summary>
    public void Tell(StreamEnding ending)
    {
        Action? wake;
        lock (_gate)
        {
            if (_left || ending <= Ending)
            {
                return;
            }

            Ending = ending;
            wake = _wake;
        }

        wake?.Invoke();
    }

    /// <summary>Ends the stream when nothing has moved for too long.</summary>
    public void Watch(TimeSpan patience)
    {
        long still = Environment.TickCount64 - Volatile.Read(ref _movedAt);
        if (still > (patience + Grace).TotalMilliseconds)
        {
            Action? abort;
            lock (_gate)
            {
                abort = _left ? null : _abort;
            }

            abort?.Invoke();
        }
        else if (still > patience.TotalMilliseconds)
        {
            Tell(StreamEnding.Idle);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _left = true;
        }

        leave(this);
    }
}
