namespace AiMixer.Training.Features;

/// <summary>Frames of one take of a recording.</summary>
/// <param name="Recording">Index of the recording.</param>
/// <param name="Bands">Rows of 40 mel bands in dB.</param>
internal sealed record TakeFrames(int Recording, float[] Bands)
{
    public int Count => Bands.Length / FrameExtractor.Bands;
}
