using System.CommandLine;
using System.Globalization;
using AiMixer.Cli.Files;
using AiMixer.Cli.Playback;
using AiMixer.Cli.Terminal;
using AiMixer.PortAudio;

namespace AiMixer.Cli.Commands;

/// <summary><c>aimixer play</c>: a file is mixed while it plays.</summary>
internal sealed class PlayCommand(CancellationToken cancellation)
{
    public const string Name = "play";

    public const string Notes = $"""
        Mixes as for a stream whose future is not known: with --genre auto it decides every half second what it hears and moves
        to that profile. On a terminal it shows meters and takes keys:
          {PlayerKeys.Legend}
        Without a terminal it prints what happens, line by line.

        PortAudio plays (Debian: libportaudio2). A file that comes through a pipe is read to its end first.

        Examples:
          aimixer play song.wav
          aimixer play talk.mp3 --genre speech --intensity 60
          aimixer play song.flac --device pulse
          aimixer play --devices

        """;

    // What the thread that plays may be late, and what a key is late.
    private static readonly TimeSpan Buffer = TimeSpan.FromMilliseconds(200);

    private readonly Argument<string?> _input = new("IN")
    {
        Description = "File to play; - is standard input.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string?> _device = new("--device")
    {
        Description = "Device to play on: a part of its name, or its number.",
        HelpName = "DEVICE",
    };

    private readonly Option<bool> _devices = new("--devices")
    {
        Description = "List the devices and play nothing.",
    };

    private readonly Option<bool> _bypass = new("--bypass")
    {
        Description = "Begin unmixed.",
    };

    private readonly Option<bool> _quiet = new("--quiet", "-q")
    {
        Description = "No meters, no notes; warnings and errors only.",
    };

    private readonly ProfileOptions _profile = new();

    public Command Build()
    {
        Command command = new(Name, "Plays a sound file while it mixes it, with live meters.");
        command.Arguments.Add(_input);
        _profile.AddTo(command, offerLive: false);
        command.Options.Add(_bypass);
        command.Options.Add(_device);
        command.Options.Add(_devices);
        command.Options.Add(_quiet);
        command.SetAction(parsed => (int)Run(parsed));
        return command;
    }

    private ExitCode Run(ParseResult parsed)
    {
        try
        {
            if (parsed.GetValue(_devices))
            {
                List();
                return ExitCode.Done;
            }

            string input = parsed.GetValue(_input) ?? throw Failure.Usage("there is no file to play (aimixer play --help tells more)");
            Arguments.Files(input);
            Play(input, _profile.Read(parsed), parsed.GetValue(_bypass), parsed.GetValue(_device) ?? "", parsed.GetValue(_quiet));
            return ExitCode.Done;
        }
        catch (AudioOutputException exception)
        {
            throw new Failure(ExitCode.CannotWrite, exception.Message);
        }
    }

    private static void List()
    {
        foreach (OutputDevice device in AudioOutput.Devices())
        {
            Console.Out.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{(device.IsDefault ? '*' : ' ')}{device.Index,3}  {device.Name} ({device.System}), {device.Channels} channels, {device.SampleRateHz:0} Hz"));
        }
    }

    private void Play(string input, OfflineMixOptions options, bool bypass, string device, bool quiet)
    {
        using SoundFileReader reader = SoundFileReader.Open(InputFile.Open(input, cancellation));
        using ChannelStrip strip = StripFor(reader, options, bypass);
        using AudioOutput output = new(reader.SampleRateHz, reader.Channels, device, Buffer);
        using Player player = new(reader, strip, output);
        string name = input == Device.Standard ? "standard input" : input;
        if (!quiet)
        {
            string channels = reader.Channels == 1 ? "mono" : "stereo";
            Console.Out.WriteLine($"{name}: {reader.SampleRateHz} Hz, {channels}, on {output.Device.Name}");
        }

        player.Start();
        new PlayerScreen(player, strip, quiet).Run(cancellation);
        player.Ended.GetAwaiter().GetResult();
        Tell(name, player, strip, output, quiet);
    }

    private static ChannelStrip StripFor(SoundFileReader reader, OfflineMixOptions options, bool bypass)
    {
        ChannelStrip strip = new(new ChannelStripOptions
        {
            SampleRateHz = reader.SampleRateHz,
            Channels = reader.Channels,
            Profile = options.Profile,
        });

        // By genre rather than by profile, so that the meters can name it.
        int builtIn = MixProfile.BuiltIn.IndexOf(options.Profile);
        if (builtIn >= 0)
        {
            strip.SetGenre(options.Genre == Genre.Auto ? Genre.Auto : (Genre)builtIn);
        }

        strip.SetGenreWeights(options.GenreWeights);
        strip.Intensity = options.IntensityPercent;
        foreach ((string key, float value) in options.Overrides)
        {
            strip.Set(key, value);
        }

        strip.Bypass = bypass;
        return strip;
    }

    private static void Tell(string name, Player player, ChannelStrip strip, AudioOutput output, bool quiet)
    {
        StripMetrics metrics = strip.Metrics;
        if (metrics.NonFiniteSamples > 0)
        {
            Messages.Warning($"{name}: {metrics.NonFiniteSamples} samples are damaged (not a number, infinite or beyond +60 dBFS) and were replaced by silence");
        }

        if (output.Underruns > 0)
        {
            Messages.Warning($"{output.Underruns} gaps: the machine was too busy to play without interruption");
        }

        if (!quiet)
        {
            Console.Out.WriteLine(
                $"{MeterLine.Time(player.Position)} played: {MeterLine.Level(metrics.Output.IntegratedLufs).Trim()} LUFS, {MeterLine.Level(metrics.Output.TruePeakDbtp).Trim()} dBTP, {output.Underruns} gaps");
        }
    }
}
