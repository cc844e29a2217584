namespace AiMixer.Tests;

/// <summary>
/// Recognition in the library: strips that follow, listeners, whole programmes. What the model thinks of these signals does
/// not matter: the weights leave it one genre, or two ways to the same answer are compared.
/// </summary>
public sealed class GenreRecognitionTests
{
    private const int Rate = 48_000;

    [Fact]
    public void A_strip_follows_what_it_recognises_and_tells_why()
    {
        using var strip = new ChannelStrip();
        strip.SetGenreWeights(Only(Genre.Rock));
        strip.SetGenre(Genre.Auto);
        Assert.Equal(Genre.Neutral, strip.Genre);
        Assert.True(strip.GenreReading.IsListening);

        strip.Process(Signals.Programme(Rate, 4));

        GenreReading reading = strip.GenreReading;
        Assert.Equal((GenreState.Rock, Genre.Rock, 1, 1f), (reading.State, reading.Genre, reading.Decisions, reading.Confidence));
        Assert.Equal(Genre.Rock, strip.Genre);
        Assert.Equal(Genre.Rock, strip.Metrics.Genre);
        Parameter ratio = Parameter.Find(ParameterId.CompressorRatio);
        Assert.Equal(MixProfile.For(Genre.Rock).ValueOf(ratio), strip.Get(ratio.Id));
        GenreEvent decision = Assert.Single(strip.GenreEvents(0));
        Assert.Equal((1, Genre.Neutral, Genre.Rock, GenreRule.Leads, 1f), (decision.Sequence, decision.From, decision.To, decision.Rule, decision.HeldSeconds));
        Assert.Equal(new GenreProbabilities(0, 1, 0, 0, 0), decision.Probabilities);
        Assert.Equal(reading.LastDecisionFrame, decision.Frame);
        Assert.Empty(strip.GenreEvents(1));
    }

    [Fact]
    public void A_genre_that_is_set_is_pinned()
    {
        using var strip = new ChannelStrip();
        strip.SetGenreWeights(Only(Genre.Rock));
        strip.SetGenre(Genre.Auto);
        strip.SetGenre(Genre.Jazz);

        strip.Process(Signals.Programme(Rate, 4));

        Assert.Equal(Genre.Jazz, strip.Genre);
        Assert.False(strip.GenreReading.IsListening);
        Assert.Empty(strip.GenreEvents(0));
    }

    [Fact]
    public void A_restored_strip_goes_on_following()
    {
        using var origin = new ChannelStrip();
        origin.SetGenreWeights(Only(Genre.Electronic));
        origin.SetGenre(Genre.Auto);
        float[] programme = Signals.Programme(Rate, 3);
        origin.Process(programme.AsSpan(0, Rate));

        using var elsewhere = new ChannelStrip();
        elsewhere.Restore(origin.Save());
        float[] one = programme[Rate..];
        float[] other = programme[Rate..];
        origin.Process(one);
        elsewhere.Process(other);

        Assert.Equal(one, other);
        Assert.Equal(Genre.Electronic, elsewhere.Genre);
        Assert.Equal(origin.GenreReading, elsewhere.GenreReading);
        Assert.True(origin.GenreEvents(0).SequenceEqual(elsewhere.GenreEvents(0)));
    }

    [Fact]
    public void A_listener_recognises_what_a_strip_does()
    {
        using var strip = new ChannelStrip();
        strip.SetGenre(Genre.Auto);
        using var listener = new GenreListener(Rate, 2);
        float[] programme = Signals.Programme(Rate, 8);

        listener.Add(programme);
        strip.Process(programme);

        // The strip holds back what does not fill its quantum of 16 frames: here nothing.
        Assert.Equal(strip.GenreReading, listener.Reading);
        Assert.True(strip.GenreEvents(0).SequenceEqual(listener.Events(0)));
        Assert.Equal(1, Sum(listener.Programme), 1e-5);
        listener.Reset();
        Assert.Equal(default, listener.Programme);
        Assert.Equal(Genre.Neutral, listener.Programme.Likeliest);
    }

    [Fact]
    public void A_listener_decides_on_what_another_model_has_heard()
    {
        using var listener = new GenreListener(Rate, 1);
        var jazz = new GenreProbabilities(0.05f, 0.05f, 0.8f, 0.05f, 0.05f);
        for (int step = 0; step < 3; step++)
        {
            Assert.Equal(Genre.Neutral, listener.Reading.Genre);
            listener.Hear(jazz);
        }

        GenreEvent decision = Assert.Single(listener.Events(0));
        Assert.Equal((Genre.Jazz, GenreRule.Leads, 3L * Rate / 2), (decision.To, decision.Rule, decision.Frame));
        Assert.Equal(0.8f, listener.Reading.Confidence, 1e-6f);
        listener.Hear(default);
        Assert.Equal((GenreState.Silence, Genre.Jazz), (listener.Reading.State, listener.Reading.Genre));
        // Three windows that agree are surer than one.
        double surer = Math.Pow(0.8, 1.25 - (0.25 / 3));
        Assert.Equal(surer / (surer + (4 * Math.Pow(0.05, 1.25 - (0.25 / 3)))), listener.Programme.Jazz, 1e-5);
    }

    [Fact]
    public void Frames_are_classified_the_same_on_every_thread()
    {
        var classifier = new GenreClassifier();
        using var mfcc = new MfccExtractor();
        float[] mono = Signals.Programme(Rate, 4, channels: 1);
        float[] frames = new float[mfcc.FramesFor(mono.Length) * GenreClassifier.Coefficients];
        mfcc.Process(mono, frames);
        GenreProbabilities expected = classifier.Classify(frames);
        Assert.Equal(1, Sum(expected), 1e-5);

        var answers = new GenreProbabilities[64];
        Parallel.For(0, answers.Length, i => answers[i] = classifier.Classify(frames));

        Assert.All(answers, answer => Assert.Equal(expected, answer));
        Assert.Equal(1, Sum(classifier.Classify(frames.AsSpan(0, GenreClassifier.Coefficients))), 1e-5);
    }

    [Fact]
    public void Nonsense_is_refused_by_name()
    {
        var classifier = new GenreClassifier();
        Assert.Throws<ArgumentException>("mfcc", () => classifier.Classify([]));
        Assert.Throws<ArgumentException>("mfcc", () => classifier.Classify(new float[14]));
        Assert.Throws<ArgumentOutOfRangeException>("mfcc", () => classifier.Classify([.. Enumerable.Repeat(float.NaN, 13)]));
        using var strip = new ChannelStrip();
        Assert.Throws<ArgumentOutOfRangeException>("genre", () => strip.SetGenre((Genre)(-1)));
        Assert.Throws<ArgumentNullException>("weights", () => strip.SetGenreWeights(null!));
        Assert.Throws<ArgumentOutOfRangeException>("weights", () => strip.SetGenreWeights(new GenreWeights { Jazz = 101 }));
        Assert.Throws<ArgumentOutOfRangeException>("weights", () => strip.SetGenreWeights(new GenreWeights { Jazz = float.NaN }));
        Assert.Throws<ArgumentOutOfRangeException>("weights", () => strip.SetGenreWeights(
            new GenreWeights { Speech = 0, Rock = 0, Jazz = 0, Electronic = 0, Classical = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>("sinceSequence", () => strip.GenreEvents(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new GenreProbabilities()[Genre.Neutral]);
        Assert.Throws<ArgumentOutOfRangeException>(() => MixProfile.For(Genre.Auto));
        Assert.Throws<ArgumentOutOfRangeException>("options", () => new OfflineMixer(new OfflineMixOptions { GenreWeights = new() { Rock = -1 } }));
        using var listener = new GenreListener(Rate, 2);
        Assert.Throws<ArgumentOutOfRangeException>("probabilities", () => listener.Hear(new GenreProbabilities { Rock = float.NaN }));
        Assert.Throws<ArgumentOutOfRangeException>("probabilities", () => listener.Hear(new GenreProbabilities(1, 0, 0, 0, -0.1f)));
        Assert.Throws<ArgumentOutOfRangeException>("probabilities", () => listener.Hear(new GenreProbabilities { Jazz = 101 }));
        listener.Dispose();
        Assert.Throws<ObjectDisposedException>(() => listener.Reading);
        Assert.Throws<ObjectDisposedException>(() => listener.Hear(default));
    }

    [Fact]
    public void Recognising_the_genre_takes_no_reading_of_its_own()
    {
        float[] input = Signals.Programme(Rate, 10);
        int Readings(OfflineMixOptions options)
        {
            using var source = new AwkwardSource(input, Rate, 2);
            new OfflineMixer(options).Mix(source, new MemoryAudioSink());
            return source.Rewinds;
        }

        Assert.Equal(
            Readings(new OfflineMixOptions { Genre = Genre.Jazz }),
            Readings(new OfflineMixOptions { Genre = Genre.Auto, GenreWeights = Only(Genre.Jazz) }));
    }

    [Fact]
    public void A_whole_programme_is_mixed_as_what_it_is()
    {
        float[] input = Signals.Programme(Rate, 12);
        var auto = new OfflineMixOptions { Genre = Genre.Auto, GenreWeights = Only(Genre.Jazz) };

        (float[] output, MixReport report) = OfflineMixerTests.Mix(new OfflineMixer(auto), input, Rate, 2);
        (float[] asked, MixReport plain) = OfflineMixerTests.Mix(
            new OfflineMixer(new OfflineMixOptions { Genre = Genre.Jazz }), input, Rate, 2);

        Assert.Equal(asked, output);
        Assert.Equal(("auto", "jazz", 1f), (report.Genre.Requested, report.Genre.Applied, report.Genre.Confidence));
        Assert.Equal("jazz has 1.00 over the whole programme", report.Genre.Reason);
        Assert.Equal(1, report.Genre.Probabilities!["jazz"]);
        Assert.Equal(-16, report.TargetLufs);
        Assert.Equal(plain.Parameters, report.Parameters);
        Assert.Equal("unknown", report.Genre.Timeline[0].Genre);
        Assert.Equal(0, report.Genre.Timeline[0].Seconds);
        Assert.Equal("jazz", report.Genre.Timeline[^1].Genre);
        GenreChange change = Assert.Single(report.Genre.Changes);
        Assert.Equal(("neutral", "jazz", "leads"), (change.From, change.To, change.Rule));
        Assert.Equal(1.5, change.Seconds, 0.02);
    }

    [Fact]
    public void A_live_mix_changes_while_it_runs_and_comes_out_the_same_again()
    {
        float[] input = Signals.Programme(Rate, 8);
        var mixer = new OfflineMixer(new OfflineMixOptions { Genre = Genre.Auto, Live = true, GenreWeights = Only(Genre.Rock) });

        (float[] output, MixReport report) = OfflineMixerTests.Mix(mixer, input, Rate, 2);
        (float[] again, _) = OfflineMixerTests.Mix(mixer, input, Rate, 2);
        (float[] neutral, _) = OfflineMixerTests.Mix(new OfflineMixer(), input, Rate, 2);

        Assert.Equal(input.Length, output.Length);
        Assert.Equal(output, again);
        GenreChange change = Assert.Single(report.Genre.Changes);
        int until = 2 * (int)(change.Seconds * Rate) - (2 * 1000);
        Assert.Equal(neutral[..until], output[..until]);
        Assert.NotEqual(neutral[(2 * 4 * Rate)..], output[(2 * 4 * Rate)..]);
        Assert.Equal(("auto", "rock"), (report.Genre.Requested, report.Genre.Applied));
        Assert.Null(report.TargetLufs);
        AppliedParameter row = report.Parameters.Single(parameter => parameter.Id == "eq.mid_gain_db");
        Assert.Equal("profile rock, at the end", row.Reason);
        Assert.NotNull(report.LevelerGainDb);
    }

    [Fact]
    public void A_live_mix_meets_a_target_too()
    {
        float[] input = Signals.Programme(Rate, 12);
        var options = new OfflineMixOptions
        {
            Genre = Genre.Auto, Live = true, TargetLufs = -20, GenreWeights = Only(Genre.Classical),
        };

        (float[] output, MixReport report) = OfflineMixerTests.Mix(new OfflineMixer(options), input, Rate, 2);

        Assert.Equal(-20, ReferenceMeter.IntegratedLufs(output, Rate, 2), 0.1);
        Assert.Equal(-20, report.TargetLufs);
        Assert.Equal(
            "loudness target -20 LUFS", report.Parameters.Single(parameter => parameter.Id == "limiter.input_gain_db").Reason);
    }

    [Fact]
    public void Silence_is_no_genre()
    {
        (float[] output, MixReport report) = OfflineMixerTests.Mix(
            new OfflineMixer(new OfflineMixOptions { Genre = Genre.Auto }), new float[2 * 5 * Rate], Rate, 2);

        Assert.All(output, sample => Assert.Equal(0, sample));
        Assert.Equal(("auto", "neutral"), (report.Genre.Requested, report.Genre.Applied));
        Assert.Null(report.Genre.Confidence);
        Assert.Null(report.Genre.Probabilities);
        Assert.StartsWith("nothing but silence", report.Genre.Reason, StringComparison.Ordinal);
        Assert.Equal("silence", report.Genre.Timeline[^1].Genre);
        Assert.Empty(report.Genre.Changes);
    }

    [Fact]
    public void An_analysis_tells_the_genre_as_recognition_alone_does()
    {
        using var source = new MemoryAudioSource(Signals.Programme(Rate, 6), Rate, 2);

        GenreAnalysis analysis = OfflineMixer.Analyze(source).Genre;
        GenreAnalysis alone = OfflineMixer.Recognise(source, GenreWeights.Equal, null, CancellationToken.None);

        Assert.Equal((alone.Genre, alone.Confidence, alone.Reason), (analysis.Genre, analysis.Confidence, analysis.Reason));
        Assert.Equal(alone.Timeline, analysis.Timeline);
        Assert.Equal(1, analysis.Probabilities!.Values.Sum(), 1e-5);
        Assert.Equal(["classical", "electronic", "jazz", "rock", "speech"], analysis.Probabilities.Keys);
    }

    [Fact]
    public void A_profile_of_ones_own_is_never_followed_away_from()
    {
        float[] input = Signals.Programme(Rate, 3);
        var options = new OfflineMixOptions { Genre = Genre.Auto, Live = true, Profile = MixProfile.For(Genre.Rock) };

        (float[] output, MixReport report) = OfflineMixerTests.Mix(new OfflineMixer(options), input, Rate, 2);
        (float[] rock, _) = OfflineMixerTests.Mix(new OfflineMixer(new OfflineMixOptions { Genre = Genre.Rock }), input, Rate, 2);

        Assert.Equal(rock, output);
        Assert.Equal(("rock", "asked for"), (report.Genre.Applied, report.Genre.Reason));
    }

    private static GenreWeights Only(Genre genre) => new()
    {
        Speech = genre == Genre.Speech ? 1 : 0,
        Rock = genre == Genre.Rock ? 1 : 0,
        Jazz = genre == Genre.Jazz ? 1 : 0,
        Electronic = genre == Genre.Electronic ? 1 : 0,
        Classical = genre == Genre.Classical ? 1 : 0,
    };

    private static float Sum(GenreProbabilities probabilities) => probabilities.ByName().Sum(pair => pair.Value);
}
