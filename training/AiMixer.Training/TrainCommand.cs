using AiMixer.Training.Data;
using AiMixer.Training.Evaluation;
using AiMixer.Training.Export;
using AiMixer.Training.Features;
using AiMixer.Training.Network;
using AiMixer.Training.Report;

namespace AiMixer.Training;

/// <summary>From folders of recordings to a model and the figures that belong to it.</summary>
/// <param name="Folders">The recordings.</param>
/// <param name="Output">Where the model and its report go.</param>
/// <param name="Cache">Where extracted features are kept.</param>
/// <param name="Steps">Length of each training, in batches.</param>
/// <param name="TakesPerClass">About how many augmented takes each class gets in each folder.</param>
internal sealed record TrainCommand(
    IReadOnlyList<string> Folders, string Output, string Cache, int Steps, int TakesPerClass)
{
    // Two for each fold.
    private const int SourcesLeast = 2 * CrossValidation.OuterFolds;
    private const string Card = "genre.md";
    private const string DecisionsPage = "genre-decisions.md";
    private const string Plot = "genre-reliability.svg";

    public const string Help = """
        AiMixer.Training FOLDER... [OPTIONS]: makes a genre model from recordings.

          FOLDER...        each holds MANIFEST.tsv (file, class, group, and where known kind, source, licence), or
                           class/group/file, or class/file; classes: speech rock jazz electronic classical
          --output DIR     where genre.onnx, model_weights.inc, genre.md, genre-decisions.md and genre-reliability.svg go
                           (artifacts/training/model)
          --cache DIR      where features are kept for the next run (artifacts/training)
          --steps N        batches per training (1000)
          --takes N        augmented takes per class and folder (600)

        The same recordings give the same files. Exit codes: 0 done, 2 wrong usage, 3 unusable recordings.
        """;

    /// <summary>Reads a command line.</summary>
    /// <exception cref="ArgumentException">It makes no sense; the message says why.</exception>
    public static TrainCommand Parse(string[] args)
    {
        TrainCommand command = new([], "artifacts/training/model", "artifacts/training", 1000, 600);
        for (int i = 0; i < args.Length; ++i)
        {
            if (!args[i].StartsWith("--", StringComparison.Ordinal))
            {
                command = command with { Folders = [.. command.Folders, args[i]] };
                continue;
            }

            string value = i + 1 < args.Length ? args[i + 1] : throw new ArgumentException($"{args[i]} needs a value");
            command = args[i++] switch
            {
                "--output" => command with { Output = value },
                "--cache" => command with { Cache = value },
                "--steps" => command with { Steps = Number("--steps", value, 1, 1_000_000) },
                "--takes" => command with { TakesPerClass = Number("--takes", value, 0, 100_000) },
                string unknown => throw new ArgumentException($"no option {unknown}"),
            };
        }

        return command.Folders.Count > 0 ? command : throw new ArgumentException("which folder?");
    }

    /// <summary>Trains, evaluates and writes.</summary>
    /// <param name="progress">Told what happens.</param>
    /// <exception cref="DataException">The recordings are not usable.</exception>
    public void Run(Action<string> progress)
    {
        IReadOnlyList<Recording>[] folders = Corpus.Read(Folders);
        Recording[] recordings = [.. folders.SelectMany(f => f)];
        string[] units = Folds.Units(recordings);
        int apart = units.Distinct().Count();
        if (apart < SourcesLeast)
        {
            throw new DataException(
                $"{string.Join(", ", Folders)}: {apart} sources that share nothing; at least {SourcesLeast} are needed, or nothing could be held out");
        }

        progress($"{recordings.Length} recordings; extracting features, or reading them from {Cache}");
        FeatureSet features = FeatureSet.Make(folders, TakesPerClass, Cache, (done, count) =>
        {
            if (done % 50 == 0)
            {
                progress($"{done} of {count}");
            }
        });

        Procedure procedure = new(recordings, features, units, Steps);
        CrossValidation evaluation = CrossValidation.Run(recordings, features, units, procedure, progress);
        progress("the model that ships");
        (GenreNetwork network, Candidate chosen) = procedure.Run([.. Enumerable.Range(0, recordings.Length)], "all");
        network = network with { Temperature = evaluation.Temperature };
        (string Name, int Count)[] from = [.. Folders.Select((f, i) => (Path.GetFileName(Path.TrimEndingDirectorySeparator(f)), folders[i].Count))];
        Write(new FigureTables(from, recordings, units, evaluation, network, chosen), network);
        WritePage(DecisionsPage, [("live", new LiveTables(recordings, evaluation.Live).Write())]);
        progress($"written to {Output}");
    }

    private static int Number(string option, string text, int least, int most) =>
        int.TryParse(text, out int value) && value >= least && value <= most
            ? value
            : throw new ArgumentException($"{option} {text}: a whole number from {least} to {most} is needed");

    private void Write(FigureTables figures, GenreNetwork network)
    {
        Directory.CreateDirectory(Output);
        File.WriteAllBytes(Path.Combine(Output, "genre.onnx"), OnnxModel.Write(network));
        File.WriteAllText(Path.Combine(Output, "model_weights.inc"), CoreWeights.Write(network));
        File.WriteAllText(Path.Combine(Output, Plot), ReliabilityPlot.Draw(figures.WindowBins(), "Windows of 3 s of recordings from unseen sources"));

        WritePage(
            Card,
            [
                ("accuracy", figures.Accuracy()),
                ("comparison", figures.Comparison()),
                ("sources", figures.Sources()),
                ("data", figures.Data()),
            ]);
    }

    // A page that is there keeps what was written by hand.
    private void WritePage(string fileName, (string Name, string Text)[] blocks)
    {
        string path = Path.Combine(Output, fileName);
        string page = File.Exists(path) ? File.ReadAllText(path) : string.Concat(blocks.Select(
            b => $"<!-- {b.Name}: generated by ./build.sh train -->\n<!-- {b.Name} ends -->\n\n"));
        foreach ((string name, string text) in blocks)
        {
            page = ModelCard.Replace(page, name, text);
        }

        File.WriteAllText(path, page);
    }
}
