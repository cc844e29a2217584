using AiMixer.Bindings.Generator;

return Command.Run(args, Console.Out, Console.Error);
