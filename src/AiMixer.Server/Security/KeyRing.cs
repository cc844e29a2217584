using System.Collections.Immutable;
using AiMixer.Server.Hosting;

namespace AiMixer.Server.Security;

/// <summary>
/// The keys that let callers in. Those in files are read again when a file changed, so that a key can be taken back without
/// a restart; streams that run go on. A file that cannot be used changes nothing.
/// </summary>
internal sealed partial class KeyRing : IDisposable
{
    private readonly SecurityOptions _options;
    private readonly ILogger<KeyRing> _logger;
    private readonly ITimer _timer;
    private Keys _keys;
    private string _seen;

    public KeyRing(SecurityOptions options, TimeProvider clock, ILogger<KeyRing> logger)
    {
        _options = options;
        _logger = logger;
        _seen = Text();
        _keys = Read(options.Jwt);
        _timer = clock.CreateTimer(_ => Look(), null, options.KeysReloadEvery, options.KeysReloadEvery);
    }

    /// <summary>The API keys now.</summary>
    public ImmutableArray<ApiKey> ApiKeys => Volatile.Read(ref _keys).ApiKeys;

    /// <summary>Checks tokens; <see langword="null"/> when none are accepted.</summary>
    public JwtValidator? Tokens => Volatile.Read(ref _keys).Tokens;

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        try
        {
            string text = Text();
            if (text != _seen)
            {
                // Whatever is wrong is told once, not at every look.
                _seen = text;
                Volatile.Write(ref _keys, Read(_options.Jwt?.Reread()));
                LogRead(ApiKeys.Length);
            }
        }
        catch (SettingException exception)
        {
            LogKept(exception.Message);
        }
    }

    private Keys Read(JwtOptions? jwt) =>
        new(ApiKey.Read(_options.ApiKeyEntries, _options.ApiKeysFile), jwt is null ? null : new JwtValidator(jwt));

    private string Text() => string.Join(
        '\0',
        _options.ApiKeysFile is { } file ? SettingFile.Read("API_KEYS_FILE", file) : "",
        _options.Jwt is { } jwt ? SettingFile.Read("JWT_KEYS_FILE", jwt.KeysFile) : "");

    [LoggerMessage(Level = LogLevel.Information, Message = "Read the files with keys again; {ApiKeys} API keys are known")]
    private partial void LogRead(int apiKeys);

    [LoggerMessage(Level = LogLevel.Error, Message = "Keeps the keys that it has: {Reason}")]
    private partial void LogKept(string reason);

    private sealed record Keys(ImmutableArray<ApiKey> ApiKeys, JwtValidator? Tokens);
}
