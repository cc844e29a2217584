namespace AiMixer.Tests;

/// <summary>What users build upon changes on purpose only.</summary>
public sealed class PublicSurfaceTests
{
    [Fact]
    public void Public_surface_is_the_one_that_is_written_down() =>
        PublicSurface.ShouldBeAsWritten(typeof(ChannelStrip).Assembly, "tests/AiMixer.Tests/PublicSurface.txt");

    [Fact]
    public void Public_surface_holds_the_members_that_users_know()
    {
        string[] present = PublicSurface.Of(typeof(ChannelStrip).Assembly);

        Assert.Contains("ChannelStrip.Process(Span<Single> interleaved) : Void", present);
        Assert.Contains(present, line => line.StartsWith("ChannelStrip : sealed class", StringComparison.Ordinal));
        Assert.DoesNotContain(present, line => line.StartsWith("NativeMethods", StringComparison.Ordinal));
    }
}
