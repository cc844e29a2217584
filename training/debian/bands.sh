# shellcheck shell=bash
# Renders the grooves of bands.tsv as a band would be recorded: a solo over them, drums from samples of real kits, guitars
# through an amplifier and its cabinet, everything mixed in a room. Part of fetch.sh.

sounds=/usr/share/sounds
band_soundfonts=(sf2/FluidR3_GM.sf2 sf3/MuseScore_General_Full.sf3 sf2/TimGM6mb.sf2 sf3/MuseScore_General_Lite.sf3)
kits=(Black_Pearl_4_LV2 Red_Zeppelin_4_LV2)

# One of the arguments after the first, by what the first says.
one() {
    local key=$1
    shift
    local -a of=("$@")
    echo "${of[$(choice "$key" ${#of[@]})]}"
}

# What a class plays: its harmonies, who has the solo, and the solo's rhythms (begin in beats, length, volume).
band_harmony() {
    case $1 in
        jazz) one "$2" "Dm7 G7 CM7 A7 Dm7 G7 Em7 A7" "C7 F7 C7 C7 F7 F7 C7 A7 Dm7 G7 C7 G7" \
            "CM7 A7 Dm7 G7 Em7 A7 Dm7 G7 C7 F7 C7 A7" "Cm7 F7 BbM7 EbM7 Am7b5 D7 Gm6 Gm6" "FM7 FM7 Gm7 C7 Am7 D7 Gm7 C7" ;;
        rock) one "$2" "C Bb F C" "Am F C G" "Am G F E7" "C Eb F C C Bb F F" "Em Em C D" "C F G F" ;;
        electronic) one "$2" "Am Am F G" "Cm Cm Ab Bb" "Am Am Am Am" "Dm Bb F C" "Fm Fm Db Eb" ;;
        classical) one "$2" "C Am F G C Dm G C" "Am E7 Am Dm Am E7 Am E7" "C G Am Em F C Dm G" ;;
    esac
}
band_soloist() {
    case $1 in
        jazz) one "$2" TenorSax AltoSax Trumpet Vibraphone Piano1 JazzGuitar Clarinet MutedTrumpet Trombone Flute Piano1 \
            BaritoneSax ;;
        rock) one "$2" OverdriveGuitar DistortionGuitar CleanGuitar OverdriveGuitar Organ3 OverdriveGuitar ;;
        electronic) one "$2" SquareWave SawWave SynCalliope ChifferLead SquareWave SawWave SynthBass1 SawWave ;;
        classical) one "$2" Violin Flute Oboe Cello Piano1 Clarinet Viola ;;
    esac
}
band_rhythm() {
    case $1 in
        jazz) one "$2" "{1 8 90;1.66 8 80;2 4 95;3.66 8 75;4 4 90} {1 4 90;2 8 80;2.66 8 90;3 2 90}" \
            "{1 8 90;1.5 8 70;2 8 95;2.5 8 70;3 8 90;3.5 8 75;4 8 90;4.5 8 75}" \
            "{2 4 90;3 4 90;4.66 8 90} {1 2 95;3.66 8 80;4 8 90}" "{1 16 80;1.25 16 90;1.5 8 90;2 4 90;3 8 80;3.66 8 90}" ;;
        classical) one "$2" "{1 2 80;3 4 70;4 4 75} {1 1 80}" "{1 4 80;2 4 70;3 4 75;4 4 70}" \
            "{1 8 80;1.5 8 70;2 8 75;2.5 8 70;3 4 80;4 4 70}" ;;
        *) one "$2" "{1 8 95;1.5 8 85;2 8 95;2.5 8 85;3 8 95;3.5 8 85;4 8 95;4.5 8 85}" "{1 2 95;3 2 90} {1 1 95}" \
            "{1 4 95;2.5 4 90;4 4 95}" "{1 16 90;1.5 16 90;2.25 16 90;3 16 90;3.75 16 90;4.5 16 90}" ;;
    esac
}

# The notes of a band: a groove, and over three in four of them a solo of its scale, with vibrato.
band_notes() {
    local class=$1 library=$2 groove=$3 tempo=$4 key=$5 out=$6
    read -r -a chords <<<"$(band_harmony "$class" "$key h")"
    local bars=$(((excerpt_seconds + 6) * tempo / 240 + 1))
    {
        echo "RndSeed $(choice "$key" 1000)"
        echo "Tempo $tempo"
        echo "Use $library"
        echo "Groove $groove"
        echo "Transpose $(($(choice "$key tr" 12) - 6))"
        echo "AllTracks RTime 12"
        echo "AllTracks RVolume 15"
        if [ "$(choice "$key haslead" 4)" -ne 0 ]; then
            echo "Begin Aria-Lead"
            echo " Voice $(band_soloist "$class" "$key lead")"
            echo " ScaleType Auto"
            echo " Direction $(one "$key dir" "0 1 1 -1 2 -3 1 -1" "1 1 1 -2 -1 2 0 -1 -1" "0 2 -1 -1 3 -2 0 -1" "r")"
            echo " Octave $((4 + $(choice "$key oct" 2)))"
            echo " Articulate $((60 + $(choice "$key art" 35)))"
            echo " Volume $(one "$key vol" f ff mf)"
            echo " RSkip $((10 * $(choice "$key skip" 4)))"
            echo " Sequence $(band_rhythm "$class" "$key seq")"
            echo " MidiSeq 1 1 $((20 + $(choice "$key mod" 60)))"
            echo "End"
        fi
        for ((bar = 0; bar < bars; ++bar)); do echo "$((bar + 1)) ${chords[bar % ${#chords[@]}]}"; done
    } >"$work/band.mma"
    mma "$work/band.mma" -f "$out" >"$work/mma.log" 2>&1 || { cat "$work/mma.log" >&2; return 1; }
}

# Renders some channels of the notes: `kit` when the soundfont is nothing but a drum kit.
stem() {
    local out=$1 soundfont=$2 kind=$3
    shift 3
    {
        echo router_clear
        for channel in "$@"; do
            printf 'router_begin note\nrouter_chan %d %d %s\nrouter_end\n' "$channel" "$channel" \
                "$([ "$kind" = kit ] && echo "0 0" || echo "1 0")"
        done
        [ "$kind" = kit ] || printf 'router_begin %s\nrouter_end\n' prog cc pbend
    } >"$work/router"
    fluidsynth -ni -q -g 0.3 -f "$work/router" -o synth.dynamic-sample-loading=1 -r 48000 -R 0 -C 0 -F "$out" \
        "$soundfont" "$work/notes.mid" >/dev/null 2>&1
}

# Plays the notes into a mono file.
band_recording() {
    local class=$1 soundfont=$2 key=$3 out=$4
    midicsv "$work/notes.mid" | awk -F', *' '$3 == "Program_c" { program[$4] = $5 } $3 == "Note_on_c" { plays[$4] = 1 }
        END { for (c in plays) print c, (c == 9 ? "drums" : program[c] >= 24 && program[c] <= 31 ? "guitar" : "rest") }' >"$work/channels"
    local -a guitars rest mix=()
    mapfile -t guitars < <(sed -n 's/ guitar//p' "$work/channels")
    mapfile -t rest < <(sed -n 's/ rest//p' "$work/channels")
    # shellcheck disable=SC2046,SC2086 # an effect is several words
    if grep -q drums "$work/channels"; then
        if [ "$class" = electronic ] || { [ "$class" = jazz ] && [ "$(choice "$key kit" 3)" -eq 0 ]; }; then
            stem "$work/part.wav" "$soundfont" all 9
        else
            stem "$work/part.wav" "$sounds/sf2/$(one "$key kit2" "${kits[@]}").sf2" kit 9
        fi
        sox -V1 -R "$work/part.wav" -c 1 "$work/drums.wav" gain -n -3 compand 0.005,0.1 -50,-50,-20,-12,0,-5 \
            reverb $(one "$key dv" "8 50 20" "25 40 40" "45 60 60") gain -n -3
        mix+=(-v "$(one "$key dm" 0.5 0.7 0.9)" "$work/drums.wav")
    fi
    if [ ${#guitars[@]} -gt 0 ]; then
        stem "$work/part.wav" "$soundfont" all "${guitars[@]}"
        local amplifier
        if [ "$class" = rock ]; then
            amplifier="1 0.$((4 + $(choice "$key gain" 6))) 0.7 0.6 $(choice "$key tone" 9) 0.4 0.6 0.8 0.3 0.6 0.6"
        else
            amplifier="1 0.$((1 + $(choice "$key gain" 2))) 0.5 0.4 $(choice "$key tone" 9) 0.4 0.6 0.5 0.2 0.5 0.5"
        fi
        # shellcheck disable=SC2086
        LADSPA_PATH=/usr/lib/ladspa sox -V1 -R "$work/part.wav" "$work/guitars.wav" channels 1 gain -n -3 \
            ladspa caps AmpVTS $amplifier ladspa caps CabinetIV "$(choice "$key cab" 25)" gain -n -3
        mix+=(-v "$(one "$key gm" 0.5 0.7 0.9)" "$work/guitars.wav")
    fi
    if [ ${#rest[@]} -gt 0 ]; then
        stem "$work/part.wav" "$soundfont" all "${rest[@]}"
        sox -V1 -R "$work/part.wav" -c 1 "$work/rest.wav" gain -n -3
        mix+=(-v "$(one "$key rm" 0.5 0.7 0.9)" "$work/rest.wav")
    fi
    [ ${#mix[@]} -le 3 ] || mix=(-m "${mix[@]}")
    sox -V1 -R "${mix[@]}" "$work/mix.wav" gain -n -4
    # shellcheck disable=SC2046
    sox -V1 -R "$work/mix.wav" -c 1 "$out" gain -n -4 \
        $(one "$key bus" "compand 0.01,0.2 -60,-60,-30,-18,0,-8 -2" "compand 0.003,0.1 -60,-55,-24,-10,0,-4 -2" "" "overdrive 3 10") \
        equalizer $((150 + 50 * $(choice "$key e1" 6))) 1q $(($(choice "$key e2" 9) - 4)) treble $(($(choice "$key e3" 11) - 5)) \
        reverb $(one "$key room" "10 50 10" "30 40 50" "55 50 90" "20 80 30") \
        $(one "$key tape" "" "lowpass 9000" "lowpass 12000 highpass 60" "" "bass 3") \
        gain -n -$((1 + $(choice "$key g" 10))) trim 2 "$excerpt_seconds"
}

bands() {
    local class library groove tempo takes take key name
    while IFS=$'\t' read -r class library groove tempo takes; do
        echo "a band plays $class: $groove" >&2
        for ((take = 0; take < takes; ++take)); do
            key="band $library $groove $take"
            name=$class/b$(cksum <<<"$key" | cut -d' ' -f1).opus
            # From take to take up to a seventh slower or faster, and another soundfont.
            band_notes "$class" "$library" "$groove" $((tempo * (85 + $(choice "$key tempo" 31)) / 100)) "$key" "$work/notes.mid"
            band_recording "$class" "$sounds/${band_soundfonts[$(((take + $(choice "$groove" 4)) % 4))]}" "$key" "$work/wet.wav"
            encode "$work/wet.wav" "$name"
            manifest "$name" "$class" "mma $library" rendered "Debian package mma rendered: $library $groove, by a band" \
                "own render (mma GPL-2+, soundfonts MIT, CC-BY-SA-3.0)" "groove of this name in mma"
        done
    done < <(tail -n +2 "$here/bands.tsv")
}
