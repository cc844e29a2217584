using AiMixer.Server.Hosting;

namespace AiMixer.Server.Security;

/// <summary>Makes API keys: <c>--new-key NAME SCOPES</c>.</summary>
internal static class ApiKeyCommand
{
    private const int Done = 0;
    private const int Usage = 2;

    /// <summary>Writes a new key and the entry of API_KEYS that lets it in; neither is kept.</summary>
    /// <returns>The exit code: 0 done, 2 the arguments make no sense.</returns>
    public static int Run(string[] arguments, TextWriter output, TextWriter errors)
    {
        if (arguments is not ["--new-key", string name, string scopes])
        {
            errors.WriteLine("usage: --new-key NAME SCOPES, such as --new-key studio process,metrics; without arguments the server starts");
            return Usage;
        }

        try
        {
            (string key, string entry) = ApiKey.Make(name, scopes.Split(','));
            output.WriteLine($"key, for the caller, told this once: {key}");
            output.WriteLine($"entry, for API_KEYS: {entry}");
            return Done;
        }
        catch (SettingException exception)
        {
            errors.WriteLine($"--new-key NAME SCOPES: {exception.Message}");
            return Usage;
        }
    }
}
