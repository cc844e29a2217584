using System.CommandLine;

namespace AiMixer.Cli.Commands;

/// <summary><c>aimixer profile</c>: the mix profiles that come with the program.</summary>
internal static class ProfileCommand
{
    public static Command Build()
    {
        Command command = new("profile", "Shows the mix profiles that come with the program.");
        command.Subcommands.Add(List());
        command.Subcommands.Add(Show());
        return command;
    }

    private static Command List()
    {
        Command command = new("list", "Lists their names, one a line, with what each is for.");
        command.SetAction(_ =>
        {
            foreach (MixProfile profile in MixProfile.BuiltIn)
            {
                Console.Out.WriteLine($"{profile.Name,-12}  {profile.Description}");
            }

            return (int)ExitCode.Done;
        });
        return command;
    }

    private static Command Show()
    {
        Argument<string> name = new("NAME") { Description = "A name that 'aimixer profile list' shows." };
        Command command = new("show", "Prints a profile as JSON: change it and give it to 'aimixer mix --profile'.");
        command.Arguments.Add(name);
        command.SetAction(parsed =>
        {
            Console.Out.WriteLine(ProfileOptions.BuiltIn("profile ", parsed.GetValue(name)!).ToJson());
            return (int)ExitCode.Done;
        });
        return command;
    }
}
