using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace AiMixer.Cli.Files;

/// <summary>What a sound file says about itself: carried from the input to the output.</summary>
/// <param name="Values">Text by libsndfile's SF_STR number.</param>
internal sealed record SoundTags(ImmutableSortedDictionary<int, string> Values)
{
    // SF_STR_TITLE, COPYRIGHT, ARTIST, COMMENT, DATE, ALBUM, LICENSE, TRACKNUMBER, GENRE. Not SOFTWARE: that is us now.
    private static readonly int[] Kinds = [0x01, 0x02, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09, 0x10];

    public static unsafe SoundTags ReadFrom(SoundFileHandle file)
    {
        var values = ImmutableSortedDictionary.CreateBuilder<int, string>();
        foreach (int kind in Kinds)
        {
            if (Marshal.PtrToStringUTF8((nint)SoundLibrary.sf_get_string(file, kind)) is { Length: > 0 } text)
            {
                values[kind] = text;
            }
        }

        return new SoundTags(values.ToImmutable());
    }

    /// <summary>Before the first sample. A format that cannot hold a tag goes without it.</summary>
    public void WriteTo(SoundFileHandle file)
    {
        foreach ((int kind, string text) in Values)
        {
            _ = SoundLibrary.sf_set_string(file, kind, text);
        }
    }
}
