namespace AiMixer.Onnx.Tests;

public sealed class PublicSurfaceTests
{
    [Fact]
    public void Public_surface_is_the_one_that_is_written_down() =>
        PublicSurface.ShouldBeAsWritten(typeof(OnnxGenreClassifier).Assembly, "tests/AiMixer.Onnx.Tests/PublicSurface.txt");
}
