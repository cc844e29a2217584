using System.Collections.Immutable;

namespace AiMixer;

/// <summary>What an <see cref="OfflineMixer"/> is to do.</summary>
public sealed record OfflineMixOptions
{
    /// <summary>Lowest loudness target, in LUFS: below it the gate of BS.1770 hears nothing.</summary>
    public const float TargetMinimumLufs = -70;

    /// <summary>Highest loudness target, in LUFS.</summary>
    public const float TargetMaximumLufs = 0;

    private readonly Genre _genre;
    private readonly MixProfile? _profile;
    private readonly string? _requestedGenre;

    /// <summary>
    /// The genre whose built-in profile to mix with. Default <see cref="Genre.Neutral"/>. With <see cref="Genre.Auto"/> it is
    /// what the whole programme is recognised as, in one more reading of the source, or follows it: <see cref="Live"/>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such genre.</exception>
    public Genre Genre
    {
        get => _genre;
        init
        {
            if (value != Genre.Auto)
            {
                ProfileTable.Check(value, nameof(Genre));
            }

            _genre = value;
        }
    }

    /// <summary>
    /// With <see cref="Genre.Auto"/>: changes the profile while the programme runs, as a stream does whose future is not
    /// known. There is no loudness target then but <see cref="TargetLufs"/>; each profile rides towards its own.
    /// </summary>
    public bool Live { get; init; }

    /// <summary>What <see cref="Genre.Auto"/> may choose. Default: every genre, as likely as it sounds.</summary>
    public GenreWeights GenreWeights { get; init; } = GenreWeights.Equal;

    /// <summary>
    /// The profile to mix with, whatever the genre. Default is the built-in profile of <see cref="Genre"/>; with
    /// <see cref="Genre.Auto"/> the neutral one, where a live mix begins.
    /// </summary>
    /// <exception cref="ArgumentNullException">There is no profile.</exception>
    public MixProfile Profile
    {
        get => _profile ?? MixProfile.For(Recognises ? Genre.Neutral : Genre);
        init
        {
            ArgumentNullException.ThrowIfNull(value, nameof(Profile));
            _profile = value;
        }
    }

    /// <summary>How much of what the profile does is done, in per cent, 0 to 100; see <see cref="ChannelStrip.Intensity"/>.</summary>
    public float IntensityPercent { get; init; } = ChannelStrip.IntensityMaximum;

    /// <summary>
    /// Integrated loudness that the output is to have, in LUFS, -70 to 0; reached by the gain in front of the limiter, so
    /// that the ceiling is kept. <see langword="null"/> (the default) means the profile's target when its leveler is on, and
    /// no target at all when it is off.
    /// </summary>
    public float? TargetLufs { get; init; }

    /// <summary>Passes the programme through untouched, sample for sample.</summary>
    public bool Bypass { get; init; }

    /// <summary>The genre that was asked for, for the report. Default is the name of the profile, or "auto".</summary>
    /// <exception cref="ArgumentNullException">There is no text.</exception>
    public string RequestedGenre
    {
        get => _requestedGenre ?? (Recognises ? Genre.ProfileName() : Profile.Name);
        init
        {
            ArgumentNullException.ThrowIfNull(value, nameof(RequestedGenre));
            _requestedGenre = value;
        }
    }

    /// <summary>
    /// Parameter values by key that count more than the profile's; the intensity does not scale them. A threshold that is
    /// set here is in dBFS, also where the profile's is relative to the loudness target.
    /// </summary>
    public IReadOnlyDictionary<string, float> Overrides { get; init; } = ImmutableSortedDictionary<string, float>.Empty;

    /// <summary>
    /// The loudness that a programme is brought to: <see cref="TargetLufs"/>, or what the profile and the overrides ask for
    /// with the leveler on. Of a genre that is recognised nothing is known before.
    /// </summary>
    /// <param name="channels">1 (mono) or 2 (stereo).</param>
    /// <returns>The target in LUFS; <see langword="null"/> when there is none.</returns>
    public float? TargetFor(int channels)
    {
        if (TargetLufs is not null)
        {
            return TargetLufs;
        }

        bool aims = !Bypass && ValueOf(ParameterId.Bypass) == 0 && ValueOf(ParameterId.LevelerEnabled) != 0;
        return aims ? LevelerTargetFor(channels) : null;
    }

    /// <summary>Whether the genre is to be recognised; a profile of one's own needs none.</summary>
    internal bool Recognises => Genre == Genre.Auto && _profile is null;

    /// <summary>The loudness that relative thresholds refer to, in LUFS.</summary>
    internal float LevelerTargetFor(int channels) =>
        ValueOf(ParameterId.LevelerTargetLufs) + (channels == 1 ? ValueOf(ParameterId.LevelerMonoOffsetDb) : 0);

    /// <summary>The value that stands: an override, or else the profile's.</summary>
    private float ValueOf(ParameterId id)
    {
        Parameter parameter = Parameter.Find(id);
        return Overrides.TryGetValue(parameter.Key, out float value) ? value : Profile.ValueOf(parameter);
    }
}
