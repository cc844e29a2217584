using System.Collections.Immutable;
using AiMixer.Bindings;

namespace AiMixer;

/// <summary>The core's built-in profiles, read once.</summary>
internal static class ProfileTable
{
    // A failure to load the core is thrown as it is, each time, rather than wrapped by a static constructor.
    private static readonly Lazy<ImmutableArray<MixProfile>> s_current = new(Read, LazyThreadSafetyMode.PublicationOnly);

    /// <summary>One profile per genre, in the order of their numbers.</summary>
    internal static ImmutableArray<MixProfile> Current => s_current.Value;

    internal static void Check(Genre genre, string name) =>
        Ensure.InRange((int)genre, 0, Current.Length - 1, "(genres)", name);

    private static ImmutableArray<MixProfile> Read() =>
        [.. Enumerable.Range(0, NativeMethods.aim_profile_count()).Select(ReadOne)];

    private static unsafe MixProfile ReadOne(int genre)
    {
        aim_profile_info info;
        CoreStatus.Check(NativeMethods.aim_profile_info_of(genre, &info));
        var values = ImmutableSortedDictionary.CreateBuilder<string, float>(StringComparer.Ordinal);
        foreach (Parameter parameter in Parameter.All.Where(row => row.Id != ParameterId.Bypass))
        {
            float value;
            CoreStatus.Check(NativeMethods.aim_profile_value(genre, (int)parameter.Id, &value));
            values.Add(parameter.Key, value);
        }

        return new MixProfile
        {
            Version = info.version,
            Name = CoreStatus.Text(info.name),
            Description = CoreStatus.Text(info.description),
            WholeFiles = (WholeFileLevel)info.whole_file_level,
            Parameters = values.ToImmutable(),
        };
    }
}
