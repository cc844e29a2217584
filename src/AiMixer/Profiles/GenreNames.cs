namespace AiMixer;

/// <summary>The names of genres, as profiles, reports and command lines spell them.</summary>
public static class GenreNames
{
    /// <summary>The name of a genre: that of its profile, or "auto".</summary>
    /// <param name="genre">The genre.</param>
    /// <returns>The name, in lower case.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such genre.</exception>
    public static string ProfileName(this Genre genre) =>
        genre == Genre.Auto ? "auto" : MixProfile.For(genre).Name;
}
