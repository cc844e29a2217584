using System.Globalization;
using System.Xml.Linq;
using AiMixer.Cli.Plots;

namespace AiMixer.Cli.Tests;

/// <summary>Plots are well-formed, say what they show in units, and show what is there.</summary>
public sealed class PlotTests : IDisposable
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(12, 48000, 2)]
    [InlineData(12, 44100, 1)]
    [InlineData(0.05, 48000, 2)]
    [InlineData(0.001, 8000, 1)]
    [InlineData(3, 192000, 1)]
    public void A_mix_is_drawn_before_and_after_with_axes_and_units(double seconds, int sampleRateHz, int channels)
    {
        string input = _folder.Write("a <b> & \"c\".wav", WaveFile.Encode(Sound.Programme(seconds, sampleRateHz, channels), 16));
        Outcome outcome = Aimixer.Run("mix", input, "-o", _folder["out.wav"], "--plot", _folder["p.svg"]);
        Assert.Equal(0, outcome.ExitCode);
        XElement root = Load(_folder["p.svg"]);
        string[] texts = Texts(root);
        Assert.Contains("a <b> & \"c\".wav", texts);
        foreach (string expected in new[]
        {
            "before", "after", "Waveform", "Loudness", "Average spectrum", "amplitude", "loudness (LUFS)", "level (dBFS)",
            "frequency (Hz)", "20", "1k", "20k",
        })
        {
            Assert.Contains(expected, texts);
        }

        Assert.Contains(texts, text => text.StartsWith("time (", StringComparison.Ordinal));
        AssertAllNumbersAreFinite(root);
    }

    [Fact]
    public void An_analysis_is_drawn_with_its_integrated_loudness()
    {
        string input = _folder.Write("in.wav", WaveFile.Encode(Sound.Programme(5), 16));
        Assert.Equal(0, Aimixer.Run("analyze", input, "--plot", _folder["p.svg"]).ExitCode);
        XElement root = Load(_folder["p.svg"]);
        Assert.Contains(Texts(root), text => text.StartsWith('\u2212') && text.EndsWith(" LUFS", StringComparison.Ordinal));
        Assert.DoesNotContain("before", Texts(root));
        Assert.Contains("prefers-color-scheme: dark", root.Element(Svg + "style")!.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void A_target_is_drawn()
    {
        string input = _folder.Write("in.wav", WaveFile.Encode(Sound.Programme(5), 16));
        Assert.Equal(0, Aimixer.Run("mix", input, "-o", _folder["o.wav"], "--target", "-20", "--plot", _folder["p.svg"]).ExitCode);
        Assert.Contains("target \u221220", Texts(Load(_folder["p.svg"])));
    }

    [Fact]
    public void Silence_is_said_in_words()
    {
        string input = _folder.Write("in.wav", WaveFile.Encode(Sound.Silence(4), 16));
        Assert.Equal(0, Aimixer.Run("analyze", input, "--plot", _folder["p.svg"]).ExitCode);
        XElement root = Load(_folder["p.svg"]);
        // In the panels of loudness and spectrum, and in the band of genres.
        Assert.Equal(3, Texts(root).Count(text => text == "silence"));
        AssertAllNumbersAreFinite(root);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(1000)]
    [InlineData(10000)]
    public void A_full_scale_sine_reads_minus_three_decibels_at_its_frequency(double hertz)
    {
        const int Rate = 48000;
        using SpectrumRecorder recorder = new(Rate, 1);
        recorder.Add([.. Enumerable.Range(0, 5 * Rate).Select(i => (float)Math.Sin(2 * Math.PI * hertz * i / Rate))]);
        SpectrumPoint[] points = recorder.Finish();
        SpectrumPoint highest = points.MaxBy(point => point.LevelDb);
        Assert.Equal(-3.01, highest.LevelDb, 0.05);

        // A band is a sixth of an octave wide: within half of that, the tone is in it.
        Assert.InRange(Math.Abs(Math.Log2(highest.Hertz / hertz)), 0, 1.0 / 12);
        Assert.All(points.Where(point => Math.Abs(Math.Log2(point.Hertz / hertz)) > 0.5), point => Assert.True(point.LevelDb < -60));
    }

    [Fact]
    public void White_noise_rises_by_three_decibels_an_octave()
    {
        Random random = new(3);
        using SpectrumRecorder recorder = new(48000, 2);
        recorder.Add([.. Enumerable.Range(0, 48000 * 40).Select(_ => (float)(random.NextDouble() - 0.5))]);
        SpectrumPoint[] points = recorder.Finish();
        double Level(double hertz) => points.MinBy(point => Math.Abs(point.Hertz - hertz)).LevelDb;
        Assert.Equal(3.01 * 4, Level(8000) - Level(500), 0.5);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void The_envelope_holds_every_peak_at_its_time(int channels)
    {
        const int Rate = 1000;
        const int Frames = 123457;
        float[] samples = new float[Frames * channels];
        samples[(100000 * channels) + channels - 1] = 0.75f;
        samples[20000 * channels] = -0.5f;
        EnvelopeRecorder recorder = new(Rate, channels);
        foreach (float[] chunk in samples.Chunk(960 * channels))
        {
            recorder.Add(chunk);
        }

        Envelope envelope = recorder.Finish();
        Assert.InRange(envelope.Bins.Length, 1000, 4096);
        Assert.Equal(0.75f, envelope.Bins[(int)(100 / envelope.SecondsPerBin)].High);
        Assert.Equal(-0.5f, envelope.Bins[(int)(20 / envelope.SecondsPerBin)].Low);
        Assert.Equal(2, envelope.Bins.Count(bin => bin.Rms > 0));
    }

    [Theory]
    [InlineData(0.05, "time (ms)", "50")]
    [InlineData(8, "time (s)", "8")]
    [InlineData(200, "time (min:s)", "3:00")]
    [InlineData(7300, "time (h:min)", "2:00")]
    public void Time_is_marked_in_round_steps_of_a_unit_that_suits_its_length(double seconds, string title, string last)
    {
        Axis axis = Axis.Time(seconds, 0, 1000, 14);
        Assert.Equal(title, axis.Title);
        Assert.InRange(axis.Ticks.Length, 4, 15);
        Assert.Contains(axis.Ticks, tick => tick.Label == last);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0.3, 0.5)]
    [InlineData(1, 1)]
    [InlineData(1.2, 2)]
    [InlineData(0.06, 0.1)]
    public void The_amplitude_axis_holds_the_peak(double peak, double limit) =>
        Assert.Equal(limit, Axis.Amplitude(peak, 100, 0).To);

    private static XElement Load(string path) => XDocument.Load(path).Root!;

    private static string[] Texts(XElement root) => [.. root.Descendants(Svg + "text").Select(text => text.Value)];

    private static void AssertAllNumbersAreFinite(XElement root)
    {
        foreach (XAttribute attribute in root.Descendants().Attributes())
        {
            if (attribute.Name.LocalName is "x" or "y" or "x1" or "x2" or "y1" or "y2" or "width" or "height" && attribute.Value != "100%")
            {
                Assert.True(double.IsFinite(double.Parse(attribute.Value, CultureInfo.InvariantCulture)));
            }

            Assert.DoesNotContain("NaN", attribute.Value, StringComparison.Ordinal);
            Assert.DoesNotContain("\u221E", attribute.Name.LocalName == "d" ? attribute.Value : "", StringComparison.Ordinal);
        }
    }
}
