namespace AiMixer.PortAudio;

/// <summary>A device that sound can be played on.</summary>
/// <param name="Index">PortAudio's number of it, which may change when devices come and go.</param>
/// <param name="Name">Its name, as the system tells it.</param>
/// <param name="System">The sound system that it belongs to, such as ALSA, Core Audio or WASAPI.</param>
/// <param name="Channels">The most channels that it takes.</param>
/// <param name="SampleRateHz">The sample rate that it prefers, in Hz.</param>
/// <param name="IsDefault">Whether it is the one that plays when none is named.</param>
public sealed record OutputDevice(int Index, string Name, string System, int Channels, double SampleRateHz, bool IsDefault);
