using AiMixer.Training.Data;
using AiMixer.Training.Evaluation;
using AiMixer.Training.Features;
using AiMixer.Training.Report;

namespace AiMixer.Training.Tests;

/// <summary>What the figures of the live decisions rest on: the steps of a stream, and what is counted in them.</summary>
public sealed class LiveTests
{
    private const int SampleRateHz = 48_000;

    [Fact]
    public void Steps_are_silent_where_the_core_hears_silence()
    {
        // Sound in bursts, pauses short and long, one of them of faint noise, another not quite faint enough.
        (double Seconds, double Db)[] parts = [(0.7, -200), (3, -10), (0.3, -200), (2, -12), (1.6, -75), (2.2, -10), (3.4, -200), (2, -25), (2, -50)];
        Random random = new(1);
        float[] sound =
        [
            .. parts.SelectMany(p => Enumerable.Range(0, (int)(p.Seconds * SampleRateHz))
                .Select(_ => (float)((random.NextDouble() - 0.5) * 2 * Math.Pow(10, p.Db / 20)))),
        ];
        List<LiveStep> steps = LiveSteps.Of([new TakeFrames(0, FrameExtractor.Extract(sound, SampleRateHz))]);

        LiveStep[] heard = [.. steps.Where(s => s.Seconds > 0)];
        using GenreListener listener = new(SampleRateHz, 1);
        int added = 0;
        foreach (LiveStep step in heard)
        {
            // From the first sound on, and a hop more: where a burst begins between hops, either may be first.
            int end = Math.Min(sound.Length, (int)((parts[0].Seconds + step.Seconds + 0.03) * SampleRateHz));
            listener.Add(sound.AsSpan(added, end - added));
            added = end;
            Assert.Equal(listener.Reading.State is GenreState.Silence, step.Statistics is null);
        }

        Assert.InRange(heard.Count(s => s.Statistics is null), 8, 12);
        Assert.True(heard.Length > 28);
    }

    [Fact]
    public void A_window_holds_what_has_sounded_lately_and_nothing_from_before_a_long_silence()
    {
        float[] Quiet(int frames) => [.. Enumerable.Repeat(-100f, frames * FrameExtractor.Bands)];
        float[] Loud(int frames, int seed)
        {
            Random random = new(seed);
            return [.. Enumerable.Range(0, frames * FrameExtractor.Bands).Select(_ => -20f + (10 * random.NextSingle()))];
        }

        float[] Measured(float[] bands)
        {
            float[] coefficients = new float[bands.Length / FrameExtractor.Bands * Cepstrum.Coefficients];
            Cepstrum.FromBands(bands, coefficients);
            float[] statistics = new float[WindowStatistics.Count];
            new WindowStatistics(WindowSampler.FramesMaximum).Measure(coefficients, statistics);
            return statistics;
        }

        float[] first = Loud(500, 1);
        float[] second = Loud(400, 2);
        float[] third = Loud(100, 3);
        List<LiveStep> steps = LiveSteps.Of(
            [new TakeFrames(3, [.. first, .. Quiet(100), .. second]), new TakeFrames(5, [.. Quiet(230), .. third])]);

        float[] Last(float[] bands, int end, int frames) => bands[((end - frames) * FrameExtractor.Bands)..(end * FrameExtractor.Bands)];
        Assert.Equal(Measured(Last(first, 50, 50)), steps[0].Statistics);
        Assert.Equal(Measured(Last(first, 200, 200)), steps[3].Statistics);
        Assert.Equal(Measured(Last(first, 500, 300)), steps[9].Statistics);
        Assert.Null(steps[10].Statistics);
        Assert.Null(steps[11].Statistics);
        // The half second before a pause is known to be one belongs to what was heard.
        Assert.Equal(Measured([.. Last(first, 500, 200), .. Quiet(50), .. Last(second, 50, 50)]), steps[12].Statistics);
        Assert.Equal((3, 5.0 + 1 + 4), (steps[19].Recording, steps[19].Seconds));
        Assert.All(steps.Skip(20).Take(4), s => Assert.Equal((5, 0.0, null), (s.Recording, s.Seconds, s.Statistics)));
        Assert.Equal((5, 0.5), (steps[24].Recording, steps[24].Seconds));
        Assert.Equal(Measured([.. Last(second, 400, 200), .. Quiet(50), .. Last(third, 50, 50)]), steps[24].Statistics);
        Assert.Equal(26, steps.Count);

        List<LiveStep> anew = LiveSteps.Of([new TakeFrames(0, [.. first, .. Quiet(300), .. third])]);
        Assert.Equal(Measured(Last(third, 50, 50)), anew[16].Statistics);
    }

    [Fact]
    public void False_switches_are_wrong_decisions_that_are_neither_first_nor_soon_after_another_recording_began()
    {
        Recording[] recordings = [Of(1), Of(0)];
        LiveTables tables = new(recordings, []);
        // Alone: wrong first, then wrong, right, neutral, wrong.
        Assert.Equal(2, tables.FalseSwitches(new LiveStream(StreamKind.Alone,
        [
            At(0, 1, Genre.Jazz), At(0, 6, Genre.Classical), At(0, 12, Genre.Rock), At(0, 18, Genre.Neutral), At(0, 24, Genre.Jazz),
        ])));
        // In a row: wrong within 6 s and later, and once while nothing was decided.
        Assert.Equal(1, tables.FalseSwitches(new LiveStream(StreamKind.Mixed,
        [
            At(0, 4, Genre.Rock), At(1, 6, Genre.Jazz), At(1, 6.5, Genre.Speech), At(1, 11, Genre.Electronic),
            At(1, 12, Genre.Jazz) with { Decided = false },
        ])));
    }

    [Fact]
    public void The_tables_tell_what_held_and_when()
    {
        Recording[] recordings = [Of(0), Of(0), Of(2), Of(3)];
        LiveStream[] streams =
        [
            new(StreamKind.Alone, Steps(0, (2, Genre.Speech))),
            new(StreamKind.Alone, Steps(1, (4, Genre.Speech), (30, Genre.Rock))),
            new(StreamKind.Alone, Steps(2)),
            new(StreamKind.Alone, Steps(3, (8, Genre.Electronic))),
            new(StreamKind.Mixed, [.. Steps(3, (8, Genre.Electronic)), .. Steps(0, (4, Genre.Speech)), .. Steps(2), .. Steps(3, (20, Genre.Electronic))]),
        ];
        string text = new LiveTables(recordings, streams).Write();
        Assert.Contains(
            "| speech | 2 | 1 | 0.50 within 1 s | 1.00 | 1.0 s | 2.0 s | 1.00 of 2 | 0 | 0.50 | 1.20 | 0.75 | 0.21 |\n",
            text, StringComparison.Ordinal);
        Assert.Contains("| jazz | 1 | 0 | 0.00 within 4 s | 0.00 | - | - | - of 0 | 1 | 0.00 | 0.00 | 0.00 | 0.00 |\n", text, StringComparison.Ordinal);
        Assert.Contains("| electronic | 1 | 0 | 1.00 within 4 s | 1.00 | 4.0 s | 4.0 s |", text, StringComparison.Ordinal);
        Assert.Contains("| rock | 0 | 0 | - within 4 s |", text, StringComparison.Ordinal);
        Assert.Contains("| into speech | 1 | 1.00 | 2.0 s | 2.0 s |\n", text, StringComparison.Ordinal);
        Assert.Contains("| from speech into music | 1 | 0.00 | - | - |\n", text, StringComparison.Ordinal);
        Assert.Contains("| from music into another kind | 1 | 1.00 | 10.0 s | 10.0 s |\n", text, StringComparison.Ordinal);
        Assert.Contains("| one class throughout (0) | 0 | - | - | - |\n", text, StringComparison.Ordinal);
    }

    private static Recording Of(int genre) => new("", "", genre, "", false, "", "");

    private static Held At(int recording, double seconds, Genre genre) => new(recording, seconds, genre, true);

    // 25 s, neutral until something is decided at a step.
    private static Held[] Steps(int recording, params (int Step, Genre Genre)[] decisions)
    {
        Genre genre = Genre.Neutral;
        Held[] steps = new Held[50];
        for (int i = 0; i < steps.Length; ++i)
        {
            bool decided = decisions.Any(d => d.Step == i + 1);
            genre = decided ? decisions.First(d => d.Step == i + 1).Genre : genre;
            steps[i] = new Held(recording, 0.5 * (i + 1), genre, decided);
        }

        return steps;
    }
}
