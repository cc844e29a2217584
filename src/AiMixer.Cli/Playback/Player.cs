using AiMixer.Cli.Files;
using AiMixer.PortAudio;

namespace AiMixer.Cli.Playback;

/// <summary>
/// Plays the mix of a file on a thread of its own, paced by the device. The other members may be used from any thread.
/// </summary>
internal sealed class Player : IDisposable
{
    // One frame of the core at its usual rate.
    private const double BlockSeconds = 0.02;

    private readonly SoundFileReader _reader;
    private readonly PlaybackSource _source;
    private readonly AudioOutput _output;
    private readonly float[] _block;
    private readonly Thread _thread;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ManualResetEventSlim _going = new(initialState: true);
    private volatile bool _stopping;
    private long _leapFrames;
    private long _positionFrames;

    /// <param name="reader">The file; the player reads it, its owner disposes of it.</param>
    /// <param name="strip">What mixes it.</param>
    /// <param name="output">Where it plays.</param>
    public Player(SoundFileReader reader, ChannelStrip strip, AudioOutput output)
    {
        _reader = reader;
        _source = new PlaybackSource(reader, strip);
        _output = output;
        _block = new float[Math.Max(1, (int)(BlockSeconds * reader.SampleRateHz)) * reader.Channels];
        _thread = new Thread(Run) { Name = "player", IsBackground = true, Priority = ThreadPriority.Highest };
    }

    /// <summary>Ends when everything was played, or with what went wrong.</summary>
    public Task Ended => _ended.Task;

    public TimeSpan Position => TimeSpan.FromSeconds((double)Volatile.Read(ref _positionFrames) / _reader.SampleRateHz);

    /// <summary>How long the file says it is; <see langword="null"/> where it does not.</summary>
    public TimeSpan? Length => _reader.TotalFrames is { } frames ? TimeSpan.FromSeconds((double)frames / _reader.SampleRateHz) : null;

    public bool IsPaused
    {
        get => !_going.IsSet;
        set
        {
            if (value)
            {
                _going.Reset();
            }
            else
            {
                _going.Set();
            }
        }
    }

    public void Start() => _thread.Start();

    /// <summary>Leaps in the file, back when negative, with the next block. Leaps until then add up.</summary>
    public void Leap(TimeSpan by) => Interlocked.Add(ref _leapFrames, (long)(by.TotalSeconds * _reader.SampleRateHz));

    /// <summary>Ends it now; what is on its way to the device is still heard.</summary>
    public void Stop()
    {
        _stopping = true;
        IsPaused = false;
    }

    public void Dispose()
    {
        Stop();
        if (_thread.IsAlive)
        {
            _thread.Join();
        }

        _going.Dispose();
    }

    private void Run()
    {
        try
        {
            while (!_stopping)
            {
                if (IsPaused)
                {
                    // A device that is left to run would count what it misses.
                    _output.Drain();
                    _going.Wait();
                }
                else if (!PlayBlock())
                {
                    break;
                }
            }

            _output.Drain();
            _ended.SetResult();
        }
        catch (Exception exception)
        {
            _ended.SetException(exception);
        }
    }

    private bool PlayBlock()
    {
        long leap = Interlocked.Exchange(ref _leapFrames, 0);
        if (leap != 0)
        {
            _source.Seek(_reader.Position + leap);
        }

        int frames = _source.Next(_block);
        Volatile.Write(ref _positionFrames, _reader.Position);
        _output.Write(_block.AsSpan(0, frames * _reader.Channels));
        return frames > 0;
    }
}
