using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace AiMixer;

/// <summary>Whether ONNX Runtime's native library is there, and what to do when it is not.</summary>
internal static class OnnxRuntimeLibrary
{
    // Once it could not be loaded, this process never will.
    private static readonly Lazy<Exception?> Failure = new(Load);

    internal static bool IsAvailable => Failure.Value is null;

    /// <exception cref="DllNotFoundException">It cannot be loaded; the message tells why and what to do.</exception>
    internal static void Require()
    {
        if (Failure.Value is { } failure)
        {
            throw new DllNotFoundException(
                $"ONNX Runtime's native library could not be loaded on {RuntimeInformation.RuntimeIdentifier}: " +
                $"{failure.Message.Trim()}\n" +
                "What to do: publish with the RID of this machine, which puts the library of the package " +
                "Microsoft.ML.OnnxRuntime beside the program. There is none for musl (Alpine Linux) and for macOS on x64: " +
                $"use {nameof(GenreClassifier)} there, the recognition built into the core, which gives the same answers. " +
                $"{nameof(OnnxGenreClassifier)}.{nameof(OnnxGenreClassifier.IsSupported)} tells beforehand.",
                failure);
        }
    }

    private static Exception? Load()
    {
        try
        {
            // The first object of any kind binds the library.
            using SessionOptions options = new();
            return null;
        }
        catch (Exception exception) when (exception is TypeInitializationException or DllNotFoundException
            or BadImageFormatException or EntryPointNotFoundException)
        {
            return exception is TypeInitializationException { InnerException: { } inner } ? inner : exception;
        }
    }
}
