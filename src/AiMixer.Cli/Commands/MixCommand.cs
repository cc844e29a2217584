using System.CommandLine;
using System.Globalization;
using AiMixer.Cli.Terminal;

namespace AiMixer.Cli.Commands;

/// <summary><c>aimixer mix</c>: files in, mixed files out.</summary>
internal sealed class MixCommand(CancellationToken cancellation)
{
    public const string Name = "mix";

    public const string Notes = """
        Reads WAV, FLAC, Ogg Vorbis, MP3 and AIFF, mono or stereo, 8 to 192 kHz, and what ffmpeg decodes where it is installed:
        Opus, AAC, M4A, MP4, WebM, Matroska and WMA. The sample rate is kept, the latency is removed, and the output is
        exactly as long as the input. Titles and other tags are carried over. Samples that are not a number are
        replaced by silence and reported.

        Without --genre, or with --genre auto, the file is listened to first and mixed with the profile of what it is:
        speech, rock, jazz, electronic or classical; the table and the report say how sure that is, and why. When it is not
        sure the neutral profile is used, which has no loudness of its own. --live decides every half second while it
        plays, as for a stream, and moves from profile to profile.

        The profile of a genre brings its own loudness: speech -16 LUFS (mono -19), rock and electronic -14, jazz -16,
        classical -20; --target asks for another. A parameter given with --set stands as it is, whatever the intensity.

        An output appears when it is complete: what was there before stays until then. An existing output is replaced,
        an input never is. For several inputs OUT is a folder, and so are REPORT.json and OUT.svg; each file keeps its
        name, and its format where that can be written (otherwise it becomes WAV). Ogg Vorbis is lossy: its decoded
        peaks may lie a little above the ceiling.

        Examples:
          aimixer mix song.wav -o mixed.wav
          aimixer mix show.wav -o mixed.wav --live --genre-weight electronic=0 --report why.json
          aimixer mix song.wav -o mixed.flac --bits 16 --target -14 --report mixed.json --plot mixed.svg
          aimixer mix talk.wav -o talk.flac --genre speech --intensity 50
          aimixer mix voice.wav -o clean.wav --set gate.threshold_db=-50 --set compressor.ratio=2
          aimixer profile show rock > mine.json; aimixer mix song.wav -o mixed.wav --profile mine.json
          aimixer mix *.wav -o mixed/ --report mixed/

        """;

    private readonly Argument<string[]> _inputs = new("IN")
    {
        Description = "Files to mix; - is standard input.",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string> _output = new("--output", "-o")
    {
        Description = "File to write: .wav, .flac or .ogg; - is standard output (WAV). A folder for several inputs.",
        HelpName = "OUT",
        Required = true,
    };

    private readonly Option<string?> _target = new("--target")
    {
        Description = "Integrated loudness of the output, such as -16 (podcast), -14 (streaming) or -23 (broadcast).",
        HelpName = "LUFS",
    };

    private readonly Option<bool> _bypass = new("--bypass")
    {
        Description = "Pass the sound through unchanged.",
    };

    private readonly Option<string?> _report = new("--report")
    {
        Description = "Write what was measured and applied, and why, as JSON; - is standard output.",
        HelpName = "REPORT.json",
    };

    private readonly Option<string?> _plot = new("--plot")
    {
        Description = "Draw waveform, loudness, genre and spectrum, before and after, as SVG.",
        HelpName = "OUT.svg",
    };

    private readonly Option<string?> _bits = new("--bits")
    {
        Description = "Samples of WAV and FLAC: 16 (dithered), 24 (the default) or 32f (float, WAV only).",
        HelpName = "16|24|32f",
    };

    private readonly Option<bool> _keep = new("--no-overwrite", "-n")
    {
        Description = "Refuse to replace an existing output.",
    };

    private readonly Option<bool> _quiet = new("--quiet", "-q")
    {
        Description = "No table, no progress bar, no notes; warnings and errors only.",
    };

    private readonly ProfileOptions _profile = new();

    public Command Build()
    {
        Command command = new(Name, "Mixes sound files with the profile of a genre to its loudness, or to yours.");
        command.Arguments.Add(_inputs);
        command.Options.Add(_output);
        _profile.AddTo(command, offerLive: true);
        command.Options.Add(_target);
        command.Options.Add(_bypass);
        command.Options.Add(_report);
        command.Options.Add(_plot);
        command.Options.Add(_bits);
        command.Options.Add(_keep);
        command.Options.Add(_quiet);
        command.SetAction(parsed => (int)Run(parsed));
        return command;
    }

    private ExitCode Run(ParseResult parsed)
    {
        string[] inputs = Arguments.Files(parsed.GetValue(_inputs)!);
        bool quiet = parsed.GetValue(_quiet);
        Destinations destinations = new(
            parsed.GetValue(_output)!, parsed.GetValue(_report), parsed.GetValue(_plot), parsed.GetValue(_bits));
        MixJob[] jobs = destinations.For(inputs, parsed.GetValue(_keep));
        float? target = Target(parsed.GetValue(_target));
        bool bypass = parsed.GetValue(_bypass);
        if (bypass && target is not null)
        {
            throw Failure.Usage("--bypass and --target exclude each other");
        }

        OfflineMixOptions options = _profile.Read(parsed) with { TargetLufs = target, Bypass = bypass };

        // One bad file does not keep the others from being mixed; the first failure decides the exit code.
        ExitCode result = ExitCode.Done;
        foreach (MixJob job in jobs)
        {
            try
            {
                job.Run(options, quiet, cancellation);
            }
            catch (Failure failure) when (jobs.Length > 1 && failure.Code != ExitCode.Broken)
            {
                Messages.Error(failure.Message);
                result = result == ExitCode.Done ? failure.Code : result;
            }
        }

        return result;
    }

    private static float? Target(string? text)
    {
        if (text is null)
        {
            return null;
        }

        return float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out float lufs) &&
            lufs is >= OfflineMixOptions.TargetMinimumLufs and <= OfflineMixOptions.TargetMaximumLufs
            ? lufs
            : throw Failure.Usage(string.Create(
                CultureInfo.InvariantCulture,
                $"--target {text} is not possible ({OfflineMixOptions.TargetMinimumLufs} to {OfflineMixOptions.TargetMaximumLufs} LUFS)"));
    }
}
