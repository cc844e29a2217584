#!/usr/bin/env bash
# The table of hashes against what is packed for another platform: builds the program that hashes, with Zig, and runs it
# with what this machine has to run it.
#   foreign.sh linux-x64|linux-arm64|linux-musl-x64|win-x64|wasm
set -euo pipefail
cd "$(dirname "$0")/../.."
rid=$1
build=artifacts/build/$rid/tests/bit_exactness
table=tests/bit_exactness/hashes.txt
packed=$PWD/artifacts/packaging/native/$rid

[ "$rid" = wasm ] || [ -d "$packed" ] || { echo "$packed is missing: run ./build.sh pack first" >&2; exit 1; }
cmake --preset "$rid"
cmake --build --preset "$rid" --target aim_bit_exactness
case $rid in
    linux-x64)
        # Both builds behind the gates.
        LD_LIBRARY_PATH=$packed AIM_INSTRUCTION_SET=v2 "$build/aim_bit_exactness" --check "$table"
        LD_LIBRARY_PATH=$packed "$build/aim_bit_exactness" --check "$table"
        ;;
    linux-arm64) qemu-aarch64 -L /usr/aarch64-linux-gnu -E LD_LIBRARY_PATH="$packed" "$build/aim_bit_exactness" --check "$table" ;;
    linux-musl-x64) LD_LIBRARY_PATH=$packed /lib/ld-musl-x86_64.so.1 "$build/aim_bit_exactness" --check "$table" ;;
    win-x64)
        cp "$packed/ai_mixer_core.dll" "$build/"
        WINEPREFIX=$PWD/artifacts/wine WINEDEBUG=-all DISPLAY= wine "$build/aim_bit_exactness.exe" --check "$table"
        ;;
    wasm) node --no-warnings tests/bit_exactness/wasi.mjs "$build/aim_bit_exactness.wasm" "$table" ;;
    *) echo "$rid cannot be run here" >&2; exit 2 ;;
esac
