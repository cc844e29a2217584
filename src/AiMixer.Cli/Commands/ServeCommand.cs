using System.CommandLine;
using AiMixer.Server.Hosting;

namespace AiMixer.Cli.Commands;

/// <summary><c>aimixer serve</c>: the REST service.</summary>
/// <param name="beginServing">Called before: from there on the server itself answers to signals.</param>
internal sealed class ServeCommand(Action beginServing)
{
    public const string Name = "serve";

    public const string Notes = """
        Everything else is set by environment variables, checked at the start; docs/API_DOCUMENTATION.md has them all:
          SAMPLE_RATE (48000)   FRAME_SIZE (960)   MAX_STREAMS (100)   LOG_LEVEL (INFO)   REGION (local)
          HOST (localhost)      PORT (8080)        H2C_PORT (none)     MAX_BODY_BYTES     STREAM_IDLE_SECONDS   DRAIN_SECONDS

        The reference of the API is at http://localhost:8080/reference. SIGTERM and Ctrl-C end it in good order: running
        streams are told and may finish.

        Examples:
          aimixer serve
          aimixer serve --port 9000
          MAX_STREAMS=500 LOG_LEVEL=WARN aimixer serve

        """;

    private readonly Option<string?> _host = new("--host")
    {
        Description = "Address to listen on, instead of HOST.",
        HelpName = "ADDRESS",
    };

    private readonly Option<string?> _port = new("--port")
    {
        Description = "Port to listen on, instead of PORT.",
        HelpName = "PORT",
    };

    public Command Build()
    {
        Command command = new(Name, "Serves mixing over HTTP: buffers, uploads, live streams.");
        command.Options.Add(_host);
        command.Options.Add(_port);
        command.SetAction(parsed =>
        {
            beginServing();
            string? host = parsed.GetValue(_host);
            string? port = parsed.GetValue(_port);

            // The server ends with codes of the same meaning.
            return ServerHost.RunAsync(
                name => name switch
                {
                    "HOST" when host is not null => host,
                    "PORT" when port is not null => port,
                    _ => Environment.GetEnvironmentVariable(name),
                },
                Console.Error).GetAwaiter().GetResult();
        });
        return command;
    }
}
