using AiMixer.Cli.Files;

namespace AiMixer.Cli.Commands;

/// <summary>Where everything that a mix writes goes: files, folders or standard output.</summary>
internal sealed class Destinations(string output, string? report, string? plot, string? bits)
{
    /// <summary>One job per input, or a complaint about what cannot be meant.</summary>
    public MixJob[] For(string[] inputs, bool keepExisting)
    {
        if (inputs.Count(input => input == Device.Standard) > 1)
        {
            throw Failure.Usage("standard input can be read only once");
        }

        bool several = inputs.Length > 1;
        if (several && (output == Device.Standard || report == Device.Standard || plot == Device.Standard))
        {
            throw Failure.Usage("several inputs need folders to write to (-o FOLDER)");
        }

        MixJob[] jobs =
        [
            .. inputs.Select(input =>
            {
                string target = Place(output, input, OutputFormat.EndingFor(input), several);
                return new MixJob(
                    input,
                    target,
                    OutputFormat.For(target, bits),
                    report is null ? null : Place(report, input, ".json", several),
                    plot is null ? null : Place(plot, input, ".svg", several));
            }),
        ];
        RefuseCollisions(inputs, [.. jobs.SelectMany(job => job.Targets)]);
        if (keepExisting && jobs.SelectMany(job => job.Targets).FirstOrDefault(File.Exists) is { } existing)
        {
            throw Failure.CannotWrite(existing, "exists already (without --no-overwrite it is replaced)");
        }

        return jobs;
    }

    private static string Place(string target, string input, string ending, bool inFolder)
    {
        if (!inFolder && !Directory.Exists(target) && !Path.EndsInDirectorySeparator(target))
        {
            return target;
        }

        string name = input == Device.Standard ? "stdin" : Path.GetFileNameWithoutExtension(input);
        return Path.Combine(target, name + ending);
    }

    private static void RefuseCollisions(string[] inputs, string[] targets)
    {
        StringComparer comparer = OperatingSystem.IsLinux() ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase;
        HashSet<string> sources = new(inputs.Where(input => input != Device.Standard).Select(RealPath.Of), comparer);
        HashSet<string> taken = new(comparer);
        foreach (string target in targets)
        {
            if (Device.Is(target))
            {
                continue;
            }

            string real = target == Device.Standard ? target : RealPath.Of(target);
            if (sources.Contains(real))
            {
                throw Failure.Usage($"{target} is an input and would be lost (choose another output)");
            }

            if (!taken.Add(real))
            {
                throw Failure.Usage($"{target} would be written twice (every output needs a name of its own)");
            }
        }
    }
}
