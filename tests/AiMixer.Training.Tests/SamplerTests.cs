using AiMixer.Training.Augmentation;
using AiMixer.Training.Data;
using AiMixer.Training.Features;

namespace AiMixer.Training.Tests;

/// <summary>What a network is trained on.</summary>
public sealed class SamplerTests
{
    [Fact]
    public void Every_recording_of_a_class_is_drawn_as_often_and_a_rendered_one_a_third_of_that()
    {
        // Of an artist with many recordings and one with a single one, of a class with many rendered ones; and what takes no part.
        static Recording Of(int genre, string group, bool rendered) => new("", "", genre, group, rendered, "", "");
        Recording[] recordings =
        [
            .. Enumerable.Repeat(Of(2, "many", false), 3), Of(2, "single", false), .. Enumerable.Repeat(Of(2, "rendered", true), 6),
            Of(2, "left out", false), Of(1, "another class", false), Of(2, "too short", false),
        ];
        float[] Frames(int count) => [.. Enumerable.Repeat(-30f, count * FrameExtractor.Bands)];
        TakeFrames[] plain = [.. recordings.Select((r, i) => new TakeFrames(i, Frames(r.Group == "too short" ? 49 : 50)))];
        WindowSampler sampler = new(recordings, new FeatureSet(plain, [], []), [.. Enumerable.Range(0, 10), 11, 12]);

        const int Draws = 60_000;
        int[] drawn = new int[recordings.Length];
        Dice dice = new("sampler");
        for (int i = 0; i < Draws; ++i)
        {
            ++drawn[sampler.DrawRecording(dice, 2)];
        }

        Assert.All(drawn[..4], count => Assert.InRange((double)count / Draws, 0.96 / 6, 1.04 / 6));
        Assert.All(drawn[4..10], count => Assert.InRange((double)count / Draws, 0.92 / 18, 1.08 / 18));
        Assert.All(drawn[10..], count => Assert.Equal(0, count));
    }
}
