#!/usr/bin/env bash
# Dependencies run one way only: what docs/architecture.md draws, read from the includes and project references.
set -euo pipefail
cd "$(dirname "$0")/../.."
wrong=0

complain() {
    echo "layers: $1" >&2
    wrong=1
}

# The rooms that a file of a room may include from; "." is the door, native/src itself.
declare -A below=(
    [base]=""
    [dynamics]="base"
    [tone]="base"
    [metering]="base"
    [analysis]="base"
    [genre]="base analysis"
    [engine]="base dynamics tone metering genre"
    [.]="base engine metering analysis genre"
)
mapfile -t files < <(find native/src -name '*.h' -o -name '*.cpp')
[ "${#files[@]}" -gt 20 ] || complain "native/src has only ${#files[@]} files"
for file in "${files[@]}"; do
    room=$(dirname "${file#native/src/}")
    [ -v "below[$room]" ] || { complain "a room that the architecture does not name: $room"; continue; }
    for other in $(sed -nE 's|.*#include "([a-z_]+)/[a-z_0-9]+\.h".*|\1|p' "$file"); do
        [[ " $room ${below[$room]} " == *" $other "* ]] || complain "$file includes from '$other'"
    done
done

# The audio path knows no mathematical library and no streams.
foreign=$(grep -rE '#include <(cmath|math\.h|iostream|vector|string|mutex)>' native/src || true)
[ -z "$foreign" ] || complain "$foreign"

declare -A references=(
    [bindings/AiMixer.Bindings/AiMixer.Bindings.csproj]=""
    [bindings/AiMixer.Bindings.Generator/AiMixer.Bindings.Generator.csproj]=""
    [src/AiMixer/AiMixer.csproj]="AiMixer.Bindings"
    [src/AiMixer.Server/AiMixer.Server.csproj]="AiMixer"
    [src/AiMixer.PortAudio/AiMixer.PortAudio.csproj]=""
    [src/AiMixer.NAudio/AiMixer.NAudio.csproj]="AiMixer"
    # `aimixer serve` is the server's own host.
    [src/AiMixer.Cli/AiMixer.Cli.csproj]="AiMixer AiMixer.PortAudio AiMixer.Server"
    [src/AiMixer.Onnx/AiMixer.Onnx.csproj]="AiMixer OnnxRuntime.Npm"
)
for project in "${!references[@]}"; do
    [ -s "$project" ] || { complain "$project is missing"; continue; }
    for other in $(sed -nE 's|.*<ProjectReference Include="[^"]*[\\/]([A-Za-z.]+)\.csproj".*|\1|p' "$project"); do
        [[ " ${references[$project]} " == *" $other "* ]] || complain "$project refers to $other"
    done
done

[ "$wrong" != 0 ] || echo "layers: ${#files[@]} files and ${#references[@]} projects"
exit "$wrong"
