using AiMixer.Server.Hosting;

return await ServerHost.RunAsync(Environment.GetEnvironmentVariable, Console.Error);
