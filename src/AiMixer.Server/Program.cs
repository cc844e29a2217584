using AiMixer.Server.Hosting;
using AiMixer.Server.Security;

return args.Length == 0
    ? await ServerHost.RunAsync(Environment.GetEnvironmentVariable, Console.Error)
    : ApiKeyCommand.Run(args, Console.Out, Console.Error);
