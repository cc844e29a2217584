namespace AiMixer.Cli.Tests;

/// <summary>What ffmpeg decodes for the program, where it is installed.</summary>
public sealed class ForeignSoundTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public ForeignSoundTests() => Ffmpeg.SkipWithout();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("in.opus", "libopus")]
    [InlineData("in.ogg", "libopus")]
    [InlineData("in.oga", "flac")]
    [InlineData("in.m4a", "aac")]
    [InlineData("in.aac", "aac")]
    [InlineData("in.webm", "libvorbis")]
    [InlineData("in.mka", "libopus")]
    [InlineData("in.wma", "wmav2")]
    public void Its_samples_are_those_of_ffmpeg_from_a_file_and_from_a_pipe(string name, string codec)
    {
        string input = Encode(name, codec);
        Ffmpeg.Convert(input, _folder["expected.wav"], "-c:a", "pcm_f32le");
        Sound expected = WaveFile.Decode(File.ReadAllBytes(_folder["expected.wav"])).Sound;
        Assert.InRange(expected.Samples.Length, 2 * 2 * 47_000, 2 * 2 * 52_000);

        Assert.Equal(0, Aimixer.Run("mix", input, "-o", _folder["out.wav"], "--bypass", "--bits", "32f").ExitCode);
        Assert.Equal(expected.Samples, WaveFile.Decode(File.ReadAllBytes(_folder["out.wav"])).Sound.Samples);
        Outcome piped = Aimixer.RunWith(File.ReadAllBytes(input), "mix", "-", "-o", "-", "--bypass", "--bits", "32f");
        Assert.Equal(expected.Samples, WaveFile.Decode(piped.Data).Sound.Samples);
    }

    [Fact]
    public void The_sound_of_a_film_is_mixed_analysed_and_classified_with_its_title()
    {
        string input = _folder["film.mkv"];
        Ffmpeg.Convert(Wave(), input, "-f", "lavfi", "-i", "color=size=64x64:duration=2", "-c:v", "mpeg4", "-c:a", "aac", "-metadata", "title=Noon");

        Assert.Equal(0, Aimixer.Run("mix", input, "-o", _folder["out.wav"], "--genre", "speech").ExitCode);
        Assert.Contains("Noon", System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(_folder["out.wav"])));
        Assert.Equal(0, Aimixer.Run("analyze", input).ExitCode);
        Assert.Contains("film.mkv", Aimixer.Run("classify", input).Text);
    }

    [Theory]
    [InlineData("in.opus", "libopus", "truncated")]
    [InlineData("in.m4a", "aac", "M4A or MP4 that ffmpeg cannot decode")]
    [InlineData("in.webm", "libopus", "WebM or Matroska that ffmpeg cannot decode")]
    public void Half_a_file_is_refused(string name, string codec, string reason)
    {
        byte[] file = File.ReadAllBytes(Encode(name, codec));
        AssertRefused(Aimixer.Run("mix", _folder.Write(name, file[..(file.Length / 2)]), "-o", _folder["out.wav"]), reason);
    }

    [Fact]
    public void A_damaged_file_is_refused()
    {
        byte[] file = File.ReadAllBytes(Encode("in.opus", "libopus"));
        file.AsSpan(file.Length / 2, 8).Fill(0xFF);
        AssertRefused(Aimixer.Run("mix", _folder.Write("in.opus", file), "-o", _folder["out.wav"]), "Opus that ffmpeg cannot decode");
    }

    [Fact]
    public void A_film_without_sound_is_refused()
    {
        Ffmpeg.Convert(Wave(), _folder["mute.mp4"], "-f", "lavfi", "-i", "color=size=64x64:duration=1", "-map", "1:v", "-c:v", "mpeg4");
        AssertRefused(Aimixer.Run("mix", _folder["mute.mp4"], "-o", _folder["out.wav"]), "ffmpeg cannot decode");
    }

    [Fact]
    public void Without_ffmpeg_it_is_told_what_to_install()
    {
        string input = Encode("in.opus", "libopus");
        Dictionary<string, string> noPrograms = new() { ["PATH"] = _folder.Path };
        AssertRefused(Aimixer.RunIn(noPrograms, "mix", input, "-o", _folder["out.wav"]), "apt-get install ffmpeg");
    }

    private void AssertRefused(Outcome outcome, string reason)
    {
        Assert.Equal(3, outcome.ExitCode);
        Assert.Contains(reason, Assert.Single(outcome.ErrorLines));
        Assert.False(File.Exists(_folder["out.wav"]));
    }

    private string Encode(string name, string codec)
    {
        Ffmpeg.Convert(Wave(), _folder[name], "-c:a", codec);
        return _folder[name];
    }

    private string Wave() => _folder.Write("wave.wav", WaveFile.Encode(Sound.Programme(2), 16));
}
