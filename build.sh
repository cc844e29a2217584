#!/usr/bin/env bash
# Builds, runs and tests AI Mixer. `./build.sh help` tells the verbs. Whatever is made lies in artifacts/.
set -euo pipefail
caller=$PWD
cd "$(dirname "${BASH_SOURCE[0]}")"
root=$PWD

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
# No build servers that outlive the build and keep its files open.
export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0
jobs=$(nproc 2>/dev/null || sysctl -n hw.ncpu 2>/dev/null || echo 2)
onnx_source=${OnnxRuntimeSource:-npm}

usage() {
    cat <<'HELP'
./build.sh VERB

  build                    builds the core and the command line: artifacts/bin/aimixer, artifacts/native/<rid>/
  mix [FILE [OPTIONS]]     builds, mixes FILE (or the demo clip) to <name>.mixed.wav beside it, prints before and after;
                           OPTIONS go to `aimixer mix`, for example --target -14; the demo clip goes to -16 LUFS
  test [PART...]           runs all tests, or the parts named; ends with "N passed, N failed". Parts: tests/run.sh --list
  bench [OPTIONS]          measures the core and the library against their peers, writes benchmarks/results/native.md and
                           managed.md; with OPTIONS, which go to Google Benchmark, it measures the single stages instead
  pack                     builds the core for all eight platforms, checks it and packs it: artifacts/packages holds the NuGet
                           packages AiMixer, AiMixer.Onnx and AiMixer.Cli (a dotnet tool). Linux on x64 only
  train FOLDER [FOLDER...] makes the genre model of folders of recordings, with its report: artifacts/training/model;
                           --ship puts them where the core and the documentation have them; training --help tells the rest
  format [--check]         formats the C++ and C# sources, or only says which are not
  clean                    removes artifacts/
  help                     this text

Missing Debian or Ubuntu packages are installed (with sudo when not root), each with a word on what it is for.
The .NET 10 SDK has to be there.
HELP
}

step() { printf '\033[1m==>\033[0m %s\n' "$*" >&2; }
fail() {
    printf 'build.sh: %s\n' "$*" >&2
    exit 1
}

# Runs a command silently; shows what it said only when it fails.
quietly() {
    local log
    log=$(mktemp)
    if ! "$@" >"$log" 2>&1; then
        cat "$log" >&2
        rm -f "$log"
        fail "failed: $*"
    fi
    rm -f "$log"
}

# ------------------------------------------------------------------------------------------------ packages

missing=()
reasons=()

has_command() { command -v "$1" >/dev/null; }
has_header() { [ -e "/usr/include/$1" ] || compgen -G "/usr/include/*/$1" >/dev/null; }
has_library() { PATH=$PATH:/sbin:/usr/sbin ldconfig -p | grep "$1"; }

# need PACKAGE REASON PROBE...: notes the package when the probe says that it is missing.
need() {
    local package=$1 reason=$2
    shift 2
    "$@" >/dev/null 2>&1 && return
    missing+=("$package")
    reasons+=("$package ($reason)")
}

install_missing() {
    [ ${#missing[@]} -gt 0 ] || return 0
    local as_root=() said
    said=$(printf '%s, ' "${reasons[@]}")
    has_command apt-get || fail "please install: ${said%, }"
    if [ "$(id -u)" != 0 ]; then
        has_command sudo || fail "not root and no sudo; please install: ${said%, }"
        as_root=(sudo)
    fi
    step "Installing ${said%, }"
    local apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=900)
    local install=("${apt[@]}" install -y --no-install-recommends "${missing[@]}")
    # A fresh machine has no package lists, and an old one may have outdated ones.
    if ! "${install[@]}" >/dev/null 2>&1; then
        quietly "${apt[@]}" update
        quietly "${install[@]}"
    fi
    missing=()
    reasons=()
}

need_dotnet() {
    has_command dotnet || fail "the .NET 10 SDK is needed: https://dotnet.microsoft.com/download/dotnet/10.0"
    dotnet --list-sdks | grep -q '^10\.' ||
        fail "the .NET 10 SDK is needed, but dotnet has only: $(dotnet --list-sdks | cut -d' ' -f1 | xargs)"
}

need_for_build() {
    need_dotnet
    need g++ "compiles the core" has_command g++
    need cmake "plans the native build" has_command cmake
    need ninja-build "runs the native build" has_command ninja
    need libsndfile1 "reads and writes audio files" has_library libsndfile.so.1
    install_missing
}

need_for_test() {
    need_for_build
    need clang "second compiler, sanitizers, reads the C header" has_command clang
    need libgtest-dev "native tests" has_header gtest/gtest.h
    need libebur128-dev "loudness oracle" has_header ebur128.h
    need ffmpeg "audio files and loudness oracle" has_command ffmpeg
    need python3-numpy "feature reference" /usr/bin/python3 -c 'import numpy'
    need espeak-ng "speech for tests" has_command espeak-ng
    need librsvg2-bin "draws the plots" has_command rsvg-convert
    [ "$onnx_source" != npm ] || need npm "has ONNX Runtime" has_command npm
    need prometheus "checks the metrics" has_command promtool
    need curl "runs the examples of the service" has_command curl
    need libportaudio2 "plays" has_library libportaudio.so.2
    need libasound2-plugins "plays into the sound server" compgen -G "/usr/lib/*/alsa-lib/libasound_module_pcm_pulse.so"
    need pulseaudio "plays where there is no sound card" has_command pulseaudio
    need pulseaudio-utils "hears what was played" has_command parec
    install_missing
    local clang_major
    clang_major=$(clang -dumpversion | cut -d. -f1)
    need "libclang-rt-$clang_major-dev" "sanitizers and fuzzer" \
        compgen -G "$(clang -print-resource-dir)/lib/linux/libclang_rt.fuzzer-*.a"
    install_missing
}

# What tests compile and run beside the core; nothing else needs it.
install_onnx_runtime() {
    [ "$onnx_source" = npm ] || return 0
    # What is optional is the library for linux-arm64.
    local leave_out=(--omit=optional)
    [ "$(uname -sm)" != "Linux aarch64" ] || leave_out=()
    install_from_npm bindings/OnnxRuntime.Npm "ONNX Runtime" "${leave_out[@]}"
}

# Debian's names may end in a version.
has_tool() { compgen -c "$1" | grep -E "^$1(-[0-9]+)?$"; }

need_for_pack() {
    [ "$(uname -sm)" = "Linux x86_64" ] || fail "packing runs on Linux on x64: that is what npm has Zig for"
    need_dotnet
    need cmake "plans the native build" has_command cmake
    need ninja-build "runs the native build" has_command ninja
    need npm "has Zig, which compiles for every platform" has_command npm
    need llvm "reads the libraries of every platform" has_tool llvm-readobj
    need lld "links for macOS" has_tool ld64.lld
    install_missing
}

# What runs the libraries of other platforms.
need_for_foreign_tests() {
    need musl "runs what is built for musl" test -e /lib/ld-musl-x86_64.so.1
    need qemu-user "runs what is built for arm64" has_command qemu-aarch64
    need g++-aarch64-linux-gnu "compiles the native tests for arm64" has_command aarch64-linux-gnu-g++
    need wine "runs what is built for Windows" has_command wine
    need wine64 "the same, 64 bits" test -e /usr/lib/wine/wine64
    need nodejs "runs WebAssembly" has_command node
    need googletest "native tests for other platforms" test -d /usr/src/googletest/googletest
    install_missing
    fetch_musl_for_arm64
}

# An x64 machine does not install it, but its files can be had beside the system, without a change to it.
fetch_musl_for_arm64() {
    local folder=$root/artifacts/musl-arm64
    [ ! -e "$folder/lib/ld-musl-aarch64.so.1" ] || return 0
    step "Fetching musl for arm64"
    mkdir -p "$folder/apt/lists/partial" "$folder/apt/cache/archives/partial"
    local apt=(apt-get -qq -o APT::Architecture=arm64 -o APT::Architectures=arm64 -o Dir::State::status=/dev/null
        -o Dir::State::lists="$folder/apt/lists" -o Dir::Cache="$folder/apt/cache")
    if ! (cd "$folder/apt" && "${apt[@]}" update && "${apt[@]}" download musl && dpkg-deb -x musl_*.deb ..) >/dev/null 2>&1; then
        step "It cannot be had here: what needs it is skipped"
    fi
}

# Installs what FOLDER/package-lock.json names, unless that has been done.
install_from_npm() {
    local folder=$1 name=$2
    shift 2
    # npm writes this list last, of what it has installed.
    [ "$folder/package-lock.json" -nt "$folder/node_modules/.package-lock.json" ] || return 0
    step "Installing $name from npm"
    (cd "$folder" && quietly npm ci --ignore-scripts --no-audit --no-fund "$@")
}

need_for_bench() {
    need_dotnet
    need g++ "compiles the core" has_command g++
    need cmake "plans the native build" has_command cmake
    need ninja-build "runs the native build" has_command ninja
    need libbenchmark-dev "native benchmarks" has_header benchmark/benchmark.h
    need ffmpeg "signals, and the chain to compare with" has_command ffmpeg
    need sox "another chain to compare with" has_command sox
    need libebur128-dev "loudness meter to compare with" has_header ebur128.h
    need libfftw3-dev "FFT to compare with" has_header fftw3.h
    need libaubio-dev "MFCC to compare with" has_header aubio/aubio.h
    need valgrind "counts instructions" has_command valgrind
    need python3 "writes the tables" has_command python3
    install_missing
}

# --------------------------------------------------------------------------------------------------- verbs

build_native() {
    step "Building the core"
    quietly cmake --preset release
    quietly cmake --build --preset release -j "$jobs"
    quietly cmake --install artifacts/build/release
}

build_command_line() {
    step "Building the command line"
    quietly dotnet publish src/AiMixer.Cli -c Release -v quiet -nologo
    mkdir -p artifacts/bin
    cat >artifacts/bin/aimixer <<'LAUNCHER'
#!/bin/sh
# Runs the command line from any folder, also through a symbolic link.
here=$(dirname "$(readlink -f "$0")")
exec dotnet "$here/../dotnet/publish/AiMixer.Cli/release/AiMixer.Cli.dll" "$@"
LAUNCHER
    chmod +x artifacts/bin/aimixer
}

build() {
    need_for_build
    build_native
    build_command_line
}

mix() {
    local file=$root/samples/media/demo.ogg
    if [ $# -gt 0 ]; then
        file=$1
        shift
        # As the caller meant it, who may stand in another folder.
        [[ $file = /* ]] || file=$caller/$file
    fi
    [ -f "$file" ] || fail "$file: no such file"
    # The demo clip shows what it is about: uneven levels brought to the loudness of a podcast.
    [ "$file" != "$root/samples/media/demo.ogg" ] || [ $# -gt 0 ] || set -- --target -16
    local name
    name=$(basename "$file")
    local output
    output=$(dirname "$file")/${name%.*}.mixed.wav
    case ${name,,} in
        *.opus | *.aac | *.m4a | *.mp4 | *.mov | *.webm | *.mka | *.mkv | *.wma) need ffmpeg "decodes $name" has_command ffmpeg ;;
    esac
    build
    step "Mixing $file"
    artifacts/bin/aimixer mix "$file" -o "$output" "$@"
}

run_tests() {
    if [ "${1:-}" != --list ]; then
        need_for_test
        if [ "$(uname -sm)" = "Linux x86_64" ] && [[ $# = 0 || " $* " =~ \ (pack|consumers|bits-(zig-x64|musl-arm64|win-x64|wasm)|native-(arm64|musl-x64))\  ]]; then
            need_for_pack
            need_for_foreign_tests
        fi
        install_onnx_runtime
    fi
    tests/run.sh "$@"
}

bench() {
    need_for_bench
    if [ $# -eq 0 ]; then
        benchmarks/run.sh
        build_native
        step "Measuring the library from C#"
        quietly dotnet build benchmarks/AiMixer.Benchmarks -c Release -v quiet -nologo
        dotnet artifacts/dotnet/bin/AiMixer.Benchmarks/release/AiMixer.Benchmarks.dll benchmarks/results/managed.md
        return
    fi
    step "Building the benchmarks"
    quietly cmake --preset bench
    quietly cmake --build --preset bench -j "$jobs" --target aim_bench
    artifacts/build/bench/native/aim_bench "$@"
}

packaging() { dotnet artifacts/packaging/dotnet/bin/AiMixer.Packaging/release/AiMixer.Packaging.dll "$@"; }

pack() {
    need_for_pack
    install_from_npm native/toolchains "Zig"
    install_onnx_runtime
    local rid
    rm -rf artifacts/packaging/native artifacts/packaging/symbols
    for rid in linux-x64 linux-arm64 linux-musl-x64 linux-musl-arm64 win-x64 win-arm64 osx-x64 osx-arm64; do
        step "Building the core for $rid"
        quietly cmake --preset "$rid"
        quietly cmake --build --preset "$rid" -j "$jobs"
        quietly cmake --install "artifacts/build/$rid"
    done
    # A folder of its own: other builds may be under way in artifacts/dotnet.
    local project options=(-c Release -v quiet -nologo --artifacts-path "$root/artifacts/packaging/dotnet")
    step "Checking the libraries"
    quietly dotnet build packaging/AiMixer.Packaging "${options[@]}"
    packaging natives
    step "Packing"
    rm -rf artifacts/packages
    for project in AiMixer AiMixer.Onnx AiMixer.Cli; do
        quietly dotnet pack "src/$project" "${options[@]}" -p:PackedForAllPlatforms=true -o artifacts/packages
    done
    packaging packages
    cp -r artifacts/packaging/symbols artifacts/packages/native-symbols
}

# The features are extracted by the core as it is now.
train() {
    need_for_build
    need ffmpeg "reads recordings that libsndfile does not" has_command ffmpeg
    install_missing
    build_native
    step "Building the training"
    quietly dotnet build training/AiMixer.Training -c Release -v quiet -nologo
    local arguments=() ship=false
    for argument in "$@"; do
        case $argument in
            --ship) ship=true ;;
            *) arguments+=("$argument") ;;
        esac
    done
    local made=$root/artifacts/training/model
    # The pages that ship are those to fill in: what is written by hand stays.
    if $ship; then
        mkdir -p "$made"
        cp docs/genre.md docs/genre-decisions.md "$made/"
        arguments+=(--output "$made")
    fi
    local program=$root/artifacts/dotnet/bin/AiMixer.Training/release/AiMixer.Training.dll
    (cd "$caller" && dotnet "$program" --cache "$root/artifacts/training" --output "$made" "${arguments[@]}")
    $ship || return 0
    cp "$made/model_weights.inc" native/src/genre/
    cp "$made/genre.onnx" src/AiMixer.Onnx/
    cp "$made/genre.md" "$made/genre-decisions.md" docs/
    cp "$made/genre-reliability.svg" docs/images/
}

format() {
    need clang-format "formats C and C++" has_command clang-format
    install_missing
    need_dotnet
    local sources=()
    while IFS= read -r -d '' source; do sources+=("$source"); done < <(
        find native/include native/src native/tests native/bench native/fuzz tests/bit_exactness \
            \( -name '*.h' -o -name '*.cpp' \) -print0 2>/dev/null)
    if [ "${1:-}" = --check ]; then
        clang-format --dry-run -Werror "${sources[@]}"
        dotnet format AiMixer.sln --verify-no-changes
    else
        clang-format -i "${sources[@]}"
        dotnet format AiMixer.sln
    fi
}

verb=${1:-help}
[ $# -eq 0 ] || shift
case $verb in
    build) build ;;
    mix) mix "$@" ;;
    test) run_tests "$@" ;;
    bench) bench "$@" ;;
    pack) pack ;;
    train) train "$@" ;;
    format) format "$@" ;;
    clean) rm -rf artifacts ;;
    help | -h | --help) usage ;;
    *)
        usage >&2
        fail "no verb '$verb'"
        ;;
esac
