namespace AiMixer.Tests;

/// <summary>What users build upon changes on purpose only.</summary>
public sealed class PublicSurfaceTests
{
    [Fact]
    public void Public_surface_is_the_one_that_is_written_down()
    {
        string[] present = PublicSurface.Of(typeof(ChannelStrip).Assembly);
        string[] written = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "PublicSurface.txt"));
        string updated = Path.Combine(AppContext.BaseDirectory, "PublicSurface.present.txt");
        File.WriteAllText(updated, string.Join("\n", present) + "\n");

        string[] gone = [.. written.Except(present).Select(line => $"- {line}")];
        string[] added = [.. present.Except(written).Select(line => $"+ {line}")];

        Assert.True(
            gone.Length + added.Length == 0,
            $"The public surface has changed. If that is meant, copy {updated} to tests/AiMixer.Tests/PublicSurface.txt:\n"
            + string.Join("\n", gone.Concat(added)));
    }

    [Fact]
    public void Public_surface_holds_the_members_that_users_know()
    {
        string[] present = PublicSurface.Of(typeof(ChannelStrip).Assembly);

        Assert.Contains("ChannelStrip.Process(Span<Single> interleaved) : Void", present);
        Assert.Contains(present, line => line.StartsWith("ChannelStrip : sealed class", StringComparison.Ordinal));
        Assert.DoesNotContain(present, line => line.StartsWith("NativeMethods", StringComparison.Ordinal));
    }
}
