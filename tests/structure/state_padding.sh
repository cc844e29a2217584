#!/usr/bin/env bash
# Snapshots hold the bytes of every stage's State: padding in one would carry whatever lay in memory.
set -euo pipefail
cd "$(dirname "$0")/../.."
said=$(clang++ -std=c++20 -Wpadded -fsyntax-only -Inative/include -Inative/src native/src/engine/channel_strip.cpp 2>&1)
if ! grep -q "padding" <<<"$said"; then
    echo "the compiler says nothing of padding at all: this check sees nothing" >&2
    exit 1
fi
held="(State|Queue|Counters|SnapshotHeader|Block|Learnt|Heard|GainReductionMeter|Smoother|GenreModel|Steadiness|WindowStatistics|ProgrammeProbabilities|GenreEventLog|aim_genre_event|Leveler::Parameters)'"
if grep -E "padding.*$held" <<<"$said" >&2; then
    echo "padding in what a snapshot holds" >&2
    exit 1
fi
echo "state: no padding"
