using System.Diagnostics;
using System.Net.WebSockets;

namespace AiMixer.LoadGenerator;

/// <summary>One stream: sends a frame when it is told to, checks what comes back and notes how late it is.</summary>
internal abstract class StreamClient(Programme programme) : IAsyncDisposable
{
    private readonly float[] _delaysMs = new float[programme.Frames];
    private Task _sending = Task.CompletedTask;
    private long _start;
    private int _answered;

    /// <summary>Of every frame that came back the time since it was due to be sent, in ms.</summary>
    public ReadOnlySpan<float> DelaysMs => _delaysMs.AsSpan(0, Answered);

    /// <summary>Frames that came back.</summary>
    public int Answered => Volatile.Read(ref _answered);

    /// <summary>Frames whose bits were not those of the local strip.</summary>
    public int Wrong { get; private set; }

    /// <summary>Why the stream ended early, if it did.</summary>
    public string? Failure { get; protected set; }

    protected Programme Programme { get; } = programme;

    /// <summary>Connects and asks for the stream.</summary>
    public abstract Task StartAsync(Uri server, string? key);

    /// <summary>Waits for what is still to come back.</summary>
    public abstract Task EndAsync();

    public abstract ValueTask DisposeAsync();

    /// <summary>Says when the first frame is due; the others follow every 20 ms.</summary>
    public void Begin(long timestamp) => _start = timestamp;

    /// <summary>When a frame is due to be sent.</summary>
    public long DueAt(int frame) => _start + frame * (Stopwatch.Frequency / Programme.FramesPerSecond);

    /// <summary>Sends a frame, after those before it. Only the one thread that paces the streams calls this.</summary>
    public void Send(int frame) => _sending = SendAfterAsync(_sending, frame);

    protected abstract ValueTask WriteAsync(ReadOnlyMemory<byte> frame);

    /// <summary>Notes that the next frame came back.</summary>
    protected void NoteAnswer()
    {
        int frame = _answered;
        _delaysMs[frame] = (float)Stopwatch.GetElapsedTime(DueAt(frame)).TotalMilliseconds;
        Volatile.Write(ref _answered, frame + 1);
    }

    protected void NoteBits(bool areRight) => Wrong += areRight ? 0 : 1;

    private async Task SendAfterAsync(Task before, int frame)
    {
        await before;
        if (Failure is not null)
        {
            return;
        }

        try
        {
            await WriteAsync(Programme.Input(frame));
        }
        catch (Exception exception) when (exception is IOException or WebSocketException or HttpRequestException or ObjectDisposedException)
        {
            Failure ??= exception.Message;
        }
    }
}
