namespace AiMixer.Tests;

public sealed class SnapshotTests
{
    private const int Rate = 48_000;

    [Fact]
    public void Stream_continues_elsewhere_bit_for_bit()
    {
        float[] input = Signals.Programme(Rate, 1.5);
        float[] stayed = [.. input];
        float[] moved = [.. input];
        // An odd place, in the middle of a parameter's ramp.
        int cut = 2 * 30_011;
        using var here = new ChannelStrip();
        here.Process(stayed.AsSpan(0, cut - 100));
        here.Set(ParameterId.EqMidGainDb, 6);
        here.Process(stayed.AsSpan(cut - 100, 100));
        byte[] snapshot = here.Save();
        here.Process(stayed.AsSpan(cut));

        using var elsewhere = new ChannelStrip(new ChannelStripOptions { MaxFrames = 100 });
        elsewhere.Process(Signals.Noise(0.5, 5_000));
        elsewhere.Restore(snapshot);
        elsewhere.Process(moved.AsSpan(cut));

        Assert.Equal(stayed[cut..], moved[cut..]);
        Assert.Equal(here.Metrics, elsewhere.Metrics);
        Assert.Equal(6, elsewhere.Get(ParameterId.EqMidGainDb));
    }

    [Fact]
    public void Snapshots_fit_into_exactly_their_size()
    {
        using var strip = new ChannelStrip();
        byte[] room = new byte[strip.SnapshotSize + 10];

        Assert.Equal(strip.SnapshotSize, strip.Save(room));
        Assert.Equal(room[..strip.SnapshotSize], strip.Save());
        Assert.All(room[strip.SnapshotSize..], left => Assert.Equal(0, left));
        Assert.Throws<ArgumentException>(() => strip.Save(room.AsSpan(0, strip.SnapshotSize - 1)));
        Assert.Throws<ArgumentException>(() => strip.Save([]));
    }

    [Fact]
    public void Refused_snapshots_leave_the_strip_as_it_was()
    {
        float[] input = Signals.Programme(Rate, 0.5);
        float[] expected = [.. input];
        using var strip = new ChannelStrip();
        using var twin = new ChannelStrip();
        using var mono = new ChannelStrip(new ChannelStripOptions { Channels = 1 });
        using var faster = new ChannelStrip(new ChannelStripOptions { SampleRateHz = 96_000 });
        using var otherMeters = new ChannelStrip(new ChannelStripOptions { Meters = StripMeters.None });
        byte[] good = strip.Save();
        byte[][] refused =
        [
            [], [1, 2, 3], good[..^1], Damaged(good, 0), Damaged(good, good.Length / 2), Damaged(good, good.Length - 1),
            mono.Save(), faster.Save(), otherMeters.Save(),
        ];

        strip.Process(input.AsSpan(0, 20_000));
        twin.Process(expected.AsSpan(0, 20_000));
        Assert.All(refused, snapshot => Assert.Equal(
            -9, Assert.Throws<AiMixerException>(() => strip.Restore(snapshot)).Status));
        strip.Process(input.AsSpan(20_000));
        twin.Process(expected.AsSpan(20_000));

        Assert.Equal(expected, input);
    }

    private static byte[] Damaged(byte[] snapshot, int at)
    {
        byte[] copy = [.. snapshot];
        copy[at] ^= 1;
        return copy;
    }
}
