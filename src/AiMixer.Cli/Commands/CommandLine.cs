using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace AiMixer.Cli.Commands;

/// <summary>The commands of <c>aimixer</c>, their help, and what happens when a command line makes no sense.</summary>
internal static class CommandLine
{
    private const string Description = """
        AI Mixer: mix profiles for speech and music, loudness targets and a true-peak limiter for whole files.
        The same input with the same settings gives the same output bits on every machine.
        """;

    private const string Notes = """
        Examples:
          aimixer mix song.wav -o mixed.wav                       mix as what it is recognised as
          aimixer mix song.wav -o mixed.wav --genre rock          with a genre's profile and loudness
          aimixer mix talk.mp3 -o talk.flac --target -16          to exactly -16 LUFS, peaks kept
          aimixer mix *.wav -o mixed/                             several files into a folder
          aimixer mix song.wav -o mixed.wav --plot mixed.svg      with a picture of before and after
          aimixer analyze song.wav                                loudness, true peak, range, genre
          aimixer classify *.wav                                  the genre of each, as a table
          aimixer play song.wav                                   listen while it mixes
          aimixer serve                                           mixing over HTTP
          cat song.wav | aimixer mix - -o - | ffplay -            through a pipe, as WAV

        Exit codes:
          0 done   1 broken installation   2 wrong usage   3 unreadable input   4 could not write   130 interrupted
        """;

    /// <summary>Runs a command line.</summary>
    /// <param name="args">Its words.</param>
    /// <param name="beginServing">Called before a command that answers to signals itself.</param>
    /// <param name="cancellation">Ends the work early.</param>
    public static ExitCode Run(string[] args, Action beginServing, CancellationToken cancellation)
    {
        Command root = new("aimixer", Description);
        root.Subcommands.Add(new MixCommand(cancellation).Build());
        root.Subcommands.Add(new AnalyzeCommand(cancellation).Build());
        root.Subcommands.Add(new ClassifyCommand(cancellation).Build());
        root.Subcommands.Add(new PlayCommand(cancellation).Build());
        root.Subcommands.Add(ProfileCommand.Build());
        root.Subcommands.Add(new ServeCommand(beginServing).Build());
        HelpOption help = new();
        help.Action = new HelpWithNotes((SynchronousCommandLineAction)help.Action!, new Dictionary<string, string>
        {
            [root.Name] = Notes,
            [MixCommand.Name] = MixCommand.Notes,
            [AnalyzeCommand.Name] = AnalyzeCommand.Notes,
            [ClassifyCommand.Name] = ClassifyCommand.Notes,
            [PlayCommand.Name] = PlayCommand.Notes,
            [ProfileCommand.Name] = ProfileCommand.Notes,
            [ServeCommand.Name] = ServeCommand.Notes,
        });
        root.Options.Add(help);
        root.Options.Add(new VersionOption { Action = new VersionLine() });

        // Names that begin with @ are files like any other.
        ParseResult parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        InvocationConfiguration configuration = new() { EnableDefaultExceptionHandler = false };
        if (args.Length == 0)
        {
            configuration.Output = Console.Error;
            root.Parse(["--help"]).Invoke(configuration);
            return ExitCode.Usage;
        }

        if (parsed.Errors.Count > 0)
        {
            throw Failure.Usage($"{Complaint(parsed)} ({Path(parsed.CommandResult.Command, root)} --help tells more)");
        }

        return (ExitCode)parsed.Invoke(configuration);
    }

    private static string Complaint(ParseResult parsed)
    {
        string text = parsed.UnmatchedTokens.Count > 0
            ? $"'{parsed.UnmatchedTokens[0]}' is not known here"
            : parsed.Errors[0].Message.TrimEnd('.');
        return char.ToLowerInvariant(text[0]) + text[1..];
    }

    private static string Path(Command command, Command root) =>
        command == root ? root.Name : string.Join(' ', command.Parents.OfType<Command>().Select(c => Path(c, root)).Append(command.Name));

    /// <summary>The usual help, and below it what the command's user should know.</summary>
    private sealed class HelpWithNotes(SynchronousCommandLineAction help, Dictionary<string, string> notes)
        : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            int result = help.Invoke(parseResult);
            if (notes.TryGetValue(parseResult.CommandResult.Command.Name, out string? text))
            {
                parseResult.InvocationConfiguration.Output.WriteLine(text);
            }

            return result;
        }
    }

    private sealed class VersionLine : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            parseResult.InvocationConfiguration.Output.WriteLine($"aimixer {AiMixerInfo.Version} ({AiMixerInfo.NativeBuild})");
            return 0;
        }
    }
}
