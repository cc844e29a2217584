using System.Text.Json.Serialization;
using AiMixer.Server.Api;
using AiMixer.Server.Errors;
using AiMixer.Server.Mixing;
using AiMixer.Server.Streams;

namespace AiMixer.Server.Json;

/// <summary>Everything that is written or read as JSON, without reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DictionaryKeyPolicy = JsonKnownNamingPolicy.Unspecified,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(Classification))]
[JsonSerializable(typeof(ClassifyGenreRequest))]
[JsonSerializable(typeof(ExtractFeaturesRequest))]
[JsonSerializable(typeof(ExtractFeaturesResponse))]
[JsonSerializable(typeof(Health))]
[JsonSerializable(typeof(int))]
[JsonSerializable(typeof(MixConfig))]
[JsonSerializable(typeof(MixMetrics))]
[JsonSerializable(typeof(ParameterInfo[]))]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(ProcessAudioRequest))]
[JsonSerializable(typeof(ProcessAudioResponse))]
[JsonSerializable(typeof(SocketMessage))]
internal sealed partial class ServerJson : JsonSerializerContext;
