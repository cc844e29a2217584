using System.Numerics.Tensors;
using AiMixer.Training.Data;
using AiMixer.Training.Features;

namespace AiMixer.Training.Evaluation;

/// <summary>Half a second of a stream.</summary>
/// <param name="Recording">Index of the recording that sounds at its end.</param>
/// <param name="Seconds">From where that recording began to sound to the end of the step.</param>
/// <param name="Statistics"><see cref="WindowStatistics"/> of the window that ends there; nothing in silence.</param>
internal readonly record struct LiveStep(int Recording, double Seconds, float[]? Statistics);

/// <summary>
/// Divides takes, one after the other, into the steps of a live stream: windows that grow from the beginning of a sound to
/// 3 s and leave out silence, with the core's rules of what silence is (docs/genre-decisions.md), applied to the loudest mel
/// band of a frame, as samples are not kept.
/// </summary>
internal static class LiveSteps
{
    private const int StepFrames = FrameExtractor.FramesPerSecond / 2;
    private const int SoundingFramesLeast = 10;
    private const float FarBelowDb = 40;
    private const float FallDbPerFrame = 2f / FrameExtractor.FramesPerSecond;

    // What was heard counts until so many steps of silence after the first.
    private const int StepsRemembered = 4;

    // The loudest band of a tone of -80 dBFS.
    private static readonly float SilenceDb = MeasureSilence();

    /// <summary>The steps of a stream.</summary>
    public static List<LiveStep> Of(IEnumerable<TakeFrames> takes)
    {
        List<LiveStep> steps = [];
        float[] window = new float[WindowSampler.FramesMaximum * Cepstrum.Coefficients];
        WindowStatistics measure = new(WindowSampler.FramesMaximum);
        float recentDb = SilenceDb;
        int length = 0;
        int frames = 0;
        int sounding = 0;
        // A stream begins in silence.
        int silentSteps = 1;
        foreach (TakeFrames take in takes)
        {
            int? onset = null;
            for (int t = 0; t < take.Count; ++t)
            {
                ReadOnlySpan<float> bands = take.Bands.AsSpan(t * FrameExtractor.Bands, FrameExtractor.Bands);
                float db = TensorPrimitives.Max(bands);
                recentDb = Math.Max(db, Math.Max(recentDb - FallDbPerFrame, SilenceDb));
                bool sounds = db > SilenceDb && db > recentDb - FarBelowDb;
                onset ??= sounds ? t : null;
                if (silentSteps > 0 && sounds)
                {
                    // Steps begin with the sound.
                    length = silentSteps > StepsRemembered ? 0 : length;
                    silentSteps = 0;
                    frames = 0;
                }

                if (silentSteps == 0)
                {
                    length = Push(window, length, bands);
                    sounding += sounds ? 1 : 0;
                }

                if (++frames < StepFrames)
                {
                    continue;
                }

                float[]? statistics = sounding >= SoundingFramesLeast ? new float[WindowStatistics.Count] : null;
                if (statistics is not null)
                {
                    measure.Measure(window.AsSpan(0, length * Cepstrum.Coefficients), statistics);
                }

                double seconds = (double)(t + 1 - (onset ?? t + 1)) / FrameExtractor.FramesPerSecond;
                steps.Add(new LiveStep(take.Recording, seconds, statistics));
                silentSteps = statistics is null ? silentSteps + 1 : 0;
                frames = 0;
                sounding = 0;
            }
        }

        return steps;
    }

    // Adds a frame's coefficients to the window, the oldest of a full one go; returns its new length in frames.
    private static int Push(float[] window, int length, ReadOnlySpan<float> bands)
    {
        if (length == WindowSampler.FramesMaximum)
        {
            window.AsSpan(Cepstrum.Coefficients).CopyTo(window);
            --length;
        }

        Cepstrum.FromBands(bands, window.AsSpan(length * Cepstrum.Coefficients, Cepstrum.Coefficients));
        return length + 1;
    }

    private static float MeasureSilence()
    {
        const int SampleRateHz = SoundFile.SampleRateHz;
        float[] tone = new float[SampleRateHz / 10];
        for (int i = 0; i < tone.Length; ++i)
        {
            tone[i] = 1e-4f * (float)Math.Sin(Math.Tau * 1000 * i / SampleRateHz);
        }

        return TensorPrimitives.Max<float>(FrameExtractor.Extract(tone, SampleRateHz));
    }
}
