using System.Collections.Immutable;
using System.CommandLine;
using AiMixer.Cli.Terminal;

namespace AiMixer.Cli.Commands;

/// <summary><c>aimixer profile</c>: the mix profiles that come with the program, and the check of one's own.</summary>
internal static class ProfileCommand
{
    public const string Name = "profile";

    public const string Notes = """
        A profile of your own names the parameters that it sets; all others keep their default. Thresholds with
        threshold_relative 1 are relative to leveler.target_lufs. "whole_files" says what gives a file its level while
        leveler.enabled is 1: "leveler", or "one gain", which keeps its dynamics.

        Examples:
          aimixer profile list
          aimixer profile show speech > mine.json
          aimixer profile check mine.json
          aimixer mix talk.wav -o mixed.wav --profile mine.json

        """;

    public static Command Build()
    {
        Command command = new(Name, "Shows the mix profiles that come with the program, and checks your own.");
        command.Subcommands.Add(List());
        command.Subcommands.Add(Show());
        command.Subcommands.Add(Check());
        return command;
    }

    private static Command List()
    {
        Command command = new("list", "Lists them, one a line: name, version, and what each is for.");
        command.SetAction(_ =>
        {
            foreach (MixProfile profile in MixProfile.BuiltIn)
            {
                Console.Out.WriteLine($"{profile.Name,-12}{profile.Version,3}  {profile.Description}");
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

    private static Command Check()
    {
        Argument<string> file = new("FILE") { Description = "A profile as 'aimixer profile show' writes it." };
        Command command = new("check", "Says whether a file is a profile, and if not, everything that is wrong with it.");
        command.Arguments.Add(file);
        command.SetAction(parsed =>
        {
            string path = Arguments.Files(parsed.GetValue(file)!)[0];
            ImmutableArray<string> problems = MixProfile.Check(ProfileOptions.ReadText(path));
            foreach (string problem in problems)
            {
                Messages.Error($"{path}: {problem}");
            }

            if (!problems.IsEmpty)
            {
                return (int)ExitCode.UnreadableInput;
            }

            Console.Out.WriteLine("ok");
            return (int)ExitCode.Done;
        });
        return command;
    }
}
