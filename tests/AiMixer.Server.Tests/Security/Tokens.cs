using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace AiMixer.Server.Tests.Security;

/// <summary>JSON Web Tokens written by hand (RFC 7515), good ones and forged ones, and the keys for them.</summary>
public sealed class Tokens : IDisposable
{
    public const string Issuer = "https://issuer.example";
    public const string Audience = "ai-mixer";

    private readonly string _folder = Directory.CreateTempSubdirectory("ai-mixer-test").FullName;

    public RSA Rsa { get; } = RSA.Create(2048);

    public ECDsa Ec { get; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public byte[] Secret { get; } = RandomNumberGenerator.GetBytes(32);

    /// <summary>The settings of a server that knows all three keys.</summary>
    public string[] Settings => [$"JWT_ISSUER={Issuer}", $"JWT_AUDIENCE={Audience}", $"JWT_KEYS_FILE={Save("keys.json", KeySet())}"];

    public string Save(string name, string text)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    public string KeySet()
    {
        RSAParameters rsa = Rsa.ExportParameters(false);
        ECParameters ec = Ec.ExportParameters(false);
        return JsonSerializer.Serialize(new
        {
            keys = new object[]
            {
                new { kty = "RSA", kid = "rsa", alg = "RS256", use = "sig", n = Encode(rsa.Modulus!), e = Encode(rsa.Exponent!) },
                new { kty = "EC", kid = "ec", alg = "ES256", crv = "P-256", x = Encode(ec.Q.X!), y = Encode(ec.Q.Y!) },
                new { kty = "oct", kid = "secret", alg = "HS256", k = Encode(Secret) },
            },
        });
    }

    /// <summary>Claims that are good; a change with null takes one away.</summary>
    public static Dictionary<string, object> Claims(params (string Name, object? Value)[] changes)
    {
        long now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        Dictionary<string, object> claims = new()
        {
            ["iss"] = Issuer,
            ["aud"] = Audience,
            ["sub"] = "user-1",
            ["exp"] = now + 600,
            ["scope"] = "process metrics",
        };
        foreach ((string name, object? value) in changes)
        {
            claims.Remove(name);
            if (value is not null)
            {
                claims[name] = value;
            }
        }

        return claims;
    }

    public string Sign(string algorithm, Dictionary<string, object>? claims = null, string? kid = "") => algorithm switch
    {
        "RS256" => Write(algorithm, kid == "" ? "rsa" : kid, claims, text => Rsa.SignData(text, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)),
        "PS256" => Write(algorithm, kid == "" ? "rsa" : kid, claims, text => Rsa.SignData(text, HashAlgorithmName.SHA256, RSASignaturePadding.Pss)),
        "ES256" => Write(algorithm, kid == "" ? "ec" : kid, claims, text => Ec.SignData(text, HashAlgorithmName.SHA256)),
        "HS512" => Write(algorithm, kid == "" ? "secret" : kid, claims, text => HMACSHA512.HashData(Secret, text)),
        _ => Write(algorithm, kid == "" ? "secret" : kid, claims, text => HMACSHA256.HashData(Secret, text)),
    };

    public static string Write(string algorithm, string? kid, Dictionary<string, object>? claims, Func<byte[], byte[]> sign)
    {
        Dictionary<string, object> header = new() { ["alg"] = algorithm, ["typ"] = "JWT" };
        if (kid is not null)
        {
            header["kid"] = kid;
        }

        string text = $"{Encode(JsonSerializer.SerializeToUtf8Bytes(header))}.{Encode(JsonSerializer.SerializeToUtf8Bytes(claims ?? Claims()))}";
        return $"{text}.{Encode(sign(Encoding.ASCII.GetBytes(text)))}";
    }

    public void Dispose()
    {
        Rsa.Dispose();
        Ec.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static string Encode(byte[] bytes) => Base64Url.EncodeToString(bytes);
}
