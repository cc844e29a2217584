using System.Diagnostics;
using System.Text;
using AiMixer.Cli.Files;
using AiMixer.Cli.Playback;

namespace AiMixer.Cli.Tests;

/// <summary><c>aimixer play</c> into a sound server, in real time: what is heard is what the core renders.</summary>
public sealed class PlayTests : IDisposable
{
    private const int CannotWrite = 4;
    private const int Broken = 1;

    // A machine that is too busy plays with gaps. That is told, tried again, and in the end not held against the player.
    private const int Attempts = 4;

    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(2, 48000, "rock")]
    [InlineData(1, 44100, "speech")]
    public void What_is_heard_is_sample_for_sample_what_the_core_mixes(int channels, int sampleRateHz, string genre)
    {
        using SoundServer server = SoundServer.Start(sampleRateHz, channels);

        // It begins with silence, because a sound server plays a new stream into what its monitor has already told; and it
        // ends in the middle of a sound.
        Sound programme = Sound.Programme(3, sampleRateHz, channels).On16BitGrid();
        Sound sound = programme with { Samples = [.. new float[sampleRateHz / 2 * channels], .. programme.Samples] };
        string file = _folder.Write("song.wav", WaveFile.Encode(sound, 24));
        float[] mixed = Mixed(sound, genre);

        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            using SoundRecording recording = server.Record(sampleRateHz, channels);
            recording.WaitUntilRunning();
            Outcome outcome = Aimixer.RunIn(server.Environment, "play", file, "--genre", genre);
            Assert.Equal(0, outcome.ExitCode);
            float[] heard = recording.HeardBetweenSilence(sampleRateHz / 2 * channels);
            if (heard.AsSpan().SequenceEqual(mixed))
            {
                Assert.Empty(outcome.Errors);
                Assert.Contains("0 gaps", outcome.Text, StringComparison.Ordinal);
                return;
            }

            AssertGap(mixed, heard, 10 * channels);
        }

        Assert.Skip("the machine is too busy to play without gaps");
    }

    [Fact]
    public void Keys_change_genre_bypass_and_pause_and_the_meters_move()
    {
        using SoundServer server = SoundServer.Start(48000, 2);
        string file = _folder.Write("song.wav", WaveFile.Encode(Sound.Programme(60), 16));
        using Terminal terminal = new(server.Environment, "play", file);

        terminal.WaitFor("q quit");
        terminal.WaitFor("LUFS");
        foreach ((string keys, string answer) in new[]
        {
            ("2", "genre: rock"), ("3", "genre: jazz"), ("a", "genre: auto"), ("0", "genre: neutral"),
            ("b", "bypass"), ("b", "mixed again"), (" ", "paused"), (" ", "goes on"),
        })
        {
            terminal.Press(keys);
            terminal.WaitFor(answer);
        }

        // An arrow: from the first seconds to the last ones in leaps of five.
        for (int leap = 0; leap < 8; leap++)
        {
            terminal.Press("\u001b[C");
        }

        terminal.WaitFor("0:4");
        terminal.Press("q");
        Assert.Equal(0, terminal.WaitForExit());
        Assert.Contains("played", terminal.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Quiet_says_nothing()
    {
        using SoundServer server = SoundServer.Start(48000, 2);
        string file = _folder.Write("song.wav", WaveFile.Encode(Sound.Programme(0.3), 16));

        Outcome outcome = Aimixer.RunIn(server.Environment, "play", file, "-q");

        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Text));
    }

    [Fact]
    public void Every_play_command_of_the_readme_runs()
    {
        using SoundServer server = SoundServer.Start(48000, 2);
        _folder.Write("song.wav", WaveFile.Encode(Sound.Programme(0.5), 24));
        string[] commands = [.. ReadmeTests.Commands().Where(line => line.StartsWith("aimixer play", StringComparison.Ordinal))];
        Assert.NotEmpty(commands);
        foreach (string command in commands)
        {
            Outcome outcome = Aimixer.Shell($"cd '{_folder.Path}' && aimixer() {{ $AIMIXER \"$@\"; }} && {command}", server.Environment);
            Assert.True(outcome.ExitCode == 0, $"{command}\n{outcome.Errors}");
        }
    }

    [Fact]
    public void The_devices_are_listed()
    {
        using SoundServer server = SoundServer.Start(48000, 2);

        Outcome outcome = Aimixer.RunIn(server.Environment, "play", "--devices");

        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Errors));
        Assert.Contains("pulse", outcome.Text, StringComparison.Ordinal);
        Assert.Single(outcome.Text.Split('\n'), line => line.StartsWith('*'));
    }

    [Fact]
    public void A_device_that_is_not_there_is_told_in_one_line()
    {
        string file = _folder.Write("song.wav", WaveFile.Encode(Sound.Programme(0.3), 16));
        Dictionary<string, string> nowhere = new() { ["PULSE_SERVER"] = $"unix:{_folder["nobody"]}" };

        Outcome outcome = Aimixer.RunIn(nowhere, "play", file, "--device", "no such device");

        Assert.Equal((CannotWrite, ""), (outcome.ExitCode, outcome.Text));
        Assert.StartsWith("aimixer: there is no device", Assert.Single(outcome.ErrorLines), StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_PortAudio_is_explained()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "libraries are hidden here by the search path of Linux");
        string file = _folder.Write("song.wav", WaveFile.Encode(Sound.Programme(0.3), 16));
        _folder.Write("libportaudio.so.2", []);
        _folder.Write("libportaudio.so", []);

        Outcome outcome = Aimixer.RunIn(new Dictionary<string, string> { ["LD_LIBRARY_PATH"] = _folder.Path }, "play", file);

        Assert.Equal((Broken, ""), (outcome.ExitCode, outcome.Text));
        Assert.Contains("PortAudio is not installed", outcome.Errors, StringComparison.Ordinal);
        Assert.Contains("apt-get install libportaudio2", outcome.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("play")]
    [InlineData("play --genre polka x.wav")]
    [InlineData("play --live x.wav")]
    public void Wrong_usage_is_told_before_anything_plays(string arguments)
    {
        Outcome outcome = Aimixer.Run(arguments.Split(' '));

        Assert.Equal((2, ""), (outcome.ExitCode, outcome.Text));
        Assert.Single(outcome.ErrorLines);
    }

    [Fact]
    public void What_plays_allocates_nothing()
    {
        string file = _folder.Write("song.wav", WaveFile.Encode(Sound.Programme(2), 24));
        using SoundFileReader reader = SoundFileReader.Open(InputFile.Open(file, CancellationToken.None));
        using ChannelStrip strip = new();
        PlaybackSource source = new(reader, strip);
        float[] block = new float[2 * 960];
        for (int warm = 0; warm < 50; warm++)
        {
            source.Next(block);
        }

        long least = long.MaxValue;
        for (int round = 0; round < 3; round++)
        {
            source.Seek(0);
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int count = 0; count < 90; count++)
            {
                source.Next(block);
            }

            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);
    }

    [Theory]
    [InlineData(1000, 1000)]
    [InlineData(-5, 0)]
    [InlineData(1_000_000, 23_999)]
    public void A_reader_goes_where_it_is_sent(long wanted, long expected)
    {
        Sound sound = Sound.Programme(0.5).On16BitGrid();
        string file = _folder.Write("song.wav", WaveFile.Encode(sound, 16));
        using SoundFileReader reader = SoundFileReader.Open(InputFile.Open(file, CancellationToken.None));
        float[] frame = new float[2];

        reader.Seek(wanted);

        Assert.Equal(expected, reader.Position);
        Assert.Equal(1, reader.Read(frame));
        Assert.Equal(sound.Samples[(int)(2 * expected)..][..2], frame);
    }

    /// <summary>What the core makes of a sound, its delay left in, from the first to the last sample that is not silent.</summary>
    private static float[] Mixed(Sound sound, string genre)
    {
        using ChannelStrip strip = new(new ChannelStripOptions { SampleRateHz = sound.SampleRateHz, Channels = sound.Channels });
        strip.SetGenre(Enum.Parse<Genre>(genre, ignoreCase: true));
        float[] samples = [.. sound.Samples, .. new float[strip.LatencyFrames * sound.Channels]];
        strip.Process(samples);
        int first = samples.AsSpan().IndexOfAnyExcept(0f);
        return samples[first..(samples.AsSpan().LastIndexOfAnyExcept(0f) + 1)];
    }

    /// <summary>
    /// Fails unless the first difference is a gap: silence put between, or samples that the recorder lost, after which what
    /// is heard goes on as mixed.
    /// </summary>
    private static void AssertGap(float[] mixed, float[] heard, int length)
    {
        int at = mixed.AsSpan().CommonPrefixLength(heard);
        ReadOnlySpan<float> odd = heard.AsSpan(at);
        bool isSilence = odd.Length >= length && odd[..length].IndexOfAnyExcept(0f) < 0;
        bool isLoss = odd.Length < length || mixed.AsSpan(at).IndexOf(odd[..length]) > 0;
        Assert.True(isSilence || isLoss, $"sample {at} of {mixed.Length} is heard as {heard[Math.Min(at, heard.Length - 1)]}, mixed as {mixed[Math.Min(at, mixed.Length - 1)]}");
    }

    /// <summary>The program on a terminal of its own, which <c>script</c> makes.</summary>
    private sealed class Terminal : IDisposable
    {
        private readonly Process _process;
        private readonly StringBuilder _text = new();
        private readonly Task _reading;
        private int _seen;

        public Terminal(IReadOnlyDictionary<string, string> environment, params string[] arguments)
        {
            _process = Aimixer.StartOnTerminal(environment, arguments);
            _reading = Task.Run(Read);
        }

        public string Text
        {
            get
            {
                lock (_text)
                {
                    return _text.ToString();
                }
            }
        }

        public void Press(string keys)
        {
            _process.StandardInput.Write(keys);
            _process.StandardInput.Flush();
        }

        /// <summary>Waits for words after those waited for before.</summary>
        public void WaitFor(string words)
        {
            int at;
            while ((at = Text.IndexOf(words, _seen, StringComparison.Ordinal)) < 0)
            {
                Assert.False(_reading.IsCompleted, $"ended before '{words}':\n{Text}");
                TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
                Thread.Sleep(20);
            }

            _seen = at + words.Length;
        }

        public int WaitForExit()
        {
            _process.WaitForExit();
            _reading.Wait();
            return _process.ExitCode;
        }

        public void Dispose()
        {
            _process.Kill(entireProcessTree: true);
            _process.Dispose();
        }

        private void Read()
        {
            int letter;
            while ((letter = _process.StandardOutput.Read()) >= 0)
            {
                lock (_text)
                {
                    _text.Append((char)letter);
                }
            }
        }
    }
}
