using System.Collections.Immutable;
using System.Security.Cryptography;
using AiMixer.Server.Hosting;
using Microsoft.IdentityModel.Tokens;

namespace AiMixer.Server.Security;

/// <summary>Which JSON Web Tokens (RFC 7519) let a caller in.</summary>
/// <param name="Issuer">Who must have issued it (iss).</param>
/// <param name="Audience">For whom it must be (aud).</param>
/// <param name="KeysFile">Where its keys come from.</param>
/// <param name="Keys">Keys that it may be signed with, each good for one algorithm only.</param>
/// <param name="ClockSkew">How far the clocks of issuer and server may differ.</param>
internal sealed record JwtOptions(string Issuer, string Audience, string KeysFile, ImmutableArray<JwtKey> Keys, TimeSpan ClockSkew)
{
    private const string KeysSetting = "JWT_KEYS_FILE";

    /// <summary>Reads JWT_KEYS_FILE, JWT_ISSUER, JWT_AUDIENCE and JWT_CLOCK_SKEW_SECONDS.</summary>
    /// <returns><see langword="null"/> when none is set.</returns>
    /// <exception cref="SettingException">They are not complete, or one makes no sense.</exception>
    public static JwtOptions? From(SettingReader settings)
    {
        string? issuer = settings.Text("JWT_ISSUER");
        string? audience = settings.Text("JWT_AUDIENCE");
        string? file = settings.Text(KeysSetting);
        TimeSpan skew = TimeSpan.FromSeconds(settings.Integer("JWT_CLOCK_SKEW_SECONDS", 30, 0, 300));
        return (issuer, audience, file) switch
        {
            (null, null, null) => null,
            (not null, not null, not null) => new(issuer, audience, file, JwtKey.Read(KeysSetting, file), skew),
            _ => throw new SettingException("JWT_KEYS_FILE, JWT_ISSUER and JWT_AUDIENCE must be set together"),
        };
    }

    /// <summary>The same with the keys that are in the file now.</summary>
    /// <exception cref="SettingException">The file cannot be used.</exception>
    public JwtOptions Reread() => this with { Keys = JwtKey.Read(KeysSetting, KeysFile) };
}

/// <summary>A key for signatures, and the one algorithm that it is used with: a public key never serves as a secret.</summary>
internal sealed record JwtKey(SecurityKey Key, string Algorithm)
{
    private const int FewestRsaBits = 2048;
    private const int FewestSecretBytes = 32;
    private const string Expected =
        "a JWK set (RFC 7517) or public keys in PEM; RSA of at least 2048 bits, EC on P-256, or oct of at least 256 bits";

    /// <summary>Reads a JWK set, or public keys in PEM.</summary>
    /// <exception cref="SettingException">The file cannot be read, or holds a key that must not be used.</exception>
    public static ImmutableArray<JwtKey> Read(string setting, string path)
    {
        ImmutableArray<JwtKey> keys = SettingFile.Load(setting, path, Expected, text =>
            text.Contains("-----BEGIN", StringComparison.Ordinal) ? OfPem(text) : OfSet(text));
        return keys.IsEmpty ? throw SettingReader.Refused(setting, path, Expected) : keys;
    }

    private static ImmutableArray<JwtKey> OfSet(string json) => [.. new JsonWebKeySet(json).Keys.Select(OfJwk)];

    private static JwtKey OfJwk(JsonWebKey jwk)
    {
        if (jwk.Use is { Length: > 0 } and not "sig")
        {
            throw new FormatException($"the key {jwk.Kid} is not for signatures (use is {jwk.Use})");
        }

        JwtKey key = jwk switch
        {
            { Kty: JsonWebAlgorithmsKeyTypes.RSA or JsonWebAlgorithmsKeyTypes.EllipticCurve, HasPrivateKey: true } =>
                throw new FormatException($"the key {jwk.Kid} is a private key; the server needs the public one only"),
            { Kty: JsonWebAlgorithmsKeyTypes.RSA } => OfRsa(RSA.Create(new RSAParameters
            {
                Modulus = Base64UrlEncoder.DecodeBytes(jwk.N),
                Exponent = Base64UrlEncoder.DecodeBytes(jwk.E),
            })),
            { Kty: JsonWebAlgorithmsKeyTypes.EllipticCurve, Crv: JsonWebKeyECTypes.P256 } => OfEc(ECDsa.Create(new ECParameters
            {
                Curve = ECCurve.NamedCurves.nistP256,
                Q = new ECPoint { X = Base64UrlEncoder.DecodeBytes(jwk.X), Y = Base64UrlEncoder.DecodeBytes(jwk.Y) },
            })),
            { Kty: JsonWebAlgorithmsKeyTypes.Octet } => OfSecret(Base64UrlEncoder.DecodeBytes(jwk.K)),
            _ => throw new FormatException($"the key {jwk.Kid} is of a kind that is not used here (kty {jwk.Kty}, crv {jwk.Crv})"),
        };
        if (jwk.Alg is { Length: > 0 } algorithm && algorithm != key.Algorithm)
        {
            throw new FormatException($"the key {jwk.Kid} is for {algorithm}; such a key is used with {key.Algorithm} only");
        }

        key.Key.KeyId = jwk.Kid;
        return key;
    }

    private static ImmutableArray<JwtKey> OfPem(string text)
    {
        ImmutableArray<JwtKey>.Builder keys = ImmutableArray.CreateBuilder<JwtKey>();
        ReadOnlySpan<char> rest = text;
        while (PemEncoding.TryFind(rest, out PemFields fields))
        {
            if (!rest[fields.Label].SequenceEqual("PUBLIC KEY"))
            {
                throw new FormatException($"a {rest[fields.Label]} is not a PUBLIC KEY");
            }

            keys.Add(OfPublicKey(rest[fields.Location].ToString()));
            rest = rest[fields.Location.End..];
        }

        return keys.ToImmutable();
    }

    private static JwtKey OfPublicKey(string pem)
    {
        var ec = ECDsa.Create();
        try
        {
            ec.ImportFromPem(pem);
            return OfEc(ec);
        }
        catch (CryptographicException)
        {
            // Another kind of key.
            ec.Dispose();
            var rsa = RSA.Create();
            rsa.ImportFromPem(pem);
            return OfRsa(rsa);
        }
    }

    private static JwtKey OfRsa(RSA rsa) => rsa.KeySize >= FewestRsaBits
        ? new(new RsaSecurityKey(rsa), SecurityAlgorithms.RsaSha256)
        : throw new FormatException($"an RSA key has {rsa.KeySize} bits only");

    private static JwtKey OfEc(ECDsa ec) => ec.ExportParameters(includePrivateParameters: false).Curve.Oid.Value == ECCurve.NamedCurves.nistP256.Oid.Value
        ? new(new ECDsaSecurityKey(ec), SecurityAlgorithms.EcdsaSha256)
        : throw new FormatException("an EC key is not on the curve P-256");

    private static JwtKey OfSecret(byte[] secret) => secret.Length >= FewestSecretBytes
        ? new(new SymmetricSecurityKey(secret), SecurityAlgorithms.HmacSha256)
        : throw new FormatException($"an oct key has {8 * secret.Length} bits only");
}
