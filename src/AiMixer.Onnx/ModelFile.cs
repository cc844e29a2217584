using System.Globalization;
using System.Reflection;

namespace AiMixer;

/// <summary>The bytes of a model, never more than a model may have.</summary>
internal static class ModelFile
{
    private const string Shipped = "genre.onnx";

    /// <summary>The model that ships with the library.</summary>
    internal static byte[] ReadShipped()
    {
        using Stream resource = Assembly.GetExecutingAssembly().GetManifestResourceStream(Shipped)
            ?? throw new InvalidOperationException($"{Shipped} is missing in the assembly.");
        return Read(resource);
    }

    internal static byte[] Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        return Read(file);
    }

    /// <summary>Reads to the end; a stream without one is left as soon as it has given too much.</summary>
    internal static byte[] Read(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        if (stream.CanSeek)
        {
            Check(stream.Length - stream.Position);
        }

        using MemoryStream bytes = new();
        byte[] piece = new byte[81_920];
        for (int read; (read = stream.Read(piece)) > 0;)
        {
            Check(bytes.Length + read);
            bytes.Write(piece, 0, read);
        }

        return bytes.ToArray();
    }

    internal static void Check(byte[] model)
    {
        ArgumentNullException.ThrowIfNull(model);
        Check((long)model.Length);
        if (model.Length == 0)
        {
            throw new OnnxModelException("The model is empty: there is not one byte.");
        }
    }

    private static void Check(long bytes)
    {
        if (bytes > OnnxGenreClassifier.ModelBytesMaximum)
        {
            throw new OnnxModelException(string.Create(
                CultureInfo.InvariantCulture,
                $"The model has {bytes} bytes or more; up to {OnnxGenreClassifier.ModelBytesMaximum} are allowed."));
        }
    }
}
