namespace AiMixer.Cli;

/// <summary>What the process tells its caller when it ends.</summary>
internal enum ExitCode
{
    /// <summary>Everything was done.</summary>
    Done = 0,

    /// <summary>The installation is broken, or something happened that no other code covers.</summary>
    Broken = 1,

    /// <summary>The command line asks for something that does not exist.</summary>
    Usage = 2,

    /// <summary>An input cannot be read.</summary>
    UnreadableInput = 3,

    /// <summary>An output cannot be written.</summary>
    CannotWrite = 4,

    /// <summary>Stopped by Ctrl-C: 128 + SIGINT, as shells count it.</summary>
    Interrupted = 130,
}

/// <summary>Ends the work on a file, or the whole run, with one line for people and one code for scripts.</summary>
internal sealed class Failure(ExitCode code, string message) : Exception(message)
{
    public ExitCode Code { get; } = code;

    public static Failure Usage(string message) => new(ExitCode.Usage, message);

    public static Failure Unreadable(string file, string what) => new(ExitCode.UnreadableInput, $"{file}: {what}");

    public static Failure Unreadable(string file, Exception cause) => Unreadable(file, Reason(cause, "read"));

    public static Failure CannotWrite(string file, string what) => new(ExitCode.CannotWrite, $"{file}: {what}");

    public static Failure CannotWrite(string file, Exception cause) => CannotWrite(file, Reason(cause, "written"));

    /// <summary>True for what the file system throws when it refuses.</summary>
    public static bool IsFileSystem(Exception exception) =>
        exception is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException;

    private static string Reason(Exception cause, string verb) => cause switch
    {
        FileNotFoundException => "no such file",
        DirectoryNotFoundException => "its folder does not exist",
        PathTooLongException => "the path is too long",
        ArgumentOutOfRangeException => $"cannot be {verb}, the file is too large for the file system",
        UnauthorizedAccessException => $"cannot be {verb}, permission denied",
        _ => $"cannot be {verb}, {WithoutPath(cause.Message)}",
    };

    // The runtime appends " : '/the/path'", which may be the temporary name that the user never chose.
    private static string WithoutPath(string message)
    {
        int quote = message.IndexOf(" : '", StringComparison.Ordinal);
        string text = (quote < 0 ? message : message[..quote]).TrimEnd('.');
        return text.Length == 0 ? text : char.ToLowerInvariant(text[0]) + text[1..];
    }
}
