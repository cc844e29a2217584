using System.Diagnostics;
using System.Globalization;

namespace AiMixer;

/// <summary>
/// Mixes a whole programme: the latency is removed, the tail drained, the output has exactly as many frames as the input.
/// With a loudness target, its own or that of a profile whose leveler is on, the programme is measured and then rendered
/// several times until its integrated loudness (ITU-R BS.1770-5) is the target; the limiter comes last, so its ceiling is kept.
/// With a profile whose leveler is on, the measured programme comes to the chain at the loudness target, whatever its own
/// level; <see cref="MixProfile.WholeFiles"/> says whether the leveler works on it from there. Memory does not grow with the
/// length of the programme.
/// </summary>
public sealed class OfflineMixer
{
    // All renders together, the one that is written included.
    private const int RendersMaximum = 8;

    // A block of BS.1770 lasts 400 ms; anything shorter has no loudness.
    private const double ShortestSeconds = 0.4;

    // What the target is promised to be met within. A leveler that the guard rail holds back answers a little more gain now
    // and then with less loudness: between two renders there may be nothing to find.
    private const float PromisedLu = 0.05f;
    private const float PromisedWithLevelerLu = 0.1f;

    // Less than this the guard rail may take from the target without a word.
    private const float GuardRailLu = 0.05f;

    private readonly OfflineMixOptions _options;

    /// <summary>Creates a mixer with the neutral profile and no loudness target.</summary>
    public OfflineMixer()
        : this(new OfflineMixOptions())
    {
    }

    /// <summary>Creates a mixer. It keeps no programme: it can be used for many, also at the same time.</summary>
    /// <param name="options">What to do.</param>
    /// <exception cref="ArgumentNullException">Options or overrides are missing.</exception>
    /// <exception cref="ArgumentException">An override names no parameter.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The target, the intensity, a weight or an override lies outside its range.</exception>
    public OfflineMixer(OfflineMixOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(options.Overrides, nameof(options));
        if (options.TargetLufs is float target)
        {
            Ensure.InRange(
                target, OfflineMixOptions.TargetMinimumLufs, OfflineMixOptions.TargetMaximumLufs, "LUFS", nameof(options));
        }

        ArgumentNullException.ThrowIfNull(options.GenreWeights, nameof(options));
        options.GenreWeights.CopyTo(stackalloc float[GenreProbabilities.Count], nameof(options));
        Ensure.InRange(options.IntensityPercent, 0, ChannelStrip.IntensityMaximum, "%", nameof(options));
        foreach ((string key, float value) in options.Overrides)
        {
            Parameter.Find(key).Check(value, nameof(options));
        }

        _options = options;
    }

    /// <summary>Measures a programme without mixing it.</summary>
    /// <param name="source">The programme; read once from its beginning.</param>
    /// <returns>Loudness, levels, genre and features.</returns>
    /// <exception cref="ArgumentNullException">There is no source.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The source's sample rate or channels lie outside their range.</exception>
    public static AudioAnalysis Analyze(IAudioSource source) => Analyze(source, null, CancellationToken.None);

    /// <summary>Measures a programme without mixing it.</summary>
    /// <param name="source">The programme; read once from its beginning.</param>
    /// <param name="progress">Told how far the work has come; may be <see langword="null"/>.</param>
    /// <param name="cancellationToken">Ends the work early.</param>
    /// <returns>Loudness, levels, genre and features.</returns>
    /// <exception cref="ArgumentNullException">There is no source.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The source's sample rate or channels lie outside their range.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public static AudioAnalysis Analyze(
        IAudioSource source, IProgress<MixProgress>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(source);
        CheckFormat(source);
        using var measurement = new InputMeasurement(source.SampleRateHz, source.Channels, ProgrammeRender.BlockFrames);
        using var listener = new ProgrammeListener(source.SampleRateHz, source.Channels, GenreWeights.Equal);
        var steps = new StepProgress(progress, source.TotalFrames);
        steps.Begin("measuring", share: 1);
        Read(source, measurement, listener, steps, cancellationToken);
        return new AudioAnalysis
        {
            Input = Describe(source, measurement.Frames, measurement.Loudness),
            Genre = listener.Recognise().ForAnalysis(),
            Features = measurement.Features,
            NonFiniteSamples = measurement.NonFiniteSamples,
        };
    }

    /// <summary>Tells what a programme is, without measuring or mixing it.</summary>
    /// <param name="source">The programme; read once from its beginning.</param>
    /// <param name="weights">What may be recognised; <see cref="GenreWeights.Equal"/> for everything alike.</param>
    /// <param name="progress">Told how far the work has come; may be <see langword="null"/>.</param>
    /// <param name="cancellationToken">Ends the work early.</param>
    /// <returns>The genre of the whole, and over time.</returns>
    /// <exception cref="ArgumentNullException">There is no source, or there are no weights.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The source's sample rate or channels, or a weight, lie outside their range.
    /// </exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public static GenreAnalysis Recognise(
        IAudioSource source, GenreWeights weights, IProgress<MixProgress>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(source);
        CheckFormat(source);
        using var listener = new ProgrammeListener(source.SampleRateHz, source.Channels, weights);
        var steps = new StepProgress(progress, source.TotalFrames);
        steps.Begin("listening", share: 1);
        Read(source, null, listener, steps, cancellationToken);
        return listener.Recognise().ForAnalysis();
    }

    /// <summary>Mixes a programme.</summary>
    /// <param name="source">
    /// The programme; read from its beginning once, or several times with a loudness target or a genre to be recognised.
    /// </param>
    /// <param name="sink">Takes the mix: as many frames as the source has, with its channels and sample rate.</param>
    /// <returns>What was done and why.</returns>
    /// <exception cref="ArgumentNullException">There is no source or no sink.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The source's sample rate or channels lie outside their range.</exception>
    public MixReport Mix(IAudioSource source, IAudioSink sink) => Mix(source, sink, null, CancellationToken.None);

    /// <summary>Mixes a programme.</summary>
    /// <param name="source">
    /// The programme; read from its beginning once, or several times with a loudness target or a genre to be recognised.
    /// </param>
    /// <param name="sink">Takes the mix: as many frames as the source has, with its channels and sample rate.</param>
    /// <param name="progress">Told how far the work has come; may be <see langword="null"/>.</param>
    /// <param name="cancellationToken">Ends the work early; what the sink has taken by then is incomplete.</param>
    /// <returns>
    /// What was done and why. A target that cannot be met is no error: what comes near it is rendered, without gain that the limiter
    /// would take back again, and the reason given for
    /// <c>limiter.input_gain_db</c> says what stood in the way.
    /// </returns>
    /// <exception cref="ArgumentNullException">There is no source or no sink.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The source's sample rate or channels lie outside their range.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public MixReport Mix(
        IAudioSource source, IAudioSink sink, IProgress<MixProgress>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(sink);
        CheckFormat(source);
        var steps = new StepProgress(progress, source.TotalFrames);
        long start = Stopwatch.GetTimestamp();
        using var measurement = new InputMeasurement(source.SampleRateHz, source.Channels, ProgrammeRender.BlockFrames);
        if (!_options.Recognises || _options.Live)
        {
            return Mix(source, sink, measurement, start, steps, cancellationToken);
        }

        using var listener = new ProgrammeListener(source.SampleRateHz, source.Channels, _options.GenreWeights);
        steps.Begin("listening", share: 0.1);
        Read(source, measurement, listener, steps, cancellationToken);
        GenreRecognition recognition = listener.Recognise();
        MixReport report = new OfflineMixer(_options with { Genre = recognition.Genre })
            .Mix(source, sink, measurement, start, steps, cancellationToken);
        return report with { Genre = recognition.ForMix(_options.RequestedGenre) };
    }

    /// <summary>Mixes with the genre that the options name; what the measurement has read already is not read again for it.</summary>
    private MixReport Mix(
        IAudioSource source,
        IAudioSink sink,
        InputMeasurement measurement,
        long start,
        StepProgress steps,
        CancellationToken cancellationToken)
    {
        using var render = new ProgrammeRender(source);
        var settings = MixSettings.From(_options, source.Channels);
        bool measured = measurement.Frames > 0;
        if (_options.TargetFor(source.Channels) is float target)
        {
            if (!measured)
            {
                steps.Begin("measuring", share: 0.1);
                Read(source, measurement, null, steps, cancellationToken);
            }

            settings = FindGain(target, settings, render, measurement, steps, cancellationToken);
            measured = true;
        }

        steps.Begin("mixing", share: 1);
        render.Run(settings, measured ? null : measurement, sink, steps, cancellationToken);

        StripMetrics metrics = render.Metrics;
        ProgrammeReport input = Describe(source, measurement.Frames, measurement.Loudness);
        double elapsedSeconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return new MixReport
        {
            Input = input,
            Output = Describe(source, measurement.Frames, render.OutputLoudness),
            Genre = _options.Recognises
                ? render.Recognition.ForMix(_options.RequestedGenre)
                : new GenreReport { Requested = _options.RequestedGenre, Applied = _options.Profile.Name },
            TargetLufs = _options.TargetFor(source.Channels),
            Parameters = Account(settings, render, source.Channels).All,
            GainReductionDb = GainReductionReport.From(metrics),
            LevelerGainDb = settings[ParameterId.LevelerEnabled] == 0 && render.LevelerGain is { Minimum: 0, Maximum: 0 }
                ? null
                : render.LevelerGain,
            Features = measurement.Features,
            LatencyFrames = render.LatencyFrames,
            RealTimeFactor = elapsedSeconds > 0 ? input.Seconds / elapsedSeconds : 0,
            NonFiniteSamples = metrics.NonFiniteSamples,
            LimiterClampedSamples = metrics.LimiterClampedSamples,
        };
    }

    /// <summary>Reads the programme once, for all who want to hear it.</summary>
    private static void Read(
        IAudioSource source,
        InputMeasurement? measurement,
        ProgrammeListener? listener,
        StepProgress steps,
        CancellationToken cancel)
    {
        float[] buffer = new float[ProgrammeRender.BlockFrames * source.Channels];
        source.Rewind();
        long frames = 0;
        while (SourceReader.Read(source, buffer, cancel) is var block && block.Length > 0)
        {
            measurement?.Add(block);
            listener?.Add(block);
            frames += block.Length / source.Channels;
            steps.Report(frames);
        }

        steps.Complete();
    }

    private static void CheckFormat(IAudioSource source)
    {
        Ensure.SampleRate(source.SampleRateHz, nameof(source));
        Ensure.Channels(source.Channels, nameof(source));
    }

    private static ProgrammeReport Describe(IAudioSource source, long frames, in LoudnessReading loudness) => new()
    {
        SampleRate = source.SampleRateHz,
        Channels = source.Channels,
        Seconds = (double)frames / source.SampleRateHz,
        Loudness = LoudnessReport.From(loudness),
    };

    /// <summary>What the parameters came to.</summary>
    private MixSettings Account(MixSettings settings, ProgrammeRender render, int channels) => _options.Recognises
        ? settings.EndingIn(render.Recognition.Genre, channels)
        : WithGuardRail(settings, render, channels);

    /// <summary>Brings the measured source to the level that the profile wants, and renders without writing until the loudness is right.</summary>
    private MixSettings FindGain(
        float target,
        MixSettings settings,
        ProgrammeRender render,
        InputMeasurement measurement,
        StepProgress steps,
        CancellationToken cancel)
    {
        Parameter gain = Parameter.Find(ParameterId.LimiterInputGainDb);
        float sourceLufs = measurement.Loudness.IntegratedLufs;
        float startDb = settings[gain.Id];
        if (settings[ParameterId.LevelerEnabled] != 0)
        {
            // The chain brings the programme to the leveler's target: the gain makes up for the difference only.
            startDb = target - _options.LevelerTargetFor(measurement.Channels);
            settings = settings.For(sourceLufs, measurement.Channels);
        }
        else if (sourceLufs > LoudnessReading.Silence)
        {
            startDb = target - sourceLufs;
        }

        var search = new LoudnessSearch(
            target, Math.Clamp(startDb, gain.Minimum, gain.Maximum), gain.Minimum, gain.Maximum);
        string reason = MixSettings.TargetReason(target);
        string? obstacle = null;
        bool goOn = true;
        for (int pass = 1; goOn && pass < RendersMaximum; pass++)
        {
            // Most programmes need two or three renders; what is left is shared out so that the last one gets a fair part.
            steps.Begin("measuring", share: 0.4);
            render.Run(settings.With(gain.Id, search.NextDb, reason), null, null, steps, cancel);
            obstacle ??= Obstacle(settings, measurement, render.OutputLoudness);
            goOn = search.Add(render.OutputLoudness.IntegratedLufs) && obstacle is null;
        }

        float promisedLu = settings[ParameterId.LevelerEnabled] == 0 ? PromisedLu : PromisedWithLevelerLu;
        obstacle ??= Math.Abs(search.BestLufs - target) <= promisedLu ? null : Shortfall(search, gain);
        return settings.With(gain.Id, search.BestDb, obstacle is null ? reason : $"{reason} not met: {obstacle}");
    }

    /// <summary>
    /// Says so when the limiter worked harder than the profile allows: the core took something from the leveler's target.
    /// </summary>
    private MixSettings WithGuardRail(MixSettings settings, ProgrammeRender render, int channels)
    {
        float steeredTo = _options.LevelerTargetFor(channels) + settings[ParameterId.LimiterInputGainDb];
        float taken = steeredTo - render.LowestTargetLufs;
        if (settings[ParameterId.LevelerEnabled] == 0 || taken <= GuardRailLu)
        {
            return settings;
        }

        float allowanceDb = settings[ParameterId.LevelerLimiterAllowanceDb];
        return settings.Reporting(
            ParameterId.LevelerTargetLufs,
            settings[ParameterId.LevelerTargetLufs] - taken,
            string.Create(CultureInfo.InvariantCulture, $"guard rail: limiter reduction above {allowanceDb:0.###} dB for 3 s"));
    }

    /// <summary>What makes any search pointless.</summary>
    private static string? Obstacle(MixSettings settings, InputMeasurement measurement, in LoudnessReading output)
    {
        if (settings[ParameterId.Bypass] != 0)
        {
            return "the chain is bypassed";
        }

        if (measurement.Frames < ShortestSeconds * measurement.SampleRateHz)
        {
            return "the programme is shorter than the 400 ms that loudness needs";
        }

        return output.RmsDbfs <= LoudnessReading.Silence ? "the programme is silent" : null;
    }

    private static string Shortfall(LoudnessSearch search, Parameter gain)
    {
        if (search.BestLufs <= LoudnessReading.Silence)
        {
            return "the programme is too quiet to be measured";
        }

        string because = search.IsBeyondReach ? ": of more gain the limiter takes nearly all"
            : search.BestDb == gain.Maximum || search.BestDb == gain.Minimum ? " that the range of the gain allows"
            : "";
        return string.Create(CultureInfo.InvariantCulture, $"{search.BestLufs:0.0} LUFS is the nearest{because}");
    }
}
