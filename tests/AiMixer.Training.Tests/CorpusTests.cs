using AiMixer.Training.Data;

namespace AiMixer.Training.Tests;

/// <summary>What a folder of recordings must look like, and what is said when it does not.</summary>
public sealed class CorpusTests : IDisposable
{
    private const string Header = "file\tclass\tgroup\tseconds\tkind\tsource\tlicence\tevidence";
    private readonly string _folder = Directory.CreateTempSubdirectory("corpus").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_manifest_is_read_with_everything_that_it_tells()
    {
        Manifest(TwoOfEach("jazz/combo.wav\tjazz\tband\t1\trendered\tDebian package mma\tGPL\ttags"));
        Recording combo = Read().Single(r => r.Name == "jazz/combo.wav");
        Assert.Equal(2, combo.Class);
        Assert.Equal("band", combo.Group);
        Assert.True(combo.Rendered);
        Assert.Equal("Debian package mma", combo.Source);
        Assert.Equal("GPL", combo.Licence);
    }

    [Fact]
    public void The_order_is_that_of_the_names_whatever_the_manifest_says()
    {
        string[] rows = TwoOfEach();
        Manifest(rows);
        string[] forwards = [.. Read().Select(r => r.Name)];
        Manifest([.. rows.Reverse()]);
        Assert.Equal(forwards, Read().Select(r => r.Name));
    }

    [Fact]
    public void Without_a_manifest_folders_tell_class_and_group()
    {
        foreach (string name in GenreClass.Names)
        {
            Touch($"{name}/artist/one.flac");
            Touch($"{name}/artist/cover.jpg");
            Touch($"{name}/loose.mp3");
        }

        IReadOnlyList<Recording> recordings = Read();
        Assert.Equal(10, recordings.Count);
        Assert.Equal("artist", recordings.Single(r => r.Name == "rock/artist/one.flac").Group);
        Assert.Equal("loose", recordings.Single(r => r.Name == "rock/loose.mp3").Group);
    }

    [Theory]
    [InlineData("x.wav\tpolka\tg\t1\trecording\ts\tl\te", "line 12: 'polka' is no class; there are speech, rock, jazz, electronic, classical")]
    [InlineData("x.wav\trock\t\t1\trecording\ts\tl\te", "line 12: x.wav has no group")]
    [InlineData("missing.wav\trock\tg\t1\trecording\ts\tl\te", "line 12: missing.wav does not exist")]
    [InlineData("../outside.wav\trock\tg\t1\trecording\ts\tl\te", "line 12: ../outside.wav lies outside")]
    [InlineData("/etc/hostname\trock\tg\t1\trecording\ts\tl\te", "line 12: /etc/hostname lies outside")]
    [InlineData("rock/0.wav\trock\tg\t1\trecording\ts\tl\te", "line 12: rock/0.wav is listed twice")]
    [InlineData("x.wav\trock", "line 12: 2 cells, but the first line has 8")]
    public void A_wrong_line_is_named_with_what_is_wrong(string row, string message)
    {
        Touch("x.wav");
        string[] rows = TwoOfEach();
        Manifest(rows);
        File.WriteAllLines(Path.Combine(_folder, Corpus.ManifestName), [Header, .. rows, row]);
        DataException exception = Assert.Throws<DataException>(() => Corpus.Read(_folder));
        Assert.Contains(message, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_manifest_without_a_needed_column_is_refused()
    {
        File.WriteAllText(Path.Combine(_folder, Corpus.ManifestName), "file\tclass\n");
        Assert.Contains("names no column 'group'", Assert.Throws<DataException>(() => Corpus.Read(_folder)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_class_with_one_group_is_refused()
    {
        Manifest([.. TwoOfEach().Where(r => !r.Contains("jazz-1", StringComparison.Ordinal))]);
        Assert.Contains("jazz has 1 group(s)", Assert.Throws<DataException>(() => Corpus.Read(_folder)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_is_not_there_is_refused() =>
        Assert.Throws<DataException>(() => Corpus.Read(Path.Combine(_folder, "nowhere")));

    [Fact]
    public void A_file_that_is_no_sound_is_refused_by_name()
    {
        Touch("noise.wav");
        string path = Path.Combine(_folder, "noise.wav");
        Assert.Contains(path, Assert.Throws<DataException>(() => SoundFile.Decode(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_class_may_lie_in_several_folders_and_a_folder_may_hold_a_few_classes_only()
    {
        string[] rows = TwoOfEach();
        bool Jazz(string row) => row.StartsWith("jazz/", StringComparison.Ordinal);
        Manifest([.. rows.Where(r => !Jazz(r)), "jazz/0.wav\tjazz\tjazz-0\t1\trecording\tsource\tCC0\ttest"]);
        string more = Path.Combine(_folder, "more");
        Directory.CreateDirectory(Path.Combine(more, "jazz", "quartet"));
        File.WriteAllText(Path.Combine(more, "jazz", "quartet", "blues.wav"), "not sound");
        Assert.Contains("jazz has 1 group(s)", Assert.Throws<DataException>(() => Read()).Message, StringComparison.Ordinal);
        Assert.Equal([9, 1], Corpus.Read(_folder, more).Select(f => f.Count));
    }

    private IReadOnlyList<Recording> Read() => Corpus.Read(_folder).Single();

    private static string[] TwoOfEach(params string[] more) =>
    [
        .. GenreClass.Names.SelectMany(name => new[] { 0, 1 }.Select(
            i => $"{name}/{i}.wav\t{name}\t{name}-{i}\t1\trecording\tsource {name} {i}\tCC0\ttest")),
        .. more,
    ];

    private void Manifest(string[] rows)
    {
        foreach (string row in rows)
        {
            Touch(row.Split('\t')[0]);
        }

        File.WriteAllLines(Path.Combine(_folder, Corpus.ManifestName), [Header, .. rows]);
    }

    private void Touch(string name)
    {
        string path = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, "not sound");
    }
}
