using AiMixer;
using AiMixer.Cli;
using AiMixer.Cli.Commands;
using AiMixer.Cli.Terminal;

using Interruption interruption = new();
try
{
    return (int)CommandLine.Run(args, interruption.Token);
}
catch (Failure failure)
{
    Messages.Error(failure.Message);
    return (int)failure.Code;
}
catch (OperationCanceledException)
{
    Messages.Error("stopped; nothing unfinished was left behind");
    return (int)ExitCode.Interrupted;
}
catch (Exception exception) when (exception is DllNotFoundException or TypeInitializationException or AiMixerException)
{
    // The library's own messages say what is missing and what to do about it.
    Messages.Error((exception.InnerException ?? exception).Message);
    return (int)ExitCode.Broken;
}
