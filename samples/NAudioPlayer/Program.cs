using System.Globalization;
using AiMixer;
using AiMixer.NAudio;
using NAudio.Wave;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (args.Length is < 1 or > 2)
{
    Console.Error.WriteLine("usage: NAudioPlayer IN.wav [OUT.wav]");
    return 2;
}

try
{
    using WaveFileReader reader = new(args[0]);
    using StripSampleProvider strip = new(reader.ToSampleProvider());
    using MeterSampleProvider meter = new(strip);
    strip.Strip.SetGenre(Genre.Auto);
    if (args.Length == 2)
    {
        WaveFileWriter.CreateWaveFile16(args[1], meter);
    }
    else if (OperatingSystem.IsWindows())
    {
        Play(strip, meter);
    }
    else
    {
        Console.Error.WriteLine("NAudioPlayer: NAudio plays on Windows only; give an output file, or use samples/ConsolePlayer");
        return 1;
    }

    LoudnessReading heard = meter.Reading;
    Console.WriteLine($"{heard.IntegratedLufs:0.0} LUFS, {heard.TruePeakDbtp:0.0} dBTP");
    return 0;
}
catch (Exception exception) when (exception is IOException or FormatException or UnauthorizedAccessException or ArgumentOutOfRangeException or NAudio.MmException)
{
    Console.Error.WriteLine($"NAudioPlayer: {exception.Message}");
    return 1;
}

static void Play(StripSampleProvider strip, MeterSampleProvider meter)
{
    using WaveOutEvent output = new();
    output.Init(meter);
    output.Play();
    Console.WriteLine("1 speech  2 rock  3 jazz  4 electronic  5 classical  0 neutral  a auto  b bypass  q quit");
    while (output.PlaybackState == PlaybackState.Playing)
    {
        while (!Console.IsInputRedirected && Console.KeyAvailable)
        {
            switch (Console.ReadKey(intercept: true).KeyChar)
            {
                case >= '0' and <= '5' and char digit:
                    strip.Strip.SetGenre((Genre)(digit - '0'));
                    break;
                case 'a':
                    strip.Strip.SetGenre(Genre.Auto);
                    break;
                case 'b':
                    strip.Strip.Bypass = !strip.Strip.Bypass;
                    break;
                case 'q':
                    output.Stop();
                    break;
            }
        }

        LoudnessReading now = meter.Reading;
        Console.Write($"\r{(strip.Strip.Genre ?? Genre.Neutral).ProfileName(),-10} {now.MomentaryLufs,6:0.0} LUFS {now.CurrentPeakDbfs,6:0.0} dBFS ");
        Thread.Sleep(100);
    }

    Console.WriteLine();
}
