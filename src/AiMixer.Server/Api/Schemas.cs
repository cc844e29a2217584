using AiMixer.Server.Mixing;

namespace AiMixer.Server.Api;

// What the bodies look like that the endpoints read and write by hand, for the OpenAPI document.

/// <summary>A buffer to be mixed.</summary>
/// <param name="AudioBuffer">Samples, full scale +/-1, interleaved when stereo; up to 10 s.</param>
/// <param name="Config">How to mix it.</param>
internal sealed record ProcessAudioRequest(float[] AudioBuffer, MixConfig? Config);

/// <summary>A mixed buffer.</summary>
/// <param name="ProcessedBuffer">As many samples as came, aligned with them.</param>
/// <param name="Metrics">What it sounds like.</param>
internal sealed record ProcessAudioResponse(float[] ProcessedBuffer, MixMetrics Metrics);

/// <summary>A buffer whose features are wanted.</summary>
/// <param name="AudioBuffer">Samples, full scale +/-1, interleaved when stereo; 20 ms to 10 s.</param>
/// <param name="NumCoefficients">Coefficients per frame, 1 to 40; default 13.</param>
/// <param name="SampleRate">Sample rate in Hz; default is the server's.</param>
/// <param name="Channels">1 (the default) or 2.</param>
internal sealed record ExtractFeaturesRequest(float[] AudioBuffer, int? NumCoefficients, int? SampleRate, int? Channels);

/// <summary>Features of a buffer.</summary>
/// <param name="Features">Mel-frequency cepstral coefficients, one row per window of 20 ms, every 10 ms.</param>
/// <param name="SpectralCentroid">Mean centroid of the magnitude spectrum, in Hz.</param>
/// <param name="ZeroCrossingRate">Share of neighbouring samples whose signs differ.</param>
internal sealed record ExtractFeaturesResponse(float[][] Features, float SpectralCentroid, float ZeroCrossingRate);

/// <summary>Features to be classified.</summary>
/// <param name="Features">Rows of 13 coefficients, as /extract-features gives them.</param>
internal sealed record ClassifyGenreRequest(float[][] Features);
