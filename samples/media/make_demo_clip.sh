#!/usr/bin/env bash
# Makes demo.ogg: our own music (demo_score.py, played by FluidSynth) with speech over it (espeak-ng), a little hiss,
# and levels that jump, so that the mix has something to put right. Stereo, 48 kHz.
#   make_demo_clip.sh [OUT.ogg]
# Needs fluidsynth, fluid-soundfont-gm (MIT licence), espeak-ng, ffmpeg, python3.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
out=${1:-$here/demo.ogg}
soundfont=${SOUNDFONT:-/usr/share/sounds/sf2/FluidR3_GM.sf2}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

python3 "$here/demo_score.py" "$work/music.mid"
fluidsynth -ni -q -r 48000 -g 0.35 -F "$work/music.wav" "$soundfont" "$work/music.mid" >/dev/null

say() { espeak-ng -v "$1" -s "$2" -p "$3" -a 100 -w "$work/$4.wav" "$5"; }
say en-us 150 40 one "Hello. This is a quiet beginning, spoken far from the microphone."
say en-us 165 45 two "Now the band is here, and everybody has to speak up!"
say en-gb 145 35 three "And this is how it ends: softly, once more."

# The speech sits at -12, 0 and -9 dB; the bars of the band (4.8 to 14.4 s) are pushed by 2.5 dB over the rest.
ffmpeg -v error -y \
    -i "$work/music.wav" -i "$work/one.wav" -i "$work/two.wav" -i "$work/three.wav" \
    -f lavfi -i "anoisesrc=color=pink:amplitude=0.0015:sample_rate=48000:duration=22:seed=3" \
    -filter_complex "
        [0:a]volume='if(between(t,4.75,14.4),1.6,1.2)':eval=frame[music];
        [1:a]aresample=48000,volume=-12dB,adelay=700:all=1,pan=stereo|c0=c0|c1=0.9*c0[one];
        [2:a]aresample=48000,volume=0dB,adelay=7600:all=1,pan=stereo|c0=0.9*c0|c1=c0[two];
        [3:a]aresample=48000,volume=-9dB,adelay=15200:all=1,pan=stereo|c0=c0|c1=c0[three];
        [4:a]pan=stereo|c0=c0|c1=c0[hiss];
        [music][one][two][three][hiss]amix=inputs=5:normalize=0:duration=first,
        atrim=0:20.5,afade=t=out:st=19.3:d=1.2" \
    -ar 48000 -ac 2 -c:a libvorbis -q:a 6 -map_metadata -1 -fflags +bitexact -flags:a +bitexact "$out"
