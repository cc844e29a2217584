using System.Diagnostics;
using System.Runtime.InteropServices;

namespace AiMixer.Cli.Tests;

/// <summary>What a <see cref="SoundServer"/> plays, while it plays.</summary>
internal sealed class SoundRecording : IDisposable
{
    private readonly Process _recorder;
    private readonly MemoryStream _bytes = new();
    private readonly Task _reading;
    private volatile string _errors = "";

    public SoundRecording(Process recorder)
    {
        _recorder = recorder;
        _recorder.ErrorDataReceived += (_, line) => _errors += line.Data;
        _recorder.BeginErrorReadLine();
        _reading = Task.Run(Read);
    }

    /// <summary>Waits until it has begun: what is played before that is lost.</summary>
    public void WaitUntilRunning() => WaitFor(() => Samples.Length > 0);

    /// <summary>Waits until so many samples in a row were silent at the end, and gives what is between silence and silence.</summary>
    public float[] HeardBetweenSilence(int silentSamples)
    {
        float[] heard = [];
        WaitFor(() =>
        {
            heard = Samples;
            return heard.AsSpan().IndexOfAnyExcept(0f) >= 0 && heard.Length > silentSamples && heard.AsSpan(heard.Length - silentSamples).IndexOfAnyExcept(0f) < 0;
        });
        int first = heard.AsSpan().IndexOfAnyExcept(0f);
        int last = heard.AsSpan().LastIndexOfAnyExcept(0f);
        return heard[first..(last + 1)];
    }

    public void Dispose()
    {
        _recorder.Kill();
        _recorder.WaitForExit();
        _reading.Wait();
        _recorder.Dispose();
        _bytes.Dispose();
    }

    private float[] Samples
    {
        get
        {
            lock (_bytes)
            {
                return MemoryMarshal.Cast<byte, float>(_bytes.GetBuffer().AsSpan(0, (int)_bytes.Length / 4 * 4)).ToArray();
            }
        }
    }

    private void Read()
    {
        byte[] piece = new byte[1 << 14];
        int count;
        while ((count = _recorder.StandardOutput.BaseStream.Read(piece)) > 0)
        {
            lock (_bytes)
            {
                _bytes.Write(piece, 0, count);
            }
        }
    }

    private void WaitFor(Func<bool> condition)
    {
        while (!condition())
        {
            Assert.False(_recorder.HasExited, $"the recorder ended: {_errors}");
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            Thread.Sleep(50);
        }
    }
}
