using AiMixer.Training.Augmentation;
using AiMixer.Training.Data;

namespace AiMixer.Training.Evaluation;

/// <summary>Splits that keep together what belongs together.</summary>
internal static class Folds
{
    /// <summary>
    /// What must not be divided: recordings that share a group, or a source, directly or through others. Labels are names
    /// of sources, for tables.
    /// </summary>
    public static string[] Units(IReadOnlyList<Recording> recordings)
    {
        Dictionary<string, string> parent = [];
        string Root(string key)
        {
            while (parent.TryGetValue(key, out string? above) && above != key)
            {
                key = above;
            }

            return parent[key] = key;
        }

        foreach (Recording recording in recordings)
        {
            string group = Root("group " + recording.Group);
            string family = Root("source " + Family(recording));
            parent[group] = family;
        }

        return [.. recordings.Select(r => Root("group " + r.Group)["source ".Length..])];
    }

    /// <summary>The package, repository or collection that a recording comes from; its group when that is not told.</summary>
    public static string Family(Recording recording)
    {
        string source = recording.Source;
        const string Package = "Debian package ";
        if (source.StartsWith(Package, StringComparison.Ordinal))
        {
            return source[Package.Length..].Split('/', ' ')[0];
        }

        string[] parts = source.Replace("github:", "github.com/", StringComparison.Ordinal).Split('/', ' ');
        return source.StartsWith("github", StringComparison.Ordinal) && parts.Length > 2
            ? parts[1] + "/" + parts[2].Split('@')[0]
            : source.Length > 0 ? source : recording.Group;
    }

    /// <summary>Gives each recording a fold, units undivided, each class spread over the folds as evenly as units allow.</summary>
    /// <param name="recordings">The recordings.</param>
    /// <param name="units">What each belongs to.</param>
    /// <param name="members">Which of them take part; the others get -1.</param>
    /// <param name="count">Number of folds.</param>
    /// <param name="key">Decides between equals.</param>
    public static int[] Split(
        IReadOnlyList<Recording> recordings, string[] units, IReadOnlyCollection<int> members, int count, string key)
    {
        double[] total = new double[GenreClass.Count];
        foreach (int i in members)
        {
            ++total[recordings[i].Class];
        }

        double[,] filled = new double[count, GenreClass.Count];
        int[] folds = new int[recordings.Count];
        Array.Fill(folds, -1);
        Dice dice = new(key);
        int[] sizes = new int[count];
        var bySize = members.GroupBy(i => units[i]).Select(g => (Members: g.ToArray(), Lot: dice.Unit()))
            .OrderByDescending(g => g.Members.Length).ThenBy(g => g.Lot).ToList();
        for (int n = 0; n < bySize.Count; ++n)
        {
            int[] unit = bySize[n].Members;
            double[] share = new double[GenreClass.Count];
            foreach (int i in unit)
            {
                share[recordings[i].Class] += 1 / total[recordings[i].Class];
            }

            // No fold may stay empty: the last units go where nothing is.
            bool lastChance = sizes.Count(s => s == 0) >= bySize.Count - n;
            int best = Enumerable.Range(0, count).Where(f => !lastChance || sizes[f] == 0).MinBy(f => Crowding(filled, f, share));
            sizes[best] += unit.Length;
            foreach (int i in unit)
            {
                folds[i] = best;
            }

            for (int c = 0; c < GenreClass.Count; ++c)
            {
                filled[best, c] += share[c];
            }
        }

        return folds;
    }

    // How much less even the classes that a unit brings would be spread if it went to a fold.
    private static double Crowding(double[,] filled, int fold, double[] share)
    {
        double sum = 0;
        for (int c = 0; c < share.Length; ++c)
        {
            sum += (share[c] * share[c]) + (2 * share[c] * filled[fold, c]);
        }

        return sum;
    }
}
