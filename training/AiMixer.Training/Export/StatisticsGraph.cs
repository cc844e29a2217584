using AiMixer.Training.Features;
using static AiMixer.Training.Export.GraphBuilder;

namespace AiMixer.Training.Export;

/// <summary>Adds the <see cref="WindowStatistics"/> of <c>mfcc</c> [batch, frames, 13] to an ONNX graph.</summary>
internal static class StatisticsGraph
{
    private const int Inputs = Cepstrum.Coefficients;

    /// <returns>The name of what is [batch, statistics].</returns>
    public static string Add(GraphBuilder g)
    {
        g.Integers("zero", 0);
        g.Integers("one", 1);
        g.Integers("two", 2);
        g.Integers("three", 3);
        g.Integers("end", int.MaxValue);
        g.Integers("minus_one", -1);
        g.Floats("stillness", [WindowStatistics.Stillness]);

        string x = OutlineOf(g, WholeBlocks(g));
        string mean = Mean(g, "mean", x, 2);
        string away = g.Node("away", "Sub", [x, mean]);
        string deviation = Deviation(g, "deviation", away);
        // The mean of the first coefficient is level, and level tells nothing.
        string shapes = g.Node("shape", "Slice", [mean, "one", "end", "one"]);
        string first = g.Node("mean_and_deviation", "Concat", [shapes, deviation, Motion(g, x)], Int("axis", 1));
        string flat = g.Node("movement", "Flatten", [first], Int("axis", 1));
        return g.Node(
            "statistics", "Concat", [flat, Correlations(g, away, deviation), Rhythm(g, away)], Int("axis", 1));
    }

    private static string WholeBlocks(GraphBuilder g)
    {
        string ten = g.Integers("block_frames", WindowStatistics.BlockFrames);
        string sizes = g.Node("sizes", "Shape", ["mfcc"]);
        string frames = g.Node("frames", "Slice", [sizes, "one", "two"]);
        string blocks = g.Node("blocks", "Div", [frames, ten]);
        string kept = g.Node("kept", "Mul", [blocks, ten]);
        return g.Node("whole", "Slice", ["mfcc", "zero", kept, "one"]);
    }

    // [batch, 13, frames]
    private static string OutlineOf(GraphBuilder g, string whole)
    {
        string forth = g.Floats("outline_to_bands", Outline.ToBands, Inputs, Outline.Bands);
        string back = g.Floats("outline_to_coefficients", Outline.ToCoefficients, Outline.Bands, Inputs);
        string bands = g.Node("outline_bands", "MatMul", [whole, forth]);
        string most = g.Node("outline_loudest", "ReduceMax", [bands], Ints("axes", 2), Int("keepdims", 1));
        string floor = g.Node("outline_floor", "Sub", [most, g.Floats("outline_range", [Outline.RangeDb])]);
        string heard = g.Node("outline_heard", "Max", [bands, floor]);
        string rows = g.Node("outline", "MatMul", [heard, back]);
        return g.Node("channels_first", "Transpose", [rows], Ints("perm", 0, 2, 1));
    }

    private static string Motion(GraphBuilder g, string x)
    {
        string patches = g.Node("patches", "Reshape", [x, g.Integers("patch_shape", 0, Inputs, -1, WindowStatistics.PatchFrames)]);
        string later = g.Node("later", "Slice", [patches, "one", "end", "three"]);
        string earlier = g.Node("earlier", "Slice", [patches, "zero", "minus_one", "three"]);
        string steps = g.Node("steps", "Sub", [later, earlier]);
        string squares = g.Node("step_squares", "Mul", [steps, steps]);
        string inPatch = g.Node("step_mean_in_patch", "ReduceMean", [squares], Ints("axes", 3), Int("keepdims", 0));
        return g.Node("motion", "Sqrt", [Mean(g, "step_mean", inPatch, 2)]);
    }

    private static string Correlations(GraphBuilder g, string away, string deviation)
    {
        string turned = g.Node("away_turned", "Transpose", [away], Ints("perm", 0, 2, 1));
        string products = g.Node("products", "MatMul", [away, turned]);
        string count = g.Node("frame_count", "Cast", ["kept"], Int("to", 1));
        string together = g.Node("covariances", "Div", [products, count]);
        string moving = g.Node("moving", "Add", [deviation, "stillness"]);
        string across = g.Node("moving_turned", "Transpose", [moving], Ints("perm", 0, 2, 1));
        string scale = g.Node("moving_pairs", "MatMul", [moving, across]);
        string all = g.Node("correlation_matrix", "Div", [together, scale]);
        string flat = g.Node("correlations_all", "Flatten", [all], Int("axis", 1));
        long[] above = [.. Enumerable.Range(0, Inputs * Inputs).Where(i => i % Inputs > i / Inputs).Select(i => (long)i)];
        return g.Node("correlations", "Gather", [flat, g.Integers("pairs", above)], Int("axis", 1));
    }

    private static string Rhythm(GraphBuilder g, string away)
    {
        const int Count = WindowStatistics.RhythmCoefficients;
        string few = g.Node("beat_coefficients", "Slice", [away, "zero", g.Integers("beat_count", Count), "one"]);
        string patches = g.Node("beat_patches", "Reshape", [few, g.Integers("beat_shape", 0, Count, -1, WindowStatistics.BeatFrames)]);
        string beats = g.Node("beats", "ReduceMean", [patches], Ints("axes", 3), Int("keepdims", 0));
        string later = g.Node("beat_later", "Slice", [beats, "one", "end", "two"]);
        string earlier = g.Node("beat_earlier", "Slice", [beats, "zero", "minus_one", "two"]);
        string steps = g.Node("beat_steps", "Sub", [later, earlier]);
        string centred = g.Node("beat_centred", "Sub", [steps, Mean(g, "beat_mean", steps, 2)]);
        string squares = g.Node("beat_squares", "Mul", [centred, centred]);
        string energy = g.Node("beat_energy", "ReduceSum", [squares, "two"], Int("keepdims", 1));
        string scale = g.Node("beat_scale", "Add", [energy, "stillness"]);

        // With silence behind them, the steps outlast any lag.
        string padded = g.Node("beat_padded", "Pad", [centred, g.Integers("beat_pads", 0, 0, 0, 0, 0, WindowStatistics.LagMost)]);
        string[] lags =
        [
            .. Enumerable.Range(WindowStatistics.LagLeast, WindowStatistics.LagMost - WindowStatistics.LagLeast + 1).Select(lag =>
            {
                string moved = g.Node($"lag_{lag}_later", "Slice", [padded, g.Integers($"lag_{lag}_from", lag), "end", "two"]);
                string still = g.Node($"lag_{lag}_earlier", "Slice", [padded, "zero", g.Integers($"lag_{lag}_to", -lag), "two"]);
                string product = g.Node($"lag_{lag}_product", "Mul", [moved, still]);
                return g.Node($"lag_{lag}", "ReduceSum", [product, "two"], Int("keepdims", 1));
            }),
        ];
        string sums = g.Node("lags", "Concat", lags, Int("axis", 2));
        string periods = g.Node("periods", "Div", [sums, scale]);
        string slow = g.Node(
            "periods_slow", "Slice", [periods, g.Integers("lag_slow", WindowStatistics.LagSlow - WindowStatistics.LagLeast), "end", "two"]);
        string periodsAway = g.Node("periods_away", "Sub", [periods, Mean(g, "periods_mean", periods, 2)]);
        string[] parts = [Most(g, "period", periods), Deviation(g, "period_deviation", periodsAway), Most(g, "period_slow", slow)];
        string all = g.Node("rhythm_parts", "Concat", parts, Int("axis", 1));
        return g.Node("rhythm", "Flatten", [all], Int("axis", 1));
    }

    private static string Mean(GraphBuilder g, string name, string x, int axis) =>
        g.Node(name, "ReduceMean", [x], Ints("axes", axis), Int("keepdims", 1));

    private static string Most(GraphBuilder g, string name, string x) =>
        g.Node(name, "ReduceMax", [x], Ints("axes", 2), Int("keepdims", 1));

    // Of what has no mean any more.
    private static string Deviation(GraphBuilder g, string name, string away)
    {
        string squares = g.Node(name + "_squares", "Mul", [away, away]);
        return g.Node(name, "Sqrt", [Mean(g, name + "_variance", squares, 2)]);
    }
}
