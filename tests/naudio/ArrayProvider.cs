using NAudio.Wave;

namespace AiMixer.NAudio.Tests;

/// <summary>Samples in memory as a provider that gives at most so many frames at a time, as sources may.</summary>
internal sealed class ArrayProvider(float[] samples, int sampleRateHz, int channels, int mostFrames) : ISampleProvider
{
    private int _position;

    public WaveFormat WaveFormat { get; } = WaveFormat.CreateIeeeFloatWaveFormat(sampleRateHz, channels);

    public int Read(float[] buffer, int offset, int count)
    {
        int given = Math.Min(Math.Min(count, mostFrames * WaveFormat.Channels), samples.Length - _position);
        Array.Copy(samples, _position, buffer, offset, given);
        _position += given;
        return given;
    }

    public void Rewind() => _position = 0;
}
