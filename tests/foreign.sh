#!/usr/bin/env bash
# Runs what Zig builds for another platform, with what this machine has to run it: the table of hashes against the library
# that is packed, or the native tests with the same objects in them. For arm64 GCC compiles the tests themselves: Zig would
# first compile a C++ library for them, which takes longer than everything else.
#   foreign.sh linux-x64|linux-arm64|linux-musl-x64|linux-musl-arm64|win-x64|wasm hashes
#   foreign.sh linux-arm64|linux-musl-x64 tests [OPTIONS OF GOOGLETEST...]
set -euo pipefail
cd "$(dirname "$0")/.."
rid=$1
what=$2
shift 2
build=artifacts/build/$rid
packed=$PWD/artifacts/packaging/native/$rid
table=tests/bit_exactness/hashes.txt

# run PROGRAM ARGUMENTS...
run() {
    case $rid in
        linux-x64) LD_LIBRARY_PATH=$packed "$@" ;;
        linux-arm64) qemu-aarch64 -L /usr/aarch64-linux-gnu -E LD_LIBRARY_PATH="$packed" "$@" ;;
        linux-musl-arm64) qemu-aarch64 -L artifacts/musl-arm64 -E LD_LIBRARY_PATH="$packed" "$@" ;;
        linux-musl-x64) LD_LIBRARY_PATH=$packed /lib/ld-musl-x86_64.so.1 "$@" ;;
        win-x64) WINEPREFIX=$PWD/artifacts/wine WINEDEBUG=-all DISPLAY= wine "$@" ;;
        *) echo "$rid cannot be run here" >&2 && exit 2 ;;
    esac
}

# build TARGET [OPTIONS OF CMAKE...]; what the program says stands alone on the standard output.
build() {
    cmake --preset "$rid" "${@:2}"
    cmake --build --preset "$rid" --target "$1"
} >&2

case $what in
    hashes)
        [ "$rid" = wasm ] || [ -d "$packed" ] || { echo "$packed is missing: run ./build.sh pack first" >&2; exit 1; }
        build aim_bit_exactness
        program=$build/tests/bit_exactness/aim_bit_exactness
        case $rid in
            # Both builds behind the gates.
            linux-x64) AIM_INSTRUCTION_SET=v2 run "$program" --check "$table" ;;
            win-x64) cp "$packed/ai_mixer_core.dll" "$build/tests/bit_exactness/" && program+=.exe ;;
        esac
        if [ "$rid" = wasm ]; then
            node --no-warnings tests/bit_exactness/wasi.mjs "$program.wasm" "$table"
        else
            run "$program" --check "$table"
        fi
        ;;
    tests)
        if [ "$rid" = linux-arm64 ]; then
            build aim_core_static
            build=artifacts/build/tests-arm64
            { cmake --preset tests-arm64 && cmake --build --preset tests-arm64; } >&2
        else
            build aim_tests -DAIM_BUILD_TESTS=ON
        fi
        run "$build/native/aim_tests" "$@"
        ;;
    *) echo "foreign.sh: $what is neither hashes nor tests" >&2 && exit 2 ;;
esac
