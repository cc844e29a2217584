using System.CommandLine;
using AiMixer.Cli.Files;
using AiMixer.Cli.Terminal;

namespace AiMixer.Cli.Commands;

/// <summary><c>aimixer classify</c>: the genres of many files.</summary>
internal sealed class ClassifyCommand(CancellationToken cancellation)
{
    public const string Name = "classify";

    public const string Notes = """
        Each file is judged as a whole: by all windows of 3 s, one every half second, silence left out. 'unknown' is what no
        genre reaches 0.45 of. The columns are the probabilities of the five genres, in per cent.

        With --json there is one object a line and file: path, genre, confidence, probabilities and the reason.
        'aimixer analyze --json' tells one file's genre over time.

        Examples:
          aimixer classify *.flac
          aimixer classify show.mp3 --genre-weight electronic=0
          aimixer classify *.wav --json | jq -r 'select(.genre == "jazz").path'

        """;

    private readonly Argument<string[]> _inputs = new("IN")
    {
        Description = "Files to classify; - is standard input.",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<bool> _json = new("--json")
    {
        Description = "Print one JSON object per file.",
    };

    private readonly GenreWeightOption _weights = new();

    public Command Build()
    {
        Command command = new(Name, "Tells the genres of sound files, and how sure that is.");
        command.Arguments.Add(_inputs);
        command.Options.Add(_json);
        _weights.AddTo(command);
        command.SetAction(parsed => (int)Run(
            Arguments.Files(parsed.GetValue(_inputs)!), parsed.GetValue(_json), _weights.Read(parsed)));
        return command;
    }

    private ExitCode Run(string[] inputs, bool json, GenreWeights weights)
    {
        if (inputs.Count(input => input == Device.Standard) > 1)
        {
            throw Failure.Usage("standard input can be read only once");
        }

        ExitCode result = ExitCode.Done;
        GenreTable? table = json ? null : new GenreTable(Console.Out, inputs);
        foreach (string input in inputs)
        {
            try
            {
                GenreAnalysis genre = Classify(input, weights);
                if (table is null)
                {
                    Console.Out.WriteLine(genre.ToJson(input));
                }
                else
                {
                    table.Write(input, genre);
                }
            }
            catch (Failure failure) when (inputs.Length > 1 && failure.Code != ExitCode.Broken)
            {
                // One bad file does not keep the others from being told; the first failure decides the exit code.
                Messages.Error(failure.Message);
                result = result == ExitCode.Done ? failure.Code : result;
            }
        }

        return result;
    }

    private GenreAnalysis Classify(string input, GenreWeights weights)
    {
        using SoundFileReader reader = SoundFileReader.Open(InputFile.Open(input, cancellation));
        using ProgressBar progress = new(input == Device.Standard ? "standard input" : Path.GetFileName(input), quiet: false);
        return OfflineMixer.Recognise(reader, weights, progress, cancellation);
    }
}
