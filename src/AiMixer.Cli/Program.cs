using AiMixer;
using AiMixer.Cli;
using AiMixer.Cli.Commands;
using AiMixer.Cli.Terminal;

using Interruption interruption = new();
try
{
    return (int)CommandLine.Run(args, interruption.Dispose, interruption.Token);
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
catch (Exception exception)
{
    // Last resort: whatever it was, outputs were cleaned up on the way here and the caller gets one line and a code.
    // A library that is missing or too old explains itself, inside the exception of the type that needed it.
    Exception cause = exception is TypeInitializationException { InnerException: { } inner } ? inner : exception;
    Messages.Broken(cause is Failure or DllNotFoundException or AiMixerException
        ? cause.Message
        : $"unexpected {cause.GetType().Name}: {cause.Message}");
    return (int)ExitCode.Broken;
}
