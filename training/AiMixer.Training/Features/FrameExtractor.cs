namespace AiMixer.Training.Features;

/// <summary>
/// Frames as the core's classifier hears them (20 ms every 10 ms at any sample rate, the signal scaled by 48000 / rate so
/// that the powers agree), one step before their end: the 40 mel bands in dB, from which <see cref="Cepstrum"/> makes
/// the 13 coefficients. Most of the augmentation happens in between.
/// </summary>
internal static class FrameExtractor
{
    public const int Bands = 40;
    public const int FramesPerSecond = 100;

    /// <summary>Floor of a band in dB: that of the core's extractor.</summary>
    public const float FloorDb = -100;

    /// <summary>Extracts the mel bands of a mono signal with the core's own extractor.</summary>
    /// <returns>Rows of 40; no row when the signal is shorter than 20 ms.</returns>
    public static float[] Extract(ReadOnlySpan<float> mono, int sampleRateHz)
    {
        int window = sampleRateHz / 50;
        using MfccExtractor extractor = new(new MfccOptions
        {
            SampleRateHz = sampleRateHz,
            Window = window,
            Hop = sampleRateHz / 100,
            FftSize = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)window),
            MelBands = Bands,
            // As many coefficients as bands: the transform loses nothing and can be undone.
            Coefficients = Bands,
        });
        float scale = 48_000f / sampleRateHz;
        float[] scaled = new float[mono.Length];
        for (int i = 0; i < scaled.Length; ++i)
        {
            scaled[i] = mono[i] * scale;
        }

        float[] coefficients = new float[extractor.FramesFor(scaled.Length) * Bands];
        extractor.Process(scaled, coefficients);
        return Cepstrum.ToBands(coefficients);
    }
}
