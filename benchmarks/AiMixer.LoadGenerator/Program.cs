using System.CommandLine;
using AiMixer;
using AiMixer.LoadGenerator;

// Read by the runtime when the first socket is opened. The echo is measured, and runs without.
if (args is not ["echo"])
{
    Environment.SetEnvironmentVariable(ServerProcess.InlineCompletions, "1");
}

Option<int> streams = new("--streams") { Description = "Streams at once.", DefaultValueFactory = _ => 100 };
Option<int> seconds = new("--seconds") { Description = "How long.", DefaultValueFactory = _ => 60 };
Option<Transport> transport = new("--transport") { Description = "How the streams travel.", DefaultValueFactory = _ => Transport.WebSocket };
Option<int> most = new("--most") { Description = "Streams to try at most.", DefaultValueFactory = _ => 1000 };
Option<FrameFormat> format = new("--format") { Description = "How the frames travel.", DefaultValueFactory = _ => FrameFormat.Json };
Option<Genre> genre = new("--genre") { Description = "Whose profile mixes the frames.", DefaultValueFactory = _ => Genre.Rock };
Option<int> connections = new("--connections") { Description = "Connections at once.", DefaultValueFactory = _ => 8 };

Command streamsCommand = new("streams", "Runs streams paced in real time and checks every frame; fails when one is late, missing or wrong.") { streams, seconds, transport };
streamsCommand.SetAction((parsed, _) => Measurements.StreamsAsync(parsed.GetValue(streams), parsed.GetValue(seconds), parsed.GetValue(transport)));

Command findCommand = new("find", "Finds how many streams are carried without a late frame.") { most, seconds, transport };
findCommand.SetAction((parsed, _) => Measurements.FindAsync(parsed.GetValue(most), parsed.GetValue(seconds), parsed.GetValue(transport)));

Command overheadCommand = new("overhead", "Runs streams against the service and against a bare echo, in turn.") { streams, seconds };
overheadCommand.SetAction((parsed, _) => Measurements.OverheadAsync(parsed.GetValue(streams), parsed.GetValue(seconds)));

Command framesCommand = new("frames", "Sends frames to the service and to a bare echo, in turn.") { format, genre, connections, seconds };
framesCommand.SetAction((parsed, _) => Measurements.FramesAsync(parsed.GetValue(format), parsed.GetValue(genre), parsed.GetValue(connections), parsed.GetValue(seconds)));

Command textCommand = new("text", "Reads and writes a frame as JSON, with the service's own code and with System.Text.Json, in turn.");
textCommand.SetAction(_ => TextSpeed.Run());

Command echoCommand = new("echo", "Runs the echo on the port that PORT names.") { Hidden = true };
echoCommand.SetAction(async (_, _) => await Echo.RunAsync());

RootCommand root = new("Measures the service under load, on the machine that it runs on.") { streamsCommand, findCommand, overheadCommand, framesCommand, textCommand, echoCommand };
return await root.Parse(args).InvokeAsync();
