namespace AiMixer;

/// <summary>How far an offline job has come.</summary>
/// <param name="Step">"listening", "measuring" or "mixing".</param>
/// <param name="Fraction">Share of the whole job that is done, 0 to 1; NaN while the length of the programme is not known.</param>
public readonly record struct MixProgress(string Step, double Fraction);
