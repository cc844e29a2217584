using AiMixer.Server.Security;

namespace AiMixer.Server.Api;

/// <summary>Lists the parameters that a mix can be given.</summary>
internal static class ParametersApi
{
    public static void MapParameters(this IEndpointRouteBuilder app) =>
        app.MapGet("/parameters", () => TypedResults.Json(
            Parameter.All.Select(ParameterInfo.Of).ToArray(), Json.ServerJson.Default.ParameterInfoArray))
            .WithTags("Processing").WithName("Parameters").RequireAuthorization(Scopes.Process)
            .WithSummary("Lists the parameters of the chain.");
}

/// <summary>A parameter of the chain.</summary>
/// <param name="Key">Its key, such as "compressor.threshold_db".</param>
/// <param name="Name">Its name for people.</param>
/// <param name="Unit">The unit, such as "dB"; empty for switches, which take 0 and 1.</param>
/// <param name="Minimum">Lowest value.</param>
/// <param name="Maximum">Highest value.</param>
/// <param name="Default">Value without a profile.</param>
/// <param name="IsSetup">Whether it can be set only at the start of a stream, because the latency depends on it.</param>
internal sealed record ParameterInfo(
    string Key, string Name, string Unit, float Minimum, float Maximum, float Default, bool IsSetup)
{
    public static ParameterInfo Of(Parameter parameter) => new(
        parameter.Key, parameter.Name, parameter.UnitLabel, parameter.Minimum, parameter.Maximum, parameter.Default, parameter.IsSetup);
}
