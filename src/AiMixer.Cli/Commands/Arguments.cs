using AiMixer.Cli.Files;

namespace AiMixer.Cli.Commands;

/// <summary>Checks of arguments that more than one command has.</summary>
internal static class Arguments
{
    /// <summary>
    /// File arguments as they are, unless one is a mistyped option: the parser takes what it does not know for a file.
    /// </summary>
    public static string[] Files(params string[] arguments)
    {
        foreach (string argument in arguments)
        {
            if (argument.Length == 0)
            {
                throw Failure.Usage("a file name is empty");
            }

            if (argument.StartsWith('-') && argument != Device.Standard && !File.Exists(argument))
            {
                throw Failure.Usage($"{argument} is no option of this command (a file of that name is written ./{argument})");
            }
        }

        return arguments;
    }
}
