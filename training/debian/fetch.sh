#!/usr/bin/env bash
# Makes a folder of openly licensed recordings for the training out of Debian packages: excerpts of the files that
# recordings.tsv lists, and renderings of the notes that renders.tsv and bands.tsv list. What it writes is the same every
# time for the same versions of the packages. Nothing is installed but the programs it needs.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
if [ $# -ne 1 ]; then
    echo "usage: fetch.sh FOLDER   (makes FOLDER/MANIFEST.tsv and one folder per class)" >&2
    exit 2
fi
mkdir -p "$1"
folder=$(cd "$1" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

excerpt_seconds=30

# Every class goes through every soundfont, room and gain: what is left to tell them apart is what is played.
soundfonts=(sf2/FluidR3_GM.sf2 sf3/MuseScore_General_Lite.sf3 sf2/TimGM6mb.sf2 sf2/OPL-3_FM_128M.sf2)
effects=(
    "reverb 25 50 30"
    "overdrive 4 10 reverb 15 60 20"
    "equalizer 250 1.2q -4 reverb 55 40 80"
    "bass 4 treble -3"
    "overdrive 9 20 treble 3 reverb 35 70 60"
    "treble 4 compand 0.01,0.2 -60,-60,-30,-16,0,-6 -2 reverb 10"
)

# The same harmony for every class, in another key each time.
harmonies=("C Am F G C Am Dm G" "Am F C G Am F Dm E7" "C C F F G F C G" "Dm7 G7 C Am7 Dm7 G7 C C")

need() {
    local missing=()
    while read -r package program; do
        { [ -x "/usr/bin/$program" ] || [ -e "/usr/share/sounds/$program" ] || [ -e "/usr/lib/$program" ]; } || missing+=("$package")
    done <<'PROGRAMS'
mma mma
fluidsynth fluidsynth
sox sox
ffmpeg ffmpeg
opus-tools opusenc
fluid-soundfont-gm sf2/FluidR3_GM.sf2
musescore-general-soundfont-small sf3/MuseScore_General_Lite.sf3
timgm6mb-soundfont sf2/TimGM6mb.sf2
opl3-soundfont sf2/OPL-3_FM_128M.sf2
musescore-general-soundfont sf3/MuseScore_General_Full.sf3
avldrums.lv2-soundfont sf2/Black_Pearl_4_LV2.sf2
caps ladspa/caps.so
midicsv midicsv
PROGRAMS
    [ ${#missing[@]} -eq 0 ] || apt-get install -y -q "${missing[@]}" >&2
}

# Unpacks what a package holds, once; prints where.
unpacked() {
    local at=$work/packages/$1
    if [ ! -d "$at" ]; then
        mkdir -p "$at"
        (cd "$work" && apt-get download -q "$1" >/dev/null 2>&1 && dpkg-deb -x "$1"_*.deb "$at" && rm "$1"_*.deb) || {
            echo "fetch.sh: the package $1 cannot be had" >&2
            return 1
        }
    fi
    echo "$at"
}

# A number below $2 that depends on the text $1 alone.
choice() { echo $(($(cksum <<<"$1" | cut -d' ' -f1) % $2)); }

# Writes an excerpt, like those that the model was made of: mono, 48 kHz, Opus at the same rate for every class.
encode() {
    opusenc --quiet --bitrate 48 --serial 1 "$1" "$folder/$2"
}

manifest() {
    printf '%s\t%s\t%s\t%s\t%s\t%s\t%s\n' "$@" >>"$work/manifest"
}

excerpts() {
    local class group kind package path licence evidence file seconds part start name
    while IFS=$'\t' read -r class group kind package path licence evidence; do
        echo "excerpts of $package: ${path##*/}" >&2
        file=$(unpacked "$package")/$path
        seconds=$(ffprobe -v error -show_entries format=duration -of csv=p=0 "$file" | cut -d. -f1)
        for part in 1 2; do
            # Two excerpts where they do not overlap, at a third and two thirds of what is left after the first 5 s.
            [ "$part" -eq 1 ] || [ "$seconds" -ge $((2 * excerpt_seconds + 30)) ] || continue
            start=$((seconds > excerpt_seconds + 5 ? 5 + (seconds - 5 - excerpt_seconds) * (2 * part - 1) / 4 : 0))
            name=$class/$(cksum <<<"$package/$path#$part" | cut -d' ' -f1).opus
            ffmpeg -v error -nostdin -y -ss "$start" -t "$excerpt_seconds" -i "$file" -ac 1 -ar 48000 -bitexact "$work/excerpt.wav"
            encode "$work/excerpt.wav" "$name"
            manifest "$name" "$class" "$group" "$kind" "Debian package $package/$path" "$licence" "$evidence"
        done
    done < <(tail -n +2 "$here/recordings.tsv")
}

# Notes of a groove: 30 s and a little more, played a little unevenly.
groove() {
    local library=$1 groove=$2 tempo=$3 key=$4 out=$5
    read -r -a chords <<<"${harmonies[$(choice "$key harmony" ${#harmonies[@]})]}"
    local bars=$(((excerpt_seconds + 6) * tempo / 240 + 1))
    {
        echo "RndSeed $(choice "$key" 1000)"
        echo "Tempo $tempo"
        [[ $library == stdlib/* ]] || echo "Use $library"
        echo "Groove $groove"
        echo "Transpose $(($(choice "$key transpose" 12) - 6))"
        echo "AllTracks RTime 10"
        echo "AllTracks RVolume 12"
        for ((bar = 0; bar < bars; ++bar)); do echo "$((bar + 1)) ${chords[bar % ${#chords[@]}]}"; done
    } >"$work/groove.mma"
    mma "$work/groove.mma" -f "$out" >"$work/mma.log" 2>&1 || { cat "$work/mma.log" >&2; return 1; }
}

renders() {
    local class group notes groove tempo takes licence evidence source take key name
    while IFS=$'\t' read -r class group notes groove tempo takes licence evidence; do
        echo "rendering $class: $notes" >&2
        for ((take = 0; take < takes; ++take)); do
            key="$notes $groove $take"
            name=$class/$(cksum <<<"$key" | cut -d' ' -f1).opus
            if [ "$groove" = - ]; then
                source="Debian package $notes, rendered"
                cp "$(unpacked "${notes%%/*}")/${notes#*/}" "$work/notes.mid"
            else
                source="Debian package mma rendered: $notes $groove"
                # From take to take a tenth slower or faster.
                groove "$notes" "$groove" $((tempo * (90 + $(choice "$key tempo" 21)) / 100)) "$key" "$work/notes.mid"
            fi
            # Soundfonts in turn: chance would favour some.
            fluidsynth -ni -q -g 0.4 -o synth.dynamic-sample-loading=1 -r 48000 -R 0 -C 0 -F "$work/dry.wav" \
                "/usr/share/sounds/${soundfonts[$((($(choice "$notes $groove" 4) + take) % 4))]}" "$work/notes.mid" >/dev/null 2>&1
            [ "$(stat -c %s "$work/dry.wav")" -gt $((20 * 48000 * 4)) ] || {
                echo "fetch.sh: $notes $groove has no 20 s of notes" >&2
                return 1
            }
            # A sample or two clipped by an effect is part of the sound: no warnings of it.
            # shellcheck disable=SC2086 # an effect is several words
            sox -V1 -R "$work/dry.wav" -c 1 "$work/wet.wav" gain -n -12 ${effects[$(choice "$key effect" ${#effects[@]})]} \
                gain -n -$((1 + $(choice "$key gain" 12))) trim 2 "$excerpt_seconds"
            encode "$work/wet.wav" "$name"
            manifest "$name" "$class" "$group" rendered "$source" "$licence" "$evidence"
        done
    done < <(tail -n +2 "$here/renders.tsv")
}

# shellcheck source=SCRIPTDIR/bands.sh
. "$here/bands.sh"

need
mkdir -p "$folder"/{rock,jazz,electronic,classical}
excerpts
renders
bands
{
    printf 'file\tclass\tgroup\tkind\tsource\tlicence\tevidence\n'
    LC_ALL=C sort "$work/manifest"
} >"$folder/MANIFEST.tsv"
echo "$(wc -l <"$work/manifest") recordings in $folder"
