using System.Collections.Immutable;

namespace AiMixer;

/// <summary>
/// A named set of parameter values. Parameters that it does not name keep their default. Bypass is the listener's switch
/// and no part of a profile.
/// </summary>
public sealed record MixProfile
{
    /// <summary>The version of the JSON form that this library reads and writes.</summary>
    public const int CurrentVersion = 1;

    private readonly int _version = CurrentVersion;
    private readonly string _name = "unnamed";
    private readonly string _description = "";
    private readonly WholeFileLevel _wholeFiles;
    private readonly ImmutableSortedDictionary<string, float> _parameters = NoParameters;

    /// <summary>The neutral profile: every parameter at its default.</summary>
    public static MixProfile Neutral => For(Genre.Neutral);

    /// <summary>The profiles of the core, one per <see cref="Genre"/> in that order. Each names every parameter.</summary>
    public static ImmutableArray<MixProfile> BuiltIn => ProfileTable.Current;

    /// <summary>Version of the JSON form: 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Any other version.</exception>
    public int Version
    {
        get => _version;
        init
        {
            Ensure.InRange(value, CurrentVersion, CurrentVersion, "(profile versions)", nameof(Version));
            _version = value;
        }
    }

    /// <summary>The name, such as "neutral".</summary>
    /// <exception cref="ArgumentException">The name is empty or blank.</exception>
    public string Name
    {
        get => _name;
        init
        {
            ArgumentException.ThrowIfNullOrWhiteSpace(value, nameof(Name));
            _name = value;
        }
    }

    /// <summary>What the profile is for, one sentence; may be empty.</summary>
    public string Description
    {
        get => _description;
        init
        {
            ArgumentNullException.ThrowIfNull(value, nameof(Description));
            _description = value;
        }
    }

    /// <summary>
    /// What gives a whole file its level where the leveler is on; see <see cref="OfflineMixer"/>. A <see cref="ChannelStrip"/>
    /// does not ask. Default <see cref="WholeFileLevel.Leveler"/>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such value.</exception>
    public WholeFileLevel WholeFiles
    {
        get => _wholeFiles;
        init
        {
            Ensure.InRange((int)value, 0, (int)WholeFileLevel.OneGain, "(ways to level whole files)", nameof(WholeFiles));
            _wholeFiles = value;
        }
    }

    /// <summary>Values by key, such as "gate.threshold_db" and -40.</summary>
    /// <exception cref="ArgumentException">A key names no parameter, or bypass.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A value lies outside the range of its parameter.</exception>
    public ImmutableSortedDictionary<string, float> Parameters
    {
        get => _parameters;
        init
        {
            ArgumentNullException.ThrowIfNull(value, nameof(Parameters));
            foreach ((string key, float number) in value)
            {
                Check(key, number, nameof(Parameters));
            }

            _parameters = value.WithComparers(StringComparer.Ordinal);
        }
    }

    private static ImmutableSortedDictionary<string, float> NoParameters { get; } =
        ImmutableSortedDictionary.Create<string, float>(StringComparer.Ordinal);

    /// <summary>The built-in profile of a genre. It names every parameter.</summary>
    /// <param name="genre">The genre.</param>
    /// <returns>The profile.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such genre.</exception>
    public static MixProfile For(Genre genre)
    {
        ProfileTable.Check(genre, nameof(genre));
        return ProfileTable.Current[(int)genre];
    }

    /// <summary>Reads a profile from its JSON form.</summary>
    /// <param name="json">
    /// One object: <c>{"version":1,"name":"...","description":"...","whole_files":"leveler",
    /// "parameters":{"gate.threshold_db":-40}}</c>. The description may be missing, and so may whole_files, "leveler" (the
    /// default) or "one gain"; members that are not known are refused.
    /// </param>
    /// <returns>The profile.</returns>
    /// <exception cref="ArgumentNullException">There is no text.</exception>
    /// <exception cref="FormatException">
    /// The text is no JSON or no profile; the message names every field that is wrong, its value and what is allowed.
    /// </exception>
    public static MixProfile Parse(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        return ProfileJson.Read(json);
    }

    /// <summary>Says everything that is wrong with the JSON form of a profile.</summary>
    /// <param name="json">The text; see <see cref="Parse"/>.</param>
    /// <returns>One sentence per mistake, with the field, the value and what is allowed; none when it is a profile.</returns>
    /// <exception cref="ArgumentNullException">There is no text.</exception>
    public static ImmutableArray<string> Check(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        return ProfileJson.Check(json);
    }

    /// <summary>Reads a profile from a stream of UTF-8 JSON; see <see cref="Parse"/>.</summary>
    /// <param name="json">The stream; it is read to its end and stays open.</param>
    /// <returns>The profile.</returns>
    /// <exception cref="ArgumentNullException">There is no stream.</exception>
    /// <exception cref="FormatException">
    /// The text is no JSON or no profile; the message names every field that is wrong, its value and what is allowed.
    /// </exception>
    public static MixProfile Load(Stream json)
    {
        ArgumentNullException.ThrowIfNull(json);
        using var reader = new StreamReader(json, leaveOpen: true);
        return ProfileJson.Read(reader.ReadToEnd());
    }

    /// <summary>The JSON form, indented, the parameters in the order of the chain.</summary>
    /// <returns>One JSON object.</returns>
    public string ToJson() => ProfileJson.Write(this);

    /// <summary>The same profile with one value changed.</summary>
    /// <param name="key">The key of the parameter, such as "gate.threshold_db".</param>
    /// <param name="value">The value, in the parameter's unit.</param>
    /// <returns>A new profile.</returns>
    /// <exception cref="ArgumentException">The key names no parameter, or bypass.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The value lies outside the range of the parameter.</exception>
    public MixProfile With(string key, float value)
    {
        ArgumentNullException.ThrowIfNull(key);
        Check(key, value, nameof(value));
        return this with { Parameters = Parameters.SetItem(key, value) };
    }

    /// <summary>The value that this profile gives a parameter: its own, or the default.</summary>
    /// <param name="parameter">The parameter.</param>
    /// <returns>The value, in the parameter's unit.</returns>
    public float ValueOf(Parameter parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        return Parameters.GetValueOrDefault(parameter.Key, parameter.Default);
    }

    /// <summary>Whether two profiles have the same texts and values, and level whole files alike.</summary>
    /// <param name="other">The other profile.</param>
    /// <returns><see langword="true"/> when nothing differs.</returns>
    public bool Equals(MixProfile? other) =>
        other is not null && Name == other.Name && Description == other.Description && WholeFiles == other.WholeFiles
        && Parameters.SequenceEqual(other.Parameters);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, Description, Parameters.Count);

    private static void Check(string key, float value, string argument)
    {
        Parameter parameter = Parameter.Find(key);
        if (parameter.Id == ParameterId.Bypass)
        {
            throw new ArgumentException("'bypass' is the listener's switch and no part of a profile.", argument);
        }

        parameter.Check(value, argument);
    }
}
