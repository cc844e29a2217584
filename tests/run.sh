#!/usr/bin/env bash
# Runs every part of the test suite, two at a time, and adds up what all the runners counted.
#   run.sh [--list] [PART...]
# The last line is `N passed, N failed`. A part that does not build or breaks off counts as a failure.
set -euo pipefail
cd "$(dirname "$0")/.."
results=$PWD/artifacts/test
fuzz_seconds=${FUZZ_SECONDS:-60}
at_a_time=2
jobs=$(nproc 2>/dev/null || sysctl -n hw.ncpu 2>/dev/null || echo 2)

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 MSBUILDDISABLENODEREUSE=1
export ASAN_OPTIONS=detect_leaks=1:strict_string_checks=1 UBSAN_OPTIONS=print_stacktrace=1
export TSAN_OPTIONS=halt_on_error=1

# What the others stand on goes first, alone.
first=(build)
# Longest first, so that the two lanes end together.
parts=(asan managed native fuzz tsan bits-clang-O3 bits-clang-O0 bits-gcc-scalar bits-gcc-O0 reference structure)
# What is packed, on the platform that it is for or on what stands for it here. Npm has Zig for Linux on x64 only.
after_pack=()
if [ "$(uname -sm)" = "Linux x86_64" ]; then
    parts=(pack asan native-arm64 managed native native-musl-x64 consumers bits-musl-arm64 bits-wasm bits-win-x64 bits-zig-x64
        "${parts[@]:3}")
    # They need what it makes.
    after_pack=(native-arm64 native-musl-x64 consumers bits-musl-arm64 bits-wasm bits-win-x64 bits-zig-x64)
fi

# ------------------------------------------------------------------------------------------------- counting

# count PASSED FAILED SKIPPED: what one runner of the present part says.
count() { echo "$1 $2 $3" >>"$results/$part.counts"; }

# A check that is a script or a program of its own counts as one.
check() {
    if "$@"; then count 1 0 0; else count 0 1 0; fi
}

count_gtest() {
    local tests failures disabled skipped
    tests=$(sed -n 's/^  "tests": \([0-9]*\),$/\1/p' "$1")
    failures=$(sed -n 's/^  "failures": \([0-9]*\),$/\1/p' "$1")
    disabled=$(sed -n 's/^  "disabled": \([0-9]*\),$/\1/p' "$1")
    skipped=$(grep -c '"result": "SKIPPED"' "$1" || true)
    count $((tests - failures - disabled - skipped)) "$failures" $((disabled + skipped))
}

count_trx() {
    local counters total executed passed
    counters=$(grep -o '<Counters [^>]*>' "$1")
    total=$(sed 's/.* total="\([0-9]*\)".*/\1/' <<<"$counters")
    executed=$(sed 's/.* executed="\([0-9]*\)".*/\1/' <<<"$counters")
    passed=$(sed 's/.* passed="\([0-9]*\)".*/\1/' <<<"$counters")
    count "$passed" $((executed - passed)) $((total - executed))
}

# ---------------------------------------------------------------------------------------------------- parts

host_library() {
    local machine=x64
    case $(uname -m) in aarch64 | arm64) machine=arm64 ;; esac
    echo "artifacts/native/linux-$machine/libai_mixer_core.so"
}

build_preset() {
    local preset=$1
    shift
    cmake --preset "$preset"
    cmake --build --preset "$preset" -j "$jobs" "$@"
}

# gtest RUNNER...: one that breaks off has written no report; its exit code tells.
gtest() {
    local status=0
    "$@" "--gtest_output=json:$results/$part.json" --gtest_brief=1 || status=$?
    [ ! -f "$results/$part.json" ] || count_gtest "$results/$part.json"
    return "$status"
}

native_tests() {
    build_preset "$1" --target aim_tests
    gtest "artifacts/build/$1/native/aim_tests"
}

bits() {
    build_preset "$1" --target aim_bit_exactness
    check "artifacts/build/$1/tests/bit_exactness/aim_bit_exactness" --check tests/bit_exactness/hashes.txt
}

part_build() { check ./build.sh build; }
# Together, because two parts must not build in one folder at the same time.
part_native() {
    bits gcc-release
    [ "$(uname -m)" != x86_64 ] || check tests/structure/dispatch.sh artifacts/build/gcc-release
    native_tests gcc-release
}
part_asan() { native_tests asan; }
part_tsan() { native_tests tsan; }
part_bits-gcc-O0() { bits gcc-debug; }
part_bits-gcc-scalar() { bits gcc-scalar; }
part_bits-clang-O3() { bits clang-release; }
part_bits-clang-O0() { bits clang-debug; }

# Not run, for want of anything that runs them: win-arm64, osx-x64 and osx-arm64. Packing reads their files.
part_pack() {
    check ./build.sh pack
    check tests/packaging/stops.sh
}
part_bits-zig-x64() { check tests/foreign.sh linux-x64 hashes; }
part_bits-win-x64() { check tests/foreign.sh win-x64 hashes; }
part_bits-musl-arm64() {
    if [ -e artifacts/musl-arm64/lib/ld-musl-aarch64.so.1 ]; then
        check tests/foreign.sh linux-musl-arm64 hashes
    else
        echo "SKIPPED: musl for arm64 could not be fetched"
        count 0 0 1
    fi
}
part_bits-wasm() { check tests/foreign.sh wasm hashes; }
part_native-musl-x64() {
    check tests/foreign.sh linux-musl-x64 hashes
    gtest tests/foreign.sh linux-musl-x64 tests
}
part_native-arm64() {
    check tests/foreign.sh linux-arm64 hashes
    # More than half of the time goes to these, which mix minutes of programme. The hashes cover the same stages.
    local slow='GenreStrip.*:Leveler.*:DeEsser.*:Profiles.*:Expander.Keeps_the_stage_contract' left_out
    left_out=$(tests/foreign.sh linux-arm64 tests --gtest_list_tests "--gtest_filter=$slow" | grep -c '^  ')
    echo "SKIPPED: $left_out tests that take QEMU too long: $slow"
    count 0 0 "$left_out"
    gtest tests/foreign.sh linux-arm64 tests "--gtest_filter=-$slow"
}
part_consumers() {
    local way
    for way in plain readme self-contained single-file trimmed wine samples tool; do check tests/consumers/run.sh "$way"; done
}

part_fuzz() {
    build_preset fuzz
    local fuzzer name
    for fuzzer in artifacts/build/fuzz/fuzz/*; do
        name=$(basename "$fuzzer")
        mkdir -p "$results/corpus/$name"
        check "$fuzzer" -max_total_time="$fuzz_seconds" -timeout=20 -rss_limit_mb=4096 -print_final_stats=1 \
            -artifact_prefix="$results/$name-" "$results/corpus/$name"
    done
}

# Debian's own python: that one has numpy.
part_reference() {
    check /usr/bin/python3 tests/reference/mfcc_reference.py library "$(host_library)"
}

part_structure() {
    check tests/structure/layers.sh
    check tests/structure/header.sh
    check tests/structure/state_padding.sh
    check tests/structure/exports.sh "$(host_library)"
}

part_managed() {
    check dotnet build AiMixer.sln -c Release -v quiet -nologo
    local project status=0
    for project in tests/*.Tests/*.csproj; do
        dotnet_test "$(basename "$project" .csproj)" "$project" --no-build || status=$?
    done
    apart naudio tests/naudio/AiMixer.NAudio.Tests.csproj || status=$?
    # The same tests with ONNX Runtime as users have it.
    apart onnx-nuget tests/AiMixer.Onnx.Tests/AiMixer.Onnx.Tests.csproj -p:OnnxRuntimeSource=nuget \
        --artifacts-path artifacts/test/onnx-nuget || status=$?
    return "$status"
}

# dotnet_test NAME PROJECT [OPTIONS...]
dotnet_test() {
    local name=$1 status=0
    shift
    dotnet test "$@" -c Release --nologo --results-directory "$results" \
        --logger "trx;LogFileName=$name.trx" --blame-hang-timeout 10m --blame-hang-dump-type none || status=$?
    if [ -f "$results/$name.trx" ]; then count_trx "$results/$name.trx"; else count 0 1 0; fi
    return "$status"
}

# The same for what the solution leaves out, because its packages cannot be had everywhere.
apart() {
    if ! dotnet restore "${@:2}"; then
        echo "SKIPPED: the packages for $1 cannot be restored"
        count 0 0 1
        return 0
    fi
    dotnet_test "$@" --no-restore
}

# -------------------------------------------------------------------------------------------------- running

run_part() {
    part=$1
    local began=$SECONDS status=0
    # Not `( ... ) || status=$?`: that would switch `set -e` off inside.
    set +e
    (
        set -e
        "part_$part"
    ) >"$results/$part.log" 2>&1
    status=$?
    set -e
    touch "$results/$part.counts"
    local failed
    failed=$(awk '{ n += $2 } END { print n + 0 }' "$results/$part.counts")
    # Broken, but no runner said so: it did not build, or it crashed.
    if [ "$status" != 0 ] && [ "$failed" = 0 ]; then count 0 1 0; fi
    # Nothing counted is nothing tested.
    [ -s "$results/$part.counts" ] || count 0 1 0
    awk -v part="$part" -v seconds=$((SECONDS - began)) '
        { passed += $1; failed += $2; skipped += $3 }
        END {
            printf "%-6s %-16s %5d passed %4d failed %4d skipped %5d s\n",
                   failed ? "FAILED" : "ok", part, passed, failed, skipped, seconds
        }' "$results/$part.counts"
}

if [ "${1:-}" = --list ]; then
    printf '%s\n' "${first[@]}" "${parts[@]}"
    exit
fi
for name in "$@"; do
    [[ " ${first[*]} ${parts[*]} " == *" $name "* ]] ||
        { echo "run.sh: no part '$name'; parts: ${first[*]} ${parts[*]}" >&2; exit 2; }
done

mkdir -p "$results"
rm -f "$results"/*.{log,counts,json,trx}
chosen=" $* "
[ $# -gt 0 ] || chosen=" ${first[*]} ${parts[*]} "
for name in "${first[@]}"; do
    [[ "$chosen" != *" $name "* ]] || run_part "$name"
done

pack_process=
packing() { [ -n "$pack_process" ] && kill -0 "$pack_process" 2>/dev/null; }
waiting=()
for name in "${parts[@]}"; do
    [[ "$chosen" != *" $name "* ]] || waiting+=("$name")
done
while [ ${#waiting[@]} -gt 0 ]; do
    # The first that may begin; when none may, pack is under way.
    next=
    for i in "${!waiting[@]}"; do
        if packing && [[ " ${after_pack[*]} " == *" ${waiting[i]} "* ]]; then continue; fi
        next=$i
        break
    done
    if [ -z "$next" ] || [ "$(jobs -rp | wc -l)" -ge "$at_a_time" ]; then
        wait -n || true
        continue
    fi
    run_part "${waiting[next]}" &
    [ "${waiting[next]}" != pack ] || pack_process=$!
    unset "waiting[next]"
done
wait

for counts in "$results"/*.counts; do
    name=$(basename "$counts" .counts)
    awk '{ n += $2 } END { exit n == 0 }' "$counts" || continue
    echo
    echo "--- $name: from artifacts/test/$name.log"
    # The lines that say what failed, or the last ones when none does.
    grep -nE 'error:|error [A-Z]|\[FAIL\]|\[  FAILED  \]|: Failure|ERROR: |SUMMARY: |should be|differs from' "$results/$name.log" |
        cut -c1-300 | head -n 40 || true
    tail -n 12 "$results/$name.log" | cut -c1-300
done

read -r passed failed skipped < <(awk '{ p += $1; f += $2; s += $3 } END { print p + 0, f + 0, s + 0 }' "$results"/*.counts)
echo
if [ "$skipped" -gt 0 ]; then echo "$skipped skipped: see SKIPPED in artifacts/test/*.log"; fi
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
