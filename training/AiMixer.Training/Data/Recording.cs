namespace AiMixer.Training.Data;

/// <summary>One sound file with what is known of it.</summary>
/// <param name="Path">Where the file lies.</param>
/// <param name="Name">Its path within the folder, with forward slashes.</param>
/// <param name="Class">Index into <see cref="GenreClass.Names"/>.</param>
/// <param name="Group">Artist, speaker, package or album: never on both sides of a split.</param>
/// <param name="Rendered">Made from notes by a synthesiser rather than recorded.</param>
/// <param name="Source">Where it comes from; empty when unknown.</param>
/// <param name="Licence">What its source says; empty when unknown.</param>
internal sealed record Recording(
    string Path, string Name, int Class, string Group, bool Rendered, string Source, string Licence);
