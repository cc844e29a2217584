using System.Numerics.Tensors;

namespace AiMixer.Training.Features;

/// <summary>Frames of one take of a recording.</summary>
/// <param name="Recording">Index of the recording.</param>
/// <param name="Bands">Rows of 40 mel bands in dB.</param>
internal sealed record TakeFrames(int Recording, float[] Bands)
{
    // A window whose mean lies that far below the take's is a pause: it tells no class.
    private const float PauseDb = 25;
    private readonly float _meanDb = TensorPrimitives.Sum<float>(Bands) / Bands.Length;

    public int Count => Bands.Length / FrameExtractor.Bands;

    /// <summary>Whether so many frames from some frame on are more than a pause.</summary>
    public bool Sounds(int from, int frames)
    {
        ReadOnlySpan<float> window = Bands.AsSpan(from * FrameExtractor.Bands, frames * FrameExtractor.Bands);
        return TensorPrimitives.Sum(window) / window.Length > _meanDb - PauseDb;
    }
}
