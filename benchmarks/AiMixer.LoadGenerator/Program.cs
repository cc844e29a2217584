using System.CommandLine;
using AiMixer.LoadGenerator;

Option<int> streams = new("--streams") { Description = "Streams at once.", DefaultValueFactory = _ => 100 };
Option<int> seconds = new("--seconds") { Description = "How long.", DefaultValueFactory = _ => 60 };
Option<Transport> transport = new("--transport") { Description = "How the streams travel.", DefaultValueFactory = _ => Transport.WebSocket };
Option<int> most = new("--most") { Description = "Streams to try at most.", DefaultValueFactory = _ => 1000 };
Option<int> connections = new("--connections") { Description = "Connections at once.", DefaultValueFactory = _ => 8 };

Command streamsCommand = new("streams", "Runs streams paced in real time and checks every frame; fails when one is late, missing or wrong.") { streams, seconds, transport };
streamsCommand.SetAction((parsed, _) => Measurements.StreamsAsync(parsed.GetValue(streams), parsed.GetValue(seconds), parsed.GetValue(transport)));

Command findCommand = new("find", "Finds how many streams are carried without a late frame.") { most, seconds, transport };
findCommand.SetAction((parsed, _) => Measurements.FindAsync(parsed.GetValue(most), parsed.GetValue(seconds), parsed.GetValue(transport)));

Command jsonCommand = new("json", "Sends frames as JSON to the service and to a bare echo, in turn.") { connections, seconds };
jsonCommand.SetAction((parsed, _) => Measurements.JsonAsync(parsed.GetValue(connections), parsed.GetValue(seconds)));

Command echoCommand = new("echo", "Runs the echo on the port that PORT names.") { Hidden = true };
echoCommand.SetAction(async (_, _) => await Echo.RunAsync());

RootCommand root = new("Measures the service under load, on the machine that it runs on.") { streamsCommand, findCommand, jsonCommand, echoCommand };
return await root.Parse(args).InvokeAsync();
