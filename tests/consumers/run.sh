#!/usr/bin/env bash
# Uses the packages of artifacts/packages as a user does, each time published in another way. Every way must print the
# same hash of what it mixed; the samples that of the library they are written beside.
#   run.sh plain|readme|self-contained|single-file|trimmed|wine|samples|tool
set -euo pipefail
cd "$(dirname "$0")/../.."
root=$PWD
way=$1
work=$root/artifacts/consumers
version=$(cat VERSION)
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 MSBUILDDISABLENODEREUSE=1
# Packages of this repository are always those just made; the others may stay.
export NUGET_PACKAGES=$work/packages

fail() {
    echo "consumer $way: $1" >&2
    exit 1
}

compgen -G "artifacts/packages/AiMixer.$version.nupkg" >/dev/null || fail "no packages: run ./build.sh pack first"
rm -rf "$NUGET_PACKAGES"/aimixer*

# publish OPTIONS...: leaves the program in artifacts/consumers/<way>.
publish() {
    rm -rf "${work:?}/$way"
    dotnet publish tests/consumers/Consumer -c Release -v quiet -nologo --artifacts-path "$work/build/$way" -o "$work/$way" "$@"
}

# expect OUTPUT: version, and the bits that the plain way gave.
expect() {
    echo "consumer $way: $(head -1 <<<"$1")"
    [[ "$1" == "$version on "* ]] || fail "it says: $1"
    local hash
    hash=$(sed -n 2p <<<"$1" | tr -d '\r')
    [[ "$hash" =~ ^[0-9a-f]{64}$ ]] || fail "that is no hash: $hash"
    if [ "$way" = plain ]; then echo "$hash" >"$work/hash"; fi
    [ "$hash" = "$(cat "$work/hash")" ] || fail "the mix has hash $hash, the plain way gave $(cat "$work/hash")"
}

# Nothing lies where a library is not found by itself, whatever is set outside.
unset LD_LIBRARY_PATH AIMIXER_NATIVE_DIR
case $way in
    plain)
        publish
        compgen -G "$work/$way/runtimes/*/native/*ai_mixer_core*" >/dev/null || fail "no libraries in runtimes/"
        [ "$(find "$work/$way/runtimes" -name '*ai_mixer_core*' | wc -l)" = 8 ] || fail "not all eight platforms are there"
        expect "$(cd / && dotnet "$work/$way/Consumer.dll")"
        ;;
    readme)
        mkdir -p "$work/Readme"
        cp tests/consumers/Directory.* "$work/Readme/"
        sed -i "s#[$](MSBuildThisFileDirectory)../../#$root/#" "$work/Readme/Directory.Build.props"
        cp tests/consumers/Consumer/Consumer.csproj "$work/Readme/Readme.csproj"
        sed -n '/^```csharp/,/^```/p' packaging/README.md | grep -v '^```' >"$work/Readme/Program.cs"
        said=$(dotnet run --project "$work/Readme" -c Release -v quiet)
        grep -q "LUFS, latency [1-9][0-9]* frames" <<<"$said" || fail "the program of the README says: $said"
        grep -q '"target' <<<"$said" || fail "the program of the README reports no target: $said"
        echo "consumer readme: runs"
        ;;
    self-contained)
        publish -r linux-x64 --self-contained
        expect "$(cd / && env -u DOTNET_ROOT "$work/$way/Consumer")"
        ;;
    single-file)
        publish -r linux-x64 --self-contained -p:PublishSingleFile=true -p:IncludeNativeLibrariesForSelfExtract=true -p:DebugType=none
        [ "$(find "$work/$way" -type f | wc -l)" = 1 ] || fail "more than one file: $(ls "$work/$way")"
        expect "$(cd / && DOTNET_BUNDLE_EXTRACT_BASE_DIR="$work/extracted" "$work/$way/Consumer")"
        ;;
    trimmed)
        publish -r linux-x64 --self-contained -p:PublishTrimmed=true -p:PublishSingleFile=true
        expect "$(cd / && "$work/$way/Consumer")"
        ;;
    wine)
        publish -r win-x64 --self-contained
        export WINEPREFIX=$work/wine-prefix WINEDEBUG=-all DISPLAY=
        expect "$(cd "$work/$way" && wine Consumer.exe 2>"$work/wine.log" || tail -5 "$work/wine.log")"
        ;;
    samples)
        options=(-p:AiMixerPackage="$version" -p:RestoreAdditionalProjectSources="$root/artifacts/packages" --artifacts-path "$work/build/$way")
        for sample in ConsolePlayer OfflineBatch LiveControl RestClient; do
            dotnet build "samples/$sample" -c Release -v quiet -nologo "${options[@]}"
            [ "$(find "$work/build/$way/bin/$sample/release/runtimes" -name '*ai_mixer_core*' | wc -l)" = 8 ] ||
                fail "$sample does not use the package"
        done
        packaged=$(dotnet "$work/build/$way/bin/LiveControl/release/LiveControl.dll" | tail -1)
        dotnet build samples/LiveControl -c Release -v quiet -nologo --artifacts-path "$work/build/repository"
        built=$(dotnet "$work/build/repository/bin/LiveControl/release/LiveControl.dll" | tail -1)
        [[ "$packaged" =~ [0-9a-f]{64}$ ]] || fail "LiveControl says: $packaged"
        [ "$packaged" = "$built" ] || fail "LiveControl with the package says '$packaged', with the library of the repository '$built'"
        echo "consumer samples: $packaged"
        ;;
    tool)
        rm -rf "$work/tool" "$work/tool-mix"
        mkdir -p "$work/tool-mix"
        dotnet tool install AiMixer.Cli --version "$version" --tool-path "$work/tool" --add-source artifacts/packages >/dev/null
        "$work/tool/aimixer" mix samples/media/demo.ogg -o "$work/tool-mix/demo.wav" --target -16 --report "$work/tool-mix/demo.json" >/dev/null
        loudness=$("$work/tool/aimixer" analyze "$work/tool-mix/demo.wav" --json | grep -o '"integratedLufs": *-[0-9.]*' | head -1 | sed 's/.*: *//')
        awk -v l="$loudness" 'BEGIN { exit !(l > -16.05 && l < -15.95) }' || fail "the mix is at '$loudness' LUFS, not at -16"
        echo "consumer tool: mixed the demo clip to $loudness LUFS"
        ;;
    *) fail "there is no such way" ;;
esac
