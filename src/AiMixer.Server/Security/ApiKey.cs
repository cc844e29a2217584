using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using AiMixer.Server.Hosting;

namespace AiMixer.Server.Security;

/// <summary>A caller that is known by a key. The key itself is kept nowhere.</summary>
/// <param name="Name">What the caller is called; two entries of one name are two keys of one caller, as while keys change.</param>
/// <param name="Scopes">What it may do.</param>
/// <param name="Hash">SHA-256 of the key. Keys hold 256 random bits, so neither salt nor stretching would add to it.</param>
internal sealed partial record ApiKey(string Name, ImmutableArray<string> Scopes, ImmutableArray<byte> Hash)
{
    private const string Prefix = "aim_";
    private const int RandomBytes = 32;
    private const string Form =
        "NAME:SCOPES:HASH; NAME is 1 to 64 letters, digits, '.', '_' or '-', SCOPES is process, metrics or both with ',' between them, HASH is the SHA-256 of the key in 64 hexadecimal digits";

    /// <summary>Reads keys.</summary>
    /// <param name="entries">API_KEYS, with ';' between them.</param>
    /// <param name="file">API_KEYS_FILE, which holds one a line.</param>
    /// <exception cref="SettingException">One of them cannot be read.</exception>
    public static ImmutableArray<ApiKey> Read(string? entries, string? file)
    {
        IEnumerable<ApiKey> listed = Parse("API_KEYS", "entry", (entries ?? "").Split(';'));
        ImmutableArray<ApiKey> keys = file is null
            ? [.. listed]
            : [.. listed, .. Parse($"API_KEYS_FILE={file}", "line", SettingFile.Read("API_KEYS_FILE", file).Split('\n'))];
        ApiKey? twice = keys.GroupBy(key => Convert.ToHexString(key.Hash.AsSpan())).FirstOrDefault(same => same.Count() > 1)?.Last();
        return twice is null ? keys : throw new SettingException($"API_KEYS: the key of {twice.Name} is given twice");
    }

    /// <summary>Makes a key, and the entry for the settings that lets it in.</summary>
    public static (string Key, string Entry) Make(string name, IEnumerable<string> scopes)
    {
        string key = Prefix + System.Buffers.Text.Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(RandomBytes));
        string entry = $"{name}:{string.Join(',', scopes)}:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)))}";
        return ParseOne(entry) is null ? throw new SettingException($"An API key needs {Form}") : (key, entry);
    }

    /// <summary>
    /// The caller that a key belongs to, or <see langword="null"/>. It takes the same time whichever it is and however
    /// much of a hash agrees.
    /// </summary>
    public static ApiKey? Find(ImmutableArray<ApiKey> keys, string presented)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(presented), hash);
        ApiKey? found = null;
        foreach (ApiKey key in keys)
        {
            if (CryptographicOperations.FixedTimeEquals(hash, key.Hash.AsSpan()))
            {
                found = key;
            }
        }

        return found;
    }

    private static IEnumerable<ApiKey> Parse(string setting, string unit, string[] entries)
    {
        for (int i = 0; i < entries.Length; i++)
        {
            string entry = entries[i].Trim();
            if (entry.Length > 0 && entry[0] != '#')
            {
                // The entry is not repeated: who pastes the key in place of its hash must not find it in a log.
                yield return ParseOne(entry) ?? throw new SettingException($"{setting}: {unit} {i + 1} is not {Form}");
            }
        }
    }

    private static ApiKey? ParseOne(string entry)
    {
        if (EntryPattern().Match(entry) is not { Success: true } match)
        {
            return null;
        }

        string[] scopes = match.Groups["scopes"].Value.Split(',');
        return scopes.All(Security.Scopes.All.Contains)
            ? new ApiKey(match.Groups["name"].Value, [.. scopes], [.. Convert.FromHexString(match.Groups["hash"].Value)])
            : null;
    }

    [GeneratedRegex("^(?<name>[A-Za-z0-9._-]{1,64}):(?<scopes>[a-z,]+):(?<hash>[0-9A-Fa-f]{64})$")]
    private static partial Regex EntryPattern();
}
