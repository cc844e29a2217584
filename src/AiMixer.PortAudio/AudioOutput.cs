using System.Globalization;
using System.Runtime.InteropServices;

namespace AiMixer.PortAudio;

/// <summary>
/// A device that plays what is written to it. Writing waits until there is room: whoever writes in a loop is paced by the
/// device. One thread at a time.
/// </summary>
/// <remarks>
/// PortAudio would also call back when it wants samples, from a thread that must never wait. A collection of garbage stops
/// that thread as soon as it enters managed code; a thread that writes ahead is stopped just as well, but the buffer plays
/// on meanwhile.
/// </remarks>
public sealed unsafe class AudioOutput : IDisposable
{
    // One initialisation for all outputs: PortAudio counts them, but does not do so for several threads.
    private static readonly Lock Library = new();

    // One that is dropped, and a half for what the device says too little.
    private const double DrainBuffers = 1.5;

    private readonly int _sampleRateHz;
    private readonly int _channels;
    private nint _stream;
    private bool _running;

    /// <summary>Opens the default device, with a buffer of 100 ms.</summary>
    /// <param name="sampleRateHz">Sample rate in Hz.</param>
    /// <param name="channels">1 (mono) or 2 (stereo).</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is not positive.</exception>
    /// <exception cref="DllNotFoundException">PortAudio is not installed.</exception>
    /// <exception cref="AudioOutputException">There is no device, or it refuses.</exception>
    public AudioOutput(int sampleRateHz, int channels)
        : this(sampleRateHz, channels, "", TimeSpan.FromMilliseconds(100))
    {
    }

    /// <summary>Opens a device.</summary>
    /// <param name="sampleRateHz">Sample rate in Hz.</param>
    /// <param name="channels">1 (mono) or 2 (stereo).</param>
    /// <param name="device">A part of its name, or its number; empty for the default device.</param>
    /// <param name="buffer">How much is to be written ahead: what the writer may be late, and what a change is late.</param>
    /// <exception cref="ArgumentNullException">There is no text for the device.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is not positive.</exception>
    /// <exception cref="DllNotFoundException">PortAudio is not installed.</exception>
    /// <exception cref="AudioOutputException">There is no such device, or it refuses.</exception>
    public AudioOutput(int sampleRateHz, int channels, string device, TimeSpan buffer)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(sampleRateHz);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(channels);
        ArgumentNullException.ThrowIfNull(device);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(buffer, TimeSpan.Zero);
        _sampleRateHz = sampleRateHz;
        _channels = channels;
        lock (Library)
        {
            using QuietStandardError quiet = new();
            Initialize();
            try
            {
                Device = Choose(device);
                Open(buffer);
            }
            catch
            {
                _ = PortAudioLibrary.Pa_Terminate();
                throw;
            }
        }
    }

    /// <summary>The device that plays.</summary>
    public OutputDevice Device { get; }

    /// <summary>From a write to what is heard, in seconds, as the device estimates it.</summary>
    public double LatencySeconds { get; private set; }

    /// <summary>How often the device had nothing left to play: each is an audible gap.</summary>
    public long Underruns { get; private set; }

    /// <summary>The devices that sound can be played on; none where there are none.</summary>
    /// <returns>The devices, in PortAudio's order.</returns>
    /// <exception cref="DllNotFoundException">PortAudio is not installed.</exception>
    /// <exception cref="AudioOutputException">PortAudio does not start.</exception>
    public static IReadOnlyList<OutputDevice> Devices()
    {
        lock (Library)
        {
            using QuietStandardError quiet = new();
            Initialize();
            try
            {
                return Present();
            }
            finally
            {
                _ = PortAudioLibrary.Pa_Terminate();
            }
        }
    }

    /// <summary>Plays frames after those written before. Waits for room.</summary>
    /// <param name="interleaved">Whole frames, full scale +/-1; may be empty.</param>
    /// <exception cref="ArgumentException">The length is no multiple of the channels.</exception>
    /// <exception cref="AudioOutputException">The device is gone or broken.</exception>
    /// <exception cref="ObjectDisposedException">The output was disposed.</exception>
    public void Write(ReadOnlySpan<float> interleaved)
    {
        ObjectDisposedException.ThrowIf(_stream == 0, this);
        if (interleaved.Length % _channels != 0)
        {
            throw new ArgumentException($"Whole frames of {_channels} samples are needed; there are {interleaved.Length} samples.", nameof(interleaved));
        }

        if (!_running)
        {
            Check(PortAudioLibrary.Pa_StartStream(_stream), "does not start");
            _running = true;
        }

        fixed (float* samples = interleaved)
        {
            int status = interleaved.IsEmpty ? 0 : PortAudioLibrary.Pa_WriteStream(_stream, samples, new CULong((uint)(interleaved.Length / _channels)));
            if (status == PortAudioLibrary.OutputUnderflowed)
            {
                // What was written is played all the same.
                Underruns++;
                return;
            }

            Check(status, "stopped playing");
        }
    }

    /// <summary>Waits until everything written was played. The next write goes on.</summary>
    /// <exception cref="AudioOutputException">The device is gone or broken.</exception>
    /// <exception cref="ObjectDisposedException">The output was disposed.</exception>
    public void Drain()
    {
        ObjectDisposedException.ThrowIf(_stream == 0, this);
        if (_running)
        {
            // Stopping should wait for the last sample, but over ALSA's way to a sound server it drops a buffer. So let that
            // be silence.
            Write(new float[(int)Math.Ceiling(DrainBuffers * LatencySeconds * _sampleRateHz) * _channels]);
            _running = false;
            Check(PortAudioLibrary.Pa_StopStream(_stream), "does not stop");
        }
    }

    /// <summary>Closes the device; what was not played yet is not.</summary>
    public void Dispose()
    {
        if (_stream == 0)
        {
            return;
        }

        lock (Library)
        {
            _ = PortAudioLibrary.Pa_CloseStream(_stream);
            _stream = 0;
            _ = PortAudioLibrary.Pa_Terminate();
        }
    }

    private static void Initialize()
    {
        int status = PortAudioLibrary.Pa_Initialize();
        if (status != PortAudioLibrary.NoError)
        {
            throw new AudioOutputException($"PortAudio does not start: {PortAudioLibrary.ErrorText(status)}");
        }
    }

    private static List<OutputDevice> Present()
    {
        List<OutputDevice> devices = [];
        int preferred = PortAudioLibrary.Pa_GetDefaultOutputDevice();
        for (int index = 0; index < PortAudioLibrary.Pa_GetDeviceCount(); index++)
        {
            DeviceInfo* info = PortAudioLibrary.Pa_GetDeviceInfo(index);
            if (info->MaxOutputChannels > 0)
            {
                HostApiInfo* system = PortAudioLibrary.Pa_GetHostApiInfo(info->HostApi);
                devices.Add(new OutputDevice(
                    index,
                    PortAudioLibrary.Text(info->Name),
                    PortAudioLibrary.Text(system->Name),
                    info->MaxOutputChannels,
                    info->DefaultSampleRateHz,
                    index == preferred));
            }
        }

        return devices;
    }

    private static OutputDevice Choose(string wanted)
    {
        List<OutputDevice> devices = Present();
        if (devices.Count == 0)
        {
            throw new AudioOutputException("there is no device to play on (no sound card, or no sound server that can be reached)");
        }

        if (wanted.Length == 0)
        {
            return devices.Find(device => device.IsDefault) ?? devices[0];
        }

        bool isNumber = int.TryParse(wanted, NumberStyles.None, CultureInfo.InvariantCulture, out int index);
        return devices.Find(device => isNumber && device.Index == index)
            ?? devices.Find(device => device.Name.Equals(wanted, StringComparison.OrdinalIgnoreCase))
            ?? devices.Find(device => device.Name.Contains(wanted, StringComparison.OrdinalIgnoreCase))
            ?? throw new AudioOutputException(
                $"there is no device '{wanted}' to play on ({string.Join(", ", devices.Select(device => $"{device.Index} {device.Name}"))})");
    }

    private void Open(TimeSpan buffer)
    {
        StreamParameters parameters = new()
        {
            Device = Device.Index,
            Channels = _channels,
            SampleFormat = PortAudioLibrary.Float32,
            SuggestedLatencySeconds = buffer.TotalSeconds,
        };
        nint stream;

        // No flags: PortAudio's own clipping and dither stay on, which leave samples within full scale as they are.
        Check(
            PortAudioLibrary.Pa_OpenStream(&stream, null, &parameters, _sampleRateHz, default, default, 0, 0),
            $"does not play {_sampleRateHz} Hz with {_channels} channels");
        _stream = stream;
        LatencySeconds = PortAudioLibrary.Pa_GetStreamInfo(stream)->OutputLatencySeconds;
    }

    private void Check(int status, string what)
    {
        if (status != PortAudioLibrary.NoError)
        {
            throw new AudioOutputException($"the device '{Device.Name}' {what}: {PortAudioLibrary.ErrorText(status)}");
        }
    }
}
