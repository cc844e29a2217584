using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using AiMixer.Training.Data;

namespace AiMixer.Training.Features;

/// <summary>Keeps a <see cref="FeatureSet"/> in a file whose name tells what it was made of.</summary>
internal sealed class FeatureCache
{
    private readonly string _path;

    public FeatureCache(string folder, string recipe, IReadOnlyList<Recording> recordings)
    {
        StringBuilder key = new(recipe);
        foreach (Recording recording in recordings)
        {
            FileInfo file = new(recording.Path);
            key.Append(recording.Name).Append('\t').Append(recording.Class).Append('\t').Append(file.Length).Append('\t')
                .Append(file.LastWriteTimeUtc.Ticks).Append('\n');
        }

        string hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key.ToString())))[..16];
        _path = Path.Combine(folder, $"features-{hash}.bin");
    }

    /// <summary>What was kept, or null.</summary>
    public FeatureSet? Read()
    {
        if (!File.Exists(_path))
        {
            return null;
        }

        using BinaryReader reader = new(File.OpenRead(_path));
        return new FeatureSet(ReadList(reader), ReadList(reader), ReadList(reader));
    }

    /// <summary>Keeps a set: written beside, then renamed, so that what is there is whole.</summary>
    public void Write(FeatureSet set)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
        string unfinished = _path + ".part";
        using (BinaryWriter writer = new(File.Create(unfinished)))
        {
            WriteList(writer, set.Plain);
            WriteList(writer, set.Takes);
            WriteList(writer, set.Treated);
        }

        File.Move(unfinished, _path, overwrite: true);
    }

    private static TakeFrames[] ReadList(BinaryReader reader)
    {
        TakeFrames[] list = new TakeFrames[reader.ReadInt32()];
        for (int i = 0; i < list.Length; ++i)
        {
            int recording = reader.ReadInt32();
            float[] frames = new float[reader.ReadInt32()];
            reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(frames.AsSpan()));
            list[i] = new TakeFrames(recording, frames);
        }

        return list;
    }

    private static void WriteList(BinaryWriter writer, IReadOnlyList<TakeFrames> list)
    {
        writer.Write(list.Count);
        foreach (TakeFrames take in list)
        {
            writer.Write(take.Recording);
            writer.Write(take.Bands.Length);
            writer.Write(MemoryMarshal.AsBytes(take.Bands.AsSpan()));
        }
    }
}
