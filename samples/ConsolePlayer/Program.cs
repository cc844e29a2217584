using AiMixer;
using AiMixer.PortAudio;
using SoundFiles;

if (args.Length != 1)
{
    Console.Error.WriteLine("usage: ConsolePlayer FILE");
    return 2;
}

try
{
    using FfmpegSource source = new(args[0]);
    using AudioOutput output = new(source.SampleRateHz, source.Channels);
    using ChannelStrip strip = new(new ChannelStripOptions { SampleRateHz = source.SampleRateHz, Channels = source.Channels });
    strip.SetGenre(Genre.Auto);
    Console.WriteLine($"{args[0]} on {output.Device.Name}");

    // One thread reads, mixes and writes; writing waits for the device. The strip's settings and meters may be used from here
    // meanwhile, without a lock.
    using CancellationTokenSource stop = new();
    Task playing = Task.Factory.StartNew(
        () => Play(source, strip, output, stop.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    bool onTerminal = !Console.IsInputRedirected && !Console.IsOutputRedirected;
    if (onTerminal)
    {
        Console.WriteLine("1 speech  2 rock  3 jazz  4 electronic  5 classical  0 neutral  a auto  b bypass  q quit");
    }

    while (!playing.Wait(TimeSpan.FromMilliseconds(100)))
    {
        if (onTerminal)
        {
            while (Console.KeyAvailable)
            {
                Press(Console.ReadKey(intercept: true).KeyChar, strip, stop);
            }

            Console.Write($"\r\u001b[K{Meters(strip)}");
        }
    }

    LoudnessReading heard = strip.Metrics.Output;
    Console.WriteLine($"{(onTerminal ? "\r\u001b[K" : "")}{heard.IntegratedLufs:0.0} LUFS, {heard.TruePeakDbtp:0.0} dBTP, {output.Underruns} gaps");
    foreach (GenreEvent decision in strip.GenreEvents(0))
    {
        Console.WriteLine($"{(double)decision.Frame / source.SampleRateHz,7:0.0} s  {decision.From.ProfileName()} -> {decision.To.ProfileName()}, {decision.Confidence:P0}");
    }

    return 0;
}
catch (Exception exception) when ((exception is AggregateException ? exception.InnerException : exception)
    is IOException or AudioOutputException or DllNotFoundException or ArgumentOutOfRangeException)
{
    Console.Error.WriteLine($"ConsolePlayer: {exception.GetBaseException().Message}");
    return 1;
}

static void Play(FfmpegSource source, ChannelStrip strip, AudioOutput output, CancellationToken stop)
{
    // 20 ms: the strip takes any number of frames, and sounds the same with each.
    float[] block = new float[source.SampleRateHz / 50 * source.Channels];
    int frames;
    while (!stop.IsCancellationRequested && (frames = source.Read(block)) > 0)
    {
        Span<float> heard = block.AsSpan(0, frames * source.Channels);
        strip.Process(heard);
        output.Write(heard);
    }

    // What the look-ahead holds back comes out when silence goes in.
    float[] tail = new float[strip.LatencyFrames * source.Channels];
    strip.Process(tail);
    output.Write(tail);
    output.Drain();
}

static void Press(char key, ChannelStrip strip, CancellationTokenSource stop)
{
    switch (key)
    {
        case >= '0' and <= '5':
            strip.SetGenre((Genre)(key - '0'));
            break;
        case 'a':
            strip.SetGenre(Genre.Auto);
            break;
        case 'b':
            strip.Bypass = !strip.Bypass;
            break;
        case 'q':
            stop.Cancel();
            break;
    }
}

static string Meters(ChannelStrip strip)
{
    StripMetrics now = strip.Metrics;
    string genre = strip.Bypass ? "bypass" : (strip.Genre ?? Genre.Neutral).ProfileName();
    return $"{genre,-10} {now.Output.MomentaryLufs,6:0.0} LUFS {now.Output.CurrentPeakDbfs,6:0.0} dBFS  compressor {now.Compressor.NowDb,4:0.0} dB  limiter {now.Limiter.NowDb,4:0.0} dB";
}
