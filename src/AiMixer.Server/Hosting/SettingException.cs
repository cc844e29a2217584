namespace AiMixer.Server.Hosting;

/// <summary>A setting that the server cannot start with: one line that names it, its value and what is allowed.</summary>
internal sealed class SettingException(string message) : Exception(message);
