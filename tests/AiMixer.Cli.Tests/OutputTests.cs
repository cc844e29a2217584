using System.Diagnostics;

namespace AiMixer.Cli.Tests;

/// <summary>Outputs appear whole or not at all, and never in the place of an input.</summary>
public sealed class OutputTests : IDisposable
{
    private const int Usage = 2;
    private const int CannotWrite = 4;

    private readonly ScratchFolder _folder = new();
    private readonly string _input;

    public OutputTests() => _input = _folder.Write("in.wav", WaveFile.Encode(Sound.Programme(0.5), 16));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Only_the_outputs_are_left()
    {
        Outcome outcome = Aimixer.Run(
            "mix", _input, "-o", _folder["out.wav"], "--report", _folder["out.json"], "--plot", _folder["out.svg"]);
        Assert.Equal(0, outcome.ExitCode);
        Assert.Equal(["in.wav", "out.json", "out.svg", "out.wav"], _folder.Content);
    }

    [Fact]
    public void An_existing_output_is_replaced()
    {
        _folder.Write("out.wav", [1, 2, 3]);
        Assert.Equal(0, Aimixer.Run("mix", _input, "-o", _folder["out.wav"]).ExitCode);
        Assert.Equal(24000, WaveFile.Decode(File.ReadAllBytes(_folder["out.wav"])).Sound.Frames);
    }

    [Fact]
    public void An_existing_output_survives_a_failure()
    {
        _folder.Write("out.wav", [1, 2, 3]);
        _folder.Write("bad.wav", WaveFile.Encode(Sound.Programme(1), 16)[..50000]);
        Assert.Equal(3, Aimixer.Run("mix", _folder["bad.wav"], "-o", _folder["out.wav"]).ExitCode);
        Assert.Equal([1, 2, 3], File.ReadAllBytes(_folder["out.wav"]));
    }

    [Fact]
    public void No_overwrite_keeps_what_is_there()
    {
        _folder.Write("out.wav", [1, 2, 3]);
        Outcome outcome = Aimixer.Run("mix", _input, "-o", _folder["out.wav"], "-n", "-q");
        Assert.Equal(CannotWrite, outcome.ExitCode);
        Assert.Contains("exists already", Assert.Single(outcome.ErrorLines), StringComparison.Ordinal);
        Assert.Equal([1, 2, 3], File.ReadAllBytes(_folder["out.wav"]));
    }

    [Theory]
    [InlineData("in.wav")]
    [InlineData("./sub/../in.wav")]
    [InlineData("link.wav")]
    [InlineData("linked/in.wav")]
    public void An_input_is_never_the_output(string output)
    {
        byte[] before = File.ReadAllBytes(_input);
        Directory.CreateDirectory(_folder["sub"]);
        File.CreateSymbolicLink(_folder["link.wav"], _input);
        Directory.CreateSymbolicLink(_folder["linked"], _folder.Path);
        Outcome outcome = Aimixer.Run("mix", _input, "-o", $"{_folder.Path}/{output}", "-q");
        Assert.Equal(Usage, outcome.ExitCode);
        Assert.Contains("is an input", Assert.Single(outcome.ErrorLines), StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(_input));
    }

    [Fact]
    public void A_link_to_the_output_stays_a_link()
    {
        _folder.Write("real.wav", [1]);
        File.CreateSymbolicLink(_folder["link.wav"], _folder["real.wav"]);
        Assert.Equal(0, Aimixer.Run("mix", _input, "-o", _folder["link.wav"]).ExitCode);
        Assert.NotNull(new FileInfo(_folder["link.wav"]).LinkTarget);
        Assert.Equal(24000, WaveFile.Decode(File.ReadAllBytes(_folder["real.wav"])).Sound.Frames);
    }

    [Fact]
    public void A_folder_that_is_not_there() => AssertCannotWrite(_folder["no/such/out.wav"], "folder does not exist");

    [Fact]
    public void A_file_where_a_folder_should_be() => AssertCannotWrite(_folder["in.wav/out.wav"], "out.wav");

    [Fact]
    public void A_folder_without_permission()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("permissions are Unix ones");
        }
        else if (Environment.UserName != "root")
        {
            Directory.CreateDirectory(_folder["locked"], UnixFileMode.UserRead | UnixFileMode.UserExecute);
            AssertCannotWrite(_folder["locked/out.wav"], "permission denied");
        }
        else
        {
            // Nothing is forbidden to root, except by the kernel itself.
            AssertCannotWrite("/proc/out.wav", "/proc/out.wav");
        }
    }

    [Fact]
    public void A_report_that_cannot_be_written_keeps_the_mix_from_appearing()
    {
        Outcome outcome = Aimixer.Run("mix", _input, "-o", _folder["out.wav"], "--report", _folder["no/such/r.json"], "-q");
        Assert.Equal(CannotWrite, outcome.ExitCode);
        Assert.Equal(["in.wav"], _folder.Content);
    }

    [Fact]
    public void A_full_device()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "/dev/full is a Linux device");
        AssertCannotWrite("/dev/full", "no space left on device");
    }

    [Theory]
    [InlineData("out.wav")]
    [InlineData("out.flac")]
    [InlineData("out.ogg")]
    public void A_full_disk(string name)
    {
        // A disk in memory of 40 KiB, seen by this shell only.
        const string OnTinyDisk = "unshare -rm /bin/bash -c 'mount -t tmpfs -o size=40k tmpfs \"$DISK\" && ";
        Directory.CreateDirectory(_folder["disk"]);
        string disk = $"export DISK='{_folder["disk"]}'; ";
        Assert.SkipUnless(Aimixer.Shell($"{disk}{OnTinyDisk} true'").ExitCode == 0, "no disk can be mounted here");
        string input = _folder.Write("long.wav", WaveFile.Encode(Sound.Programme(20), 16));
        Outcome outcome = Aimixer.Shell(
            $"{disk}{OnTinyDisk} $AIMIXER mix \"{input}\" -o \"$DISK/{name}\" -q; code=$?; ls -A \"$DISK\"; exit $code'");
        Assert.Equal((CannotWrite, ""), (outcome.ExitCode, outcome.Text));
        Assert.Equal(
            $"aimixer: {_folder["disk"]}/{name}: cannot be written, no space left on device", Assert.Single(outcome.ErrorLines));
    }

    [Fact]
    public void A_limit_on_the_size_of_files()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the limit is one of Unix shells");
        string input = _folder.Write("long.wav", WaveFile.Encode(Sound.Programme(10), 16));
        string[] before = _folder.Content;

        // The runtime maps its code through files, which the limit would hit first.
        Outcome outcome = Aimixer.Shell(
            "export DOTNET_EnableWriteXorExecute=0; trap '' XFSZ; ulimit -f 40; " +
            $"$AIMIXER mix '{input}' -o '{_folder["out.wav"]}' -q");
        Assert.Equal(CannotWrite, outcome.ExitCode);
        Assert.Contains("too large", Assert.Single(outcome.ErrorLines), StringComparison.Ordinal);
        Assert.Equal(before, _folder.Content);
    }

    [Fact]
    public void Dev_null_stays_a_device()
    {
        Assert.SkipUnless(File.Exists("/dev/null"), "a Unix device");
        Assert.Equal(0, Aimixer.Run("mix", _input, "-o", "/dev/null").ExitCode);
        Assert.Equal(0, new FileInfo("/dev/null").Length);
        Assert.Equal(0, Aimixer.Shell("test -c /dev/null").ExitCode);
    }

    [Fact]
    public void Several_inputs_go_into_a_folder_under_their_names()
    {
        byte[] sound = WaveFile.Encode(Sound.Programme(0.2), 16);
        string[] inputs = [_folder.Write("a.wav", sound), _folder.Write("b.aiff", WaveFile.EncodeAiff(Sound.Programme(0.2)))];
        Outcome outcome = Aimixer.Run(["mix", .. inputs, "-o", _folder["mixed"], "--report", _folder["mixed"], "--plot", _folder["mixed"]]);
        Assert.Equal(0, outcome.ExitCode);
        Assert.Equal(
            ["a.json", "a.svg", "a.wav", "b.json", "b.svg", "b.wav"],
            Directory.GetFiles(_folder["mixed"]).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Two_inputs_of_one_name_are_not_written_over_each_other()
    {
        Directory.CreateDirectory(_folder["other"]);
        File.Copy(_input, _folder["other/in.wav"]);
        Outcome outcome = Aimixer.Run("mix", _input, _folder["other/in.wav"], "-o", _folder["mixed"], "-q");
        Assert.Equal(Usage, outcome.ExitCode);
        Assert.Contains("written twice", Assert.Single(outcome.ErrorLines), StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["mixed"]));
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public void An_interrupted_mix_leaves_nothing(string signal)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "signals are Unix ones");
        string input = _folder.Write("long.wav", WaveFile.Encode(Sound.Programme(240), 16));
        string[] before = _folder.Content;
        Process process = Aimixer.Start("mix", input, "-o", _folder["out.flac"], "--target", "-16", "--plot", _folder["out.svg"], "-q");
        Stopwatch patience = Stopwatch.StartNew();
        while (_folder.Content.Length == before.Length && patience.Elapsed < TimeSpan.FromSeconds(30))
        {
            Thread.Sleep(5);
        }

        Assert.Contains(_folder.Content, name => name.EndsWith(".part", StringComparison.Ordinal));
        Assert.Equal(0, Aimixer.Shell($"kill -{signal} {process.Id}").ExitCode);
        Outcome outcome = Aimixer.Wait(process, []);
        Assert.Equal(130, outcome.ExitCode);
        Assert.Single(outcome.ErrorLines);
        Assert.Equal(before, _folder.Content);
    }

    private void AssertCannotWrite(string output, string reason)
    {
        string[] before = _folder.Content;
        Outcome outcome = Aimixer.Run("mix", _input, "-o", output, "-q");
        Assert.Equal(CannotWrite, outcome.ExitCode);
        string line = Assert.Single(outcome.ErrorLines);
        Assert.StartsWith($"aimixer: {output}: ", line, StringComparison.Ordinal);
        Assert.Contains(reason, line, StringComparison.Ordinal);
        Assert.Equal(before, _folder.Content);
    }
}
