using System.CommandLine;
using AiMixer.Cli.Files;
using AiMixer.Cli.Plots;
using AiMixer.Cli.Terminal;

namespace AiMixer.Cli.Commands;

/// <summary><c>aimixer analyze</c>: what a file is like.</summary>
internal sealed class AnalyzeCommand(CancellationToken cancellation)
{
    public const string Name = "analyze";

    public const string Notes = """
        Loudness after ITU-R BS.1770-5, EBU Tech 3341 and 3342. In JSON, silence is null. The genre is that of the whole
        file; JSON and the plot also tell it over time, as the recognition of a live stream sees it.

        Examples:
          aimixer analyze song.wav
          aimixer analyze song.wav --json --plot song.svg

        """;

    private readonly Argument<string> _input = new("IN")
    {
        Description = "File to analyse; - is standard input.",
    };

    private readonly Option<bool> _json = new("--json")
    {
        Description = "Print JSON with the names of the mix report.",
    };

    private readonly Option<string?> _plot = new("--plot")
    {
        Description = "Draw waveform, loudness, genre and spectrum as SVG.",
        HelpName = "OUT.svg",
    };

    public Command Build()
    {
        Command command = new(Name, "Measures loudness, true peak, loudness range, genre and features of a sound file.");
        command.Arguments.Add(_input);
        command.Options.Add(_json);
        command.Options.Add(_plot);
        command.SetAction(parsed => Run(parsed.GetValue(_input)!, parsed.GetValue(_json), parsed.GetValue(_plot)));
        return command;
    }

    private int Run(string input, bool json, string? plot)
    {
        Arguments.Files(input);
        if (plot is not null && plot != Device.Standard && input != Device.Standard && RealPath.Of(plot) == RealPath.Of(input))
        {
            throw Failure.Usage($"{plot} is the input and would be lost (choose another output)");
        }

        using SoundFileReader reader = SoundFileReader.Open(InputFile.Open(input, cancellation));
        using PendingOutput? plotOutput = plot is null ? null : PendingOutput.Create(plot);
        using SignalRecorder? recorder = plot is null ? null : new SignalRecorder(reader.SampleRateHz, reader.Channels);
        AudioAnalysis analysis;
        string name = input == Device.Standard ? "standard input" : Path.GetFileName(input);
        using (ProgressBar progress = new(name, quiet: false))
        {
            analysis = OfflineMixer.Analyze(
                recorder is null ? reader : new RecordedSource(reader, recorder), progress, cancellation);
        }

        analysis = analysis with { Input = analysis.Input with { Path = input } };
        plotOutput?.WriteText(Plot.Of(name, LevelTable.Describe(analysis.Input), recorder!.Finish(), analysis.Genre.Timeline).ToSvg());
        plotOutput?.Commit();
        if (analysis.NonFiniteSamples > 0)
        {
            Messages.Warning(
                $"{input}: {analysis.NonFiniteSamples} samples are damaged (not a number, infinite or beyond +60 dBFS) and count as silence");
        }

        if (json)
        {
            Console.Out.WriteLine(analysis.ToJson());
        }
        else
        {
            LevelTable.Write(plot == Device.Standard ? Console.Error : Console.Out, input, analysis);
        }

        return (int)ExitCode.Done;
    }
}
