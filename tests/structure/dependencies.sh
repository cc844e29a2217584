#!/usr/bin/env bash
# The arrows between the rooms of the core: who may include whom.
set -euo pipefail
cd "$(dirname "$0")/../../native/src"
wrong=0

# room: the rooms it may look into
rules='
base:
dynamics: base
tone: base
metering: base
analysis: base
genre: base
engine: base dynamics tone metering analysis genre
'

while IFS=: read -r room allowed; do
    if [ -z "$room" ] || [ ! -d "$room" ]; then continue; fi
    while IFS=: read -r file include; do
        target=${include%%/*}
        case " $room $allowed " in
            *" $target "*) ;;
            *)
                echo "dependencies: native/src/$file includes $include, but $room may look into:${allowed:- nothing}" >&2
                wrong=1
                ;;
        esac
    done < <(grep -rHo '^#include "[a-z_]*/[^"]*"' "$room" | sed 's/#include "//; s/"$//')
done <<<"$rules"

for room in */; do
    grep -q "^${room%/}:" <<<"$rules" || { echo "dependencies: no rule for native/src/$room" >&2; wrong=1; }
done

# What the audio path may not know: the C library's mathematics, streams, locks, exceptions.
if grep -rnE '#include <(cmath|math\.h|iostream|sstream|fstream|mutex|thread|stdexcept|exception|chrono|complex|random)>' . >&2
then
    echo "dependencies: these headers are not for the core" >&2
    wrong=1
fi

[ "$wrong" = 0 ] && echo "dependencies: every include follows its arrow"
exit "$wrong"
