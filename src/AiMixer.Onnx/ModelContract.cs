using System.Collections.Immutable;
using System.Globalization;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace AiMixer;

/// <summary>What a genre model must look like from outside, and what is left open to it.</summary>
/// <param name="FramesLeast">Fewest frames of a window; fewer are repeated.</param>
/// <param name="FramesMost">Most frames of a window.</param>
/// <param name="Order">Where in the model's answer each genre stands, in the order of <see cref="GenreProbabilities.Genres"/>.</param>
internal sealed record ModelContract(int FramesLeast, int FramesMost, ImmutableArray<int> Order)
{
    internal const string Input = "mfcc";
    internal const string Output = "probabilities";
    internal const string Classes = "classes";

    /// <summary>Frames of 10 ms that a window has at most: what the core looks at.</summary>
    internal const int WindowFrames = 300;

    /// <summary>Frames below which the core repeats what it has.</summary>
    internal const int LeastFrames = 50;

    private const int Coefficients = GenreClassifier.Coefficients;
    private const int Open = -1;

    private static readonly string ExpectedInput =
        $"one input '{Input}', float [batch, frames, {Coefficients}], with batch open or 1 and frames open or 1 to {WindowFrames}";

    private static readonly string ExpectedOutput =
        $"an output '{Output}', float [batch, {GenreProbabilities.Count}], with batch open or 1";

    /// <summary>Looks at a model's inputs, outputs and metadata.</summary>
    /// <exception cref="OnnxModelException">Something is not as it must be.</exception>
    internal static ModelContract Of(InferenceSession session)
    {
        int frames = FramesOf(session.InputMetadata);
        CheckOutput(session.OutputMetadata);
        ImmutableArray<int> order = OrderOf(session.ModelMetadata.CustomMetadataMap);
        return frames == Open ? new(LeastFrames, WindowFrames, order) : new(frames, frames, order);
    }

    private static int FramesOf(IReadOnlyDictionary<string, NodeMetadata> inputs)
    {
        if (inputs.Count == 1
            && inputs.TryGetValue(Input, out NodeMetadata? input)
            && IsFloat(input)
            && input.Dimensions is [Open or 1, Open or (>= 1 and <= WindowFrames), Open or Coefficients])
        {
            return input.Dimensions[1];
        }

        throw Unlike("inputs", inputs, ExpectedInput);
    }

    private static void CheckOutput(IReadOnlyDictionary<string, NodeMetadata> outputs)
    {
        if (!outputs.TryGetValue(Output, out NodeMetadata? output)
            || !IsFloat(output)
            || output.Dimensions is not [Open or 1, Open or GenreProbabilities.Count])
        {
            throw Unlike("outputs", outputs, ExpectedOutput);
        }
    }

    private static ImmutableArray<int> OrderOf(Dictionary<string, string> metadata)
    {
        string[] wanted = [.. GenreProbabilities.Genres.Select(genre => genre.ProfileName())];
        string expected = $"the metadata entry '{Classes}' must name {string.Join(",", wanted)}, in the order of the model's answer";
        if (!metadata.TryGetValue(Classes, out string? classes))
        {
            throw new OnnxModelException(
                $"The model does not say which probability is which: {expected}. Its metadata has {Listed(metadata.Keys)}.");
        }

        string[] found = classes.Split(',', StringSplitOptions.TrimEntries);
        ImmutableArray<int> order = [.. wanted.Select(name => Array.IndexOf(found, name))];
        return found.Length == wanted.Length && !order.Contains(-1)
            ? order
            : throw new OnnxModelException($"The model's classes are '{Short(classes)}'; {expected}.");
    }

    private static OnnxModelException Unlike(
        string what, IReadOnlyDictionary<string, NodeMetadata> found, string expected) =>
        new($"The model's {what} are {Listed(found.Select(pair => $"'{pair.Key}', {Type(pair.Value)}"))}; expected is {expected}.");

    private static bool IsFloat(NodeMetadata node) => node.IsTensor && node.ElementDataType == TensorElementType.Float;

    private static string Type(NodeMetadata node) => !node.IsTensor
        ? "no tensor"
        : string.Create(
            CultureInfo.InvariantCulture,
            $"{node.ElementDataType.ToString().ToLowerInvariant()} [{string.Join(", ", node.Dimensions.Select(Dimension))}]");

    private static string Dimension(int size) => size < 0 ? "open" : size.ToString(CultureInfo.InvariantCulture);

    private static string Listed(IEnumerable<string> items)
    {
        string list = string.Join("; ", items);
        return list.Length == 0 ? "none" : Short(list);
    }

    // Names come from the file: nobody wants a megabyte of them in a log.
    private static string Short(string text) => text.Length <= 300 ? text : text[..300] + "...";
}
