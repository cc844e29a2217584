using AiMixer.Cli.Files;
using AiMixer.Cli.Plots;
using AiMixer.Cli.Terminal;

namespace AiMixer.Cli.Commands;

/// <summary>One file to mix, with the places of everything that comes out of it.</summary>
internal sealed record MixJob(string Input, string Output, OutputFormat Format, string? Report, string? Plot)
{
    /// <summary>Every place that is written to.</summary>
    public IEnumerable<string> Targets => new[] { Output, Report, Plot }.OfType<string>();

    public void Run(OfflineMixOptions options, bool quiet, CancellationToken cancellation)
    {
        using SoundFileReader reader = SoundFileReader.Open(InputFile.Open(Input, cancellation));
        MakeFolders();

        // All places are claimed before the work begins: better to fail now than after an hour.
        using PendingOutput output = PendingOutput.Create(Output);
        using PendingOutput? reportOutput = Report is null ? null : PendingOutput.Create(Report);
        using PendingOutput? plotOutput = Plot is null ? null : PendingOutput.Create(Plot);
        using SoundFileWriter writer = new(output, Format, reader);
        using SignalRecorder? before = Plot is null ? null : new SignalRecorder(reader.SampleRateHz, reader.Channels);
        using SignalRecorder? after = Plot is null ? null : new SignalRecorder(reader.SampleRateHz, reader.Channels);

        MixReport report;
        using (ProgressBar progress = new(NameOf(Input), quiet))
        {
            report = new OfflineMixer(options).Mix(
                before is null ? reader : new RecordedSource(reader, before),
                after is null ? writer : new RecordedSink(writer, after),
                progress,
                cancellation);
        }

        writer.Finish();
        report = report with
        {
            Input = report.Input with { Path = Input },
            Output = report.Output with { Path = Output },
        };
        reportOutput?.WriteText(report.ToJson() + "\n");
        plotOutput?.WriteText(Draw(report, before!.Finish(), after!.Finish()));
        output.Commit();
        reportOutput?.Commit();
        plotOutput?.Commit();
        Tell(report, quiet);
    }

    private static string NameOf(string path) => path == Device.Standard ? "standard input" : Path.GetFileName(path);

    private static string Draw(MixReport report, SignalPicture before, SignalPicture after) => Plots.Plot.Of(
        NameOf(report.Input.Path!),
        $"{LevelTable.Describe(report.Input)}, {LevelTable.Describe(report.Genre)}",
        before,
        after,
        report.TargetLufs,
        report.Genre.Timeline).ToSvg();

    private void MakeFolders()
    {
        foreach (string target in Targets.Where(target => target != Device.Standard && !Device.Is(target)))
        {
            // Only the last folder: a mistyped path should be noticed, not created.
            string folder = Path.GetDirectoryName(Path.GetFullPath(target))!;
            try
            {
                if (!Directory.Exists(folder) && Directory.Exists(Path.GetDirectoryName(folder)))
                {
                    Directory.CreateDirectory(folder);
                }
            }
            catch (Exception exception) when (Failure.IsFileSystem(exception))
            {
                throw Failure.CannotWrite(target, exception);
            }
        }
    }

    private void Tell(MixReport report, bool quiet)
    {
        string input = Input == Device.Standard ? "standard input" : Input;
        if (report.NonFiniteSamples > 0)
        {
            Messages.Warning(
                $"{input}: {report.NonFiniteSamples} samples are damaged (not a number, infinite or beyond +60 dBFS) and were replaced by silence");
        }

        AppliedParameter? gain = report.Parameters.FirstOrDefault(parameter => parameter.Id == "limiter.input_gain_db");
        if (gain?.Reason.Contains("not met", StringComparison.Ordinal) == true)
        {
            Messages.Warning($"{input}: {gain.Reason}");
        }

        if (!quiet)
        {
            bool dataOnOutput = Targets.Any(target => target == Device.Standard || Device.Is(target));
            LevelTable.Write(
                dataOnOutput ? Console.Error : Console.Out,
                input,
                Output == Device.Standard ? "standard output" : Output,
                report);
        }
    }
}
