namespace AiMixer.Cli.Terminal;

/// <summary>What is said to people, one line each, on standard error.</summary>
internal static class Messages
{
    public static void Error(string text) => Write(text);

    public static void Warning(string text) => Write($"warning: {text}");

    public static void Note(string text) => Write($"note: {text}");

    /// <summary>What is wrong with the installation, which may take more than one line to explain.</summary>
    public static void Broken(string text) => Console.Error.WriteLine($"aimixer: {text}");

    // File names may hold line breaks and escape sequences; a message is one line and leaves the terminal alone.
    private static void Write(string text) => Console.Error.WriteLine(
        string.Create(text.Length, text, static (line, source) =>
        {
            for (int i = 0; i < source.Length; i++)
            {
                line[i] = source[i] is '\n' or '\r' or '\t' ? ' ' : char.IsControl(source[i]) ? '?' : source[i];
            }
        }).Insert(0, "aimixer: "));
}
