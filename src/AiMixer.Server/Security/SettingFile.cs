using System.Security.Cryptography;
using AiMixer.Server.Hosting;

namespace AiMixer.Server.Security;

/// <summary>A file that a setting names.</summary>
internal static class SettingFile
{
    // Keys and certificates are far smaller; whatever is larger is something else.
    private const int LongestBytes = 1024 * 1024;

    /// <summary>Reads the whole file as text.</summary>
    /// <exception cref="SettingException">It cannot be read.</exception>
    public static string Read(string setting, string path)
    {
        try
        {
            return new FileInfo(path).Length <= LongestBytes
                ? File.ReadAllText(path)
                : throw SettingReader.Refused(setting, path, "a file of at most 1 MiB");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw SettingReader.Refused(setting, path, exception.Message.ReplaceLineEndings(" "));
        }
    }

    /// <summary>Makes something of the text of a file; whatever the text has wrong is told as the setting's fault.</summary>
    /// <exception cref="SettingException">It cannot be read, or is not what it should be.</exception>
    public static T Load<T>(string setting, string path, string expected, Func<string, T> load)
    {
        string text = Read(setting, path);
        try
        {
            return load(text);
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException or FormatException)
        {
            throw SettingReader.Refused(setting, path, $"{expected}; {exception.Message.ReplaceLineEndings(" ")}");
        }
    }
}
