using AiMixer.Training.Augmentation;
using AiMixer.Training.Data;

namespace AiMixer.Training.Features;

/// <summary>What must not change a decision: sample rates, levels, a codec. For evaluation only, never for training.</summary>
/// <param name="Name">What a table calls it.</param>
/// <param name="Bands">The mel bands of a treated signal (mono at 48 kHz).</param>
internal sealed record Treatment(string Name, Func<float[], float[]> Bands)
{
    public static readonly Treatment[] All =
    [
        AtRate(8_000), AtRate(16_000), AtRate(22_050), AtRate(44_100), AtRate(96_000),
        AtGain(-40), AtGain(12),
        new("MP3 64 kbit/s", x => FrameExtractor.Extract(
            SoundFile.RoundTrip(x, SoundFile.Codec.Mp3, 64), SoundFile.SampleRateHz)),
    ];

    private static Treatment AtRate(int hz) => new(
        $"{hz / 1000.0:0.##} kHz",
        x => FrameExtractor.Extract(Resampler.Run(x, (double)hz / SoundFile.SampleRateHz), hz));

    private static Treatment AtGain(int db) => new(
        $"{db:+0;-0} dB",
        x => FrameExtractor.Extract([.. x.Select(v => v * MathF.Pow(10, db / 20f))], SoundFile.SampleRateHz));
}
