#!/usr/bin/env bash
# Measures the core against its peers and writes benchmarks/results/native.md.
#   run.sh [ROUNDS]
# Every round runs all programs once, in turn, over the same signals; the tables keep the medians of the rounds.
# Waits up to BENCH_WAIT seconds (600) for a load below 3.
set -euo pipefail
cd "$(dirname "$0")/.."
rounds=${1:-5}
wait_seconds=${BENCH_WAIT:-600}
work=artifacts/bench
programs=artifacts/build/bench/benchmarks
measurements=$work/measurements.tsv
passes=2

step() { printf '\033[1m==>\033[0m %s\n' "$*" >&2; }
has() { command -v "$1" >/dev/null; }

build() {
    step "Building"
    cmake --preset bench >"$work/build.log"
    cmake --build --preset bench --target aim_compare >>"$work/build.log" || { cat "$work/build.log" >&2; exit 1; }
}

# 60 s of each signal, mono and stereo, as raw 32-bit floats at 48 kHz.
make_signals() {
    local channels=$1
    local raw=(-t 60 -f f32le -ar 48000 -ac "$channels" -y)
    ffmpeg -v error -stream_loop -1 -i samples/media/demo.ogg "${raw[@]}" "$work/music-$channels.f32"
    ffmpeg -v error -f lavfi -i anullsrc=r=48000 "${raw[@]}" "$work/silence-$channels.f32"
    ffmpeg -v error -f lavfi -i anoisesrc=r=48000:a=0.5:seed=1 -f lavfi -i anoisesrc=r=48000:a=0.5:seed=2 \
        -filter_complex amerge "${raw[@]}" "$work/noise-$channels.f32"
}

wait_for_quiet() {
    local waited=0
    while [ "$waited" -lt "$wait_seconds" ] && awk '{ exit $1 < 3 }' /proc/loadavg; do
        sleep 5
        waited=$((waited + 5))
    done
}

# keep PREFIX: stores lines "name<TAB>value" under PREFIX/name.
keep() { sed "s|^|$1/|" >>"$measurements"; }

# ------------------------------------------------------------------------------------------------------ peers

# The settings of chain.cpp in each peer's own terms.
gate=agate=threshold=0.01:range=0.0001:ratio=9000:attack=0.5:release=100:knee=1:detection=peak:link=maximum
compressor=acompressor=threshold=0.1:ratio=4:knee=1.26:attack=5:release=50:detection=peak:link=maximum
equalizer=bass=f=100:g=3,equalizer=f=1000:t=q:w=0.7:g=-2,treble=f=10000:g=2
limiter=alimiter=level_in=2:limit=0.97:attack=5:release=50:level=0
sox_chain=(compand 0.005,0.05 "2:-41,-121,-40,-40,-20,-20,0,-15" 0 -90 bass 3 100 equalizer 1000 0.7q -2 treble 2 10000
    gain 6 compand 0.001,0.05 "-0.3,-0.3,0,-0.3" 0 -90 0.005)

# User and system seconds of ffmpeg for FILTERS over FILE, played `passes` times.
ffmpeg_seconds() {
    local filters=$1 file=$2 channels=$3
    ffmpeg -hide_banner -nostdin -nostats -threads 1 -filter_threads 1 -benchmark -stream_loop $((passes - 1)) \
        -f f32le -ar 48000 -ac "$channels" -i "$file" -af "asetnsamples=960:p=0,$filters" -f null - 2>&1 |
        sed -n 's/.*bench: utime=\([0-9.]*\)s stime=\([0-9.]*\)s.*/\1 \2/p' | awk '{ print $1 + $2 }'
}

sox_seconds() {
    local file=$1 channels=$2
    shift 2
    local inputs=() pass
    for ((pass = 0; pass < passes; ++pass)); do inputs+=(-t f32 -r 48000 -c "$channels" "$file"); done
    local TIMEFORMAT='%U %S'
    { time sox -V1 -D "${inputs[@]}" -n "$@" 2>/dev/null; } 2>&1 | awk '{ print $1 + $2 }'
}

# keep_difference KEY SECONDS EMPTY_SECONDS FILE CHANNELS: nanoseconds per frame of what was added.
keep_difference() {
    local frames=$(($(stat -c %s "$4") / 4 / $5 * passes))
    awk -v key="$1" -v a="$2" -v b="$3" -v n="$frames" 'BEGIN { printf "%s\t%.4f\n", key, 1e9 * (a - b) / n }' \
        >>"$measurements"
}

# ----------------------------------------------------------------------------------------------------- rounds

measure_chain() {
    local signal=$1 channels=$2
    local file=$work/$signal-$channels.f32 key=chain/$signal/$channels empty
    "$programs/aim_compare" chain "$file" "$channels" sample_peak "$passes" | keep "$key/sample_peak"
    empty=$(ffmpeg_seconds anull "$file" "$channels")
    keep_difference "$key/ffmpeg" "$(ffmpeg_seconds "$gate,$compressor,$equalizer,$limiter" "$file" "$channels")" \
        "$empty" "$file" "$channels"
    "$programs/aim_compare" chain "$file" "$channels" true_peak "$passes" | keep "$key/true_peak"
    if [ "$signal" = music ]; then
        # The way to limit true peaks with this peer: at four times the rate.
        keep_difference "$key/ffmpeg_true_peak" "$(ffmpeg_seconds \
            "$gate,$compressor,$equalizer,aresample=192000,$limiter,aresample=48000" "$file" "$channels")" \
            "$empty" "$file" "$channels"
        [ "$(uname -m)" != x86_64 ] || AIM_INSTRUCTION_SET=v2 \
            "$programs/aim_compare" chain "$file" "$channels" sample_peak "$passes" | keep "$key/v2"
    fi
    if has sox; then
        keep_difference "$key/sox" "$(sox_seconds "$file" "$channels" "${sox_chain[@]}")" \
            "$(sox_seconds "$file" "$channels")" "$file" "$channels"
    fi
}

one_round() {
    local signal channels topic
    awk '{ print "load\t" $1 }' /proc/loadavg >>"$measurements"
    "$programs/aim_compare" clock | keep machine
    for signal in music silence noise; do
        for channels in 1 2; do measure_chain "$signal" "$channels"; done
    done
    for topic in frames streams; do
        for channels in 1 2; do
            "$programs/aim_compare" "$topic" "$work/music-$channels.f32" "$channels" | keep "$topic/$channels"
        done
    done
    "$programs/aim_compare" profiles "$work/music-2.f32" 2 | keep profiles
    "$programs/aim_compare" meters "$work/music-2.f32" 2 | keep meters
    "$programs/aim_compare" analysis "$work/music-1.f32" 1 | keep analysis
}

# Instructions do not depend on what else the machine does: once is enough. Behind a gate stands the function of either build.
count_instructions() {
    has valgrind || return 0
    local signal channels limit file=$work/short.f32 out=$work/callgrind.out
    if ! valgrind -q --tool=none "$programs/aim_compare" clock >/dev/null 2>&1; then
        step "valgrind does not know this processor's instructions: they are not counted"
        return 0
    fi
    for signal in music silence noise; do
        for channels in 1 2; do
            head -c $((5 * 48000 * 4 * channels)) "$work/$signal-$channels.f32" >"$file"
            for limit in sample_peak true_peak; do
                valgrind -q --tool=callgrind --callgrind-out-file="$out" \
                    "--toggle-collect=aim_strip_process_interleaved*" \
                    "$programs/aim_compare" chain "$file" "$channels" "$limit" 1 >/dev/null 2>&1
                callgrind_annotate --inclusive=yes --show-percs=no --threshold=100 "$out" >"$work/callgrind.txt"
                instructions_per_stage "$work/callgrind.txt" | keep "instructions/$signal/$channels/$limit"
            done
        done
    done
}

# Per frame, of the 5 s that callgrind saw.
instructions_per_stage() {
    awk -v frames=240000 '
        { gsub(",", "", $1) }
        /PROGRAM TOTALS/ { printf "all\t%.2f\n", $1 / frames }
        match($0, /::(NoiseGate|Compressor|Equalizer|Limiter)::process\(/) {
            printf "%s\t%.2f\n", substr($0, RSTART + 2, RLENGTH - 12), $1 / frames
        }' "$1"
}

mkdir -p "$work" benchmarks/results
for tool in cmake ffmpeg python3; do has "$tool" || { echo "run.sh: $tool is needed" >&2; exit 1; }; done
build
for channels in 1 2; do make_signals "$channels"; done
: >"$measurements"
step "Counting instructions"
count_instructions
for ((round = 1; round <= rounds; ++round)); do
    wait_for_quiet
    step "Round $round of $rounds, load $(cut -d' ' -f1 /proc/loadavg)"
    one_round
done
python3 benchmarks/tables.py "$measurements" artifacts/build/bench/compile_commands.json benchmarks/results/native.md
step "Written: benchmarks/results/native.md"
