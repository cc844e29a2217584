using System.Globalization;
using AiMixer.Training;
using AiMixer.Training.Data;

if (args is [] or ["--help"] or ["-h"])
{
    Console.WriteLine(TrainCommand.Help);
    return args.Length == 0 ? 2 : 0;
}

try
{
    TrainCommand.Parse(args).Run(line => Console.Error.WriteLine(
        $"{DateTime.Now.ToString("HH:mm:ss", CultureInfo.InvariantCulture)} {line}"));
    return 0;
}
catch (ArgumentException exception)
{
    Console.Error.WriteLine($"{exception.Message} (--help tells more)");
    return 2;
}
catch (Exception exception) when (exception is DataException || exception is AggregateException { InnerException: DataException })
{
    Console.Error.WriteLine(exception is DataException ? exception.Message : exception.InnerException!.Message);
    return 3;
}
