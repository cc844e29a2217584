using System.Buffers;
using System.Collections.Immutable;
using System.Diagnostics;
using System.IO.Pipelines;
using System.Runtime.InteropServices;
using AiMixer.Server.Analysis;
using AiMixer.Server.Errors;
using AiMixer.Server.Hosting;
using AiMixer.Server.Json;
using AiMixer.Server.Mixing;
using AiMixer.Server.Observability;
using AiMixer.Server.Security;

namespace AiMixer.Server.Api;

/// <summary>Extracts features, and recognises genres by them.</summary>
internal static class AnalysisApi
{
    private const string FeaturesPath = "/extract-features";
    private const string GenrePath = "/classify-genre";
    private const int MostCoefficients = 40;

    // 10 s of audio, as extraction gives it.
    private const int MostFrames = 1000;
    private const float LargestCoefficient = 10_000;

    private static readonly GenreClassifier Classifier = new();

    public static void MapAnalysis(this IEndpointRouteBuilder app)
    {
        RouteGroupBuilder group = app.MapGroup("").WithTags("Analysis").RequireAuthorization(Scopes.Process);
        group.MapPost(FeaturesPath, ExtractAsync).WithName("ExtractFeatures")
            .WithSummary("Extracts features of a buffer.")
            .Accepts<ExtractFeaturesRequest>(MediaTypes.Json)
            .Produces<ExtractFeaturesResponse>()
            .WithProblems(400, 406, 408, 413, 415, 422, 503);
        group.MapPost(GenrePath, ClassifyAsync).WithName("ClassifyGenre")
            .WithSummary("Recognises the genre by features.")
            .Accepts<ClassifyGenreRequest>(MediaTypes.Json)
            .Produces<Classification>()
            .WithProblems(400, 406, 408, 413, 415, 422, 503);
    }

    private static async Task ExtractAsync(HttpContext context, ServerOptions options, Instruments instruments)
    {
        MediaTypes.RequireContentType(context.Request, MediaTypes.Json);
        MediaTypes.RequireAccept(context.Request, MediaTypes.Json);
        BufferFeatures features;
        using (RequestBody body = await RequestBody.ReadAsync(context).ConfigureAwait(false))
        {
            long start = Stopwatch.GetTimestamp();
            features = Extract(body.Bytes, options);
            instruments.NoteDuration(FeaturesPath, start);
        }

        context.Response.ContentType = MediaTypes.Json;
        PipeWriter output = context.Response.BodyWriter;
        output.Write("{\"features\":["u8);
        for (int at = 0; at < features.Rows.Length; at += features.Coefficients)
        {
            output.Write(at == 0 ? "["u8 : ",["u8);
            JsonText.WriteElements(output, features.Rows.AsSpan(at, features.Coefficients), isFirst: true);
            output.Write("]"u8);
        }

        output.Write("],\"spectralCentroid\":"u8);
        JsonText.WriteElements(output, [features.CentroidHz], isFirst: true);
        output.Write(",\"zeroCrossingRate\":"u8);
        JsonText.WriteElements(output, [features.ZeroCrossingRate], isFirst: true);
        output.Write("}"u8);
        await output.FlushAsync(context.RequestAborted).ConfigureAwait(false);
    }

    private static BufferFeatures Extract(ReadOnlySpan<byte> json, ServerOptions options)
    {
        var reader = new JsonObjectReader(json);
        float[]? samples = null;
        int count = 0;
        int coefficients = GenreClassifier.Coefficients;
        int sampleRateHz = options.SampleRateHz;
        int channels = 1;
        try
        {
            while (reader.NextMember(out string? name))
            {
                switch (name)
                {
                    case "audioBuffer" when samples is null:
                        samples = reader.ReadFloats(name, BufferMixer.LongestBuffer, out count);
                        break;
                    case "numCoefficients":
                        coefficients = StripSettings.InRange(name, reader.Read(name, ServerJson.Default.Int32), 1, MostCoefficients, "coefficients");
                        break;
                    case "sampleRate":
                        sampleRateHz = StripSettings.SampleRateFrom(name, reader.Read(name, ServerJson.Default.Int32));
                        break;
                    case "channels":
                        channels = StripSettings.ChannelsFrom(name, reader.Read(name, ServerJson.Default.Int32));
                        break;
                    default:
                        throw JsonObjectReader.Unexpected(name, "audioBuffer", "numCoefficients", "sampleRate", "channels");
                }
            }

            if (samples is null)
            {
                throw Problems.Missing("audioBuffer");
            }

            BufferMixer.CheckLength("audioBuffer", count, sampleRateHz, channels);
            int window = BufferFeatures.WindowOf(sampleRateHz);
            if (count / channels < window)
            {
                throw Problems.Invalid("audioBuffer", $"{count} samples long", $"at least {window} samples per channel, one window of 20 ms");
            }

            return BufferFeatures.Of(samples.AsSpan(0, count), sampleRateHz, channels, coefficients);
        }
        finally
        {
            if (samples is not null)
            {
                ArrayPool<float>.Shared.Return(samples);
            }
        }
    }

    private static async Task ClassifyAsync(HttpContext context, Instruments instruments)
    {
        MediaTypes.RequireContentType(context.Request, MediaTypes.Json);
        MediaTypes.RequireAccept(context.Request, MediaTypes.Json);
        Classification classification;
        using (RequestBody body = await RequestBody.ReadAsync(context).ConfigureAwait(false))
        {
            long start = Stopwatch.GetTimestamp();
            classification = Classify(body.Bytes);
            instruments.NoteDuration(GenrePath, start);
        }

        instruments.CountGenre(classification.Genre);
        await context.Response.WriteAsJsonAsync(
            classification, ServerJson.Default.Classification, MediaTypes.Json, context.RequestAborted).ConfigureAwait(false);
    }

    private static Classification Classify(ReadOnlySpan<byte> json)
    {
        var reader = new JsonObjectReader(json);
        List<float>? rows = null;
        while (reader.NextMember(out string? name))
        {
            rows = name == "features" && rows is null ? ReadRows(ref reader) : throw JsonObjectReader.Unexpected(name, "features");
        }

        if (rows is null)
        {
            throw Problems.Missing("features");
        }

        GenreProbabilities probabilities = Classifier.Classify(CollectionsMarshal.AsSpan(rows));
        return new Classification(
            probabilities.Likeliest.ProfileName(), probabilities.Highest, probabilities.ByName().ToImmutableDictionary());
    }

    private static List<float> ReadRows(ref JsonObjectReader reader)
    {
        List<float> rows = [];
        if (!reader.BeginArray("features"))
        {
            throw Problems.Invalid("features", "empty", $"at least one frame of {GenreClassifier.Coefficients} coefficients");
        }

        int frame = 0;
        do
        {
            if (frame == MostFrames)
            {
                throw Problems.TooLarge($"features holds more than {MostFrames} frames, which is 10 s.");
            }

            string field = $"features[{frame}]";
            float[] row = reader.ReadFloats(field, MostCoefficients, out int count);
            try
            {
                Check(field, row.AsSpan(0, count));
                rows.AddRange(row.AsSpan(0, count));
            }
            finally
            {
                ArrayPool<float>.Shared.Return(row);
            }

            frame++;
        }
        while (reader.NextElement("features"));
        return rows;
    }

    private static void Check(string field, ReadOnlySpan<float> row)
    {
        if (row.Length != GenreClassifier.Coefficients)
        {
            throw Problems.Invalid(field, $"{row.Length} coefficients long", $"{GenreClassifier.Coefficients} coefficients");
        }

        for (int i = 0; i < row.Length; i++)
        {
            StripSettings.InRange($"{field}[{i}]", row[i], -LargestCoefficient, LargestCoefficient, "(MFCC)");
        }
    }
}

/// <summary>A genre, and how likely each is.</summary>
/// <param name="Genre">The likeliest.</param>
/// <param name="Confidence">Its probability.</param>
/// <param name="Probabilities">The probability of every genre; they add up to 1.</param>
internal sealed record Classification(string Genre, float Confidence, IReadOnlyDictionary<string, float> Probabilities);
