using System.Buffers;
using System.Numerics;

namespace AiMixer.Server.Analysis;

/// <summary>
/// The features of a buffer: windows of 20 ms every 10 ms of its mono mix, which is scaled so that coefficients of any
/// sample rate mean what they mean at 48 kHz, and can be classified.
/// </summary>
/// <param name="Rows">Coefficients, frame after frame.</param>
/// <param name="Coefficients">How many there are per frame.</param>
/// <param name="CentroidHz">Centroid of the magnitude spectrum, mean over the frames.</param>
/// <param name="ZeroCrossingRate">Share of neighbouring samples whose signs differ, mean over the frames.</param>
internal sealed record BufferFeatures(float[] Rows, int Coefficients, float CentroidHz, float ZeroCrossingRate)
{
    // The settings of the core at 48 kHz, which those of the other rates follow.
    private const int Window48 = 960;
    private const int Fft48 = 1024;

    /// <summary>Samples that make one frame.</summary>
    public static int WindowOf(int sampleRateHz) => sampleRateHz / 50;

    /// <summary>Extracts features.</summary>
    /// <param name="interleaved">At least one window.</param>
    /// <param name="sampleRateHz">Sample rate in Hz.</param>
    /// <param name="channels">1 or 2.</param>
    /// <param name="coefficients">Coefficients per frame, 1 to 40.</param>
    public static BufferFeatures Of(ReadOnlySpan<float> interleaved, int sampleRateHz, int channels, int coefficients)
    {
        int window = WindowOf(sampleRateHz);
        var options = new MfccOptions
        {
            SampleRateHz = sampleRateHz,
            Window = window,
            Hop = sampleRateHz / 100,
            FftSize = (int)BitOperations.RoundUpToPowerOf2((uint)window),
            Coefficients = coefficients,
        };
        int samples = interleaved.Length / channels;
        float[] mono = ArrayPool<float>.Shared.Rent(samples);
        try
        {
            using var mfcc = new MfccExtractor(options);
            Mix(interleaved, channels, MathF.Sqrt((float)Window48 * Fft48 / (window * options.FftSize)), mono.AsSpan(0, samples));
            int frames = mfcc.FramesFor(samples);
            float[] rows = new float[frames * coefficients];
            float[] centroids = new float[frames];
            float[] crossings = new float[frames];
            mfcc.Process(mono.AsSpan(0, samples), rows, centroids, crossings);
            return new BufferFeatures(rows, coefficients, centroids.Average(), crossings.Average());
        }
        finally
        {
            ArrayPool<float>.Shared.Return(mono);
        }
    }

    private static void Mix(ReadOnlySpan<float> interleaved, int channels, float scale, Span<float> mono)
    {
        for (int i = 0; i < mono.Length; i++)
        {
            float sample = channels == 1 ? interleaved[i] : (interleaved[2 * i] + interleaved[2 * i + 1]) / 2;
            mono[i] = sample * scale;
        }
    }
}
