#!/usr/bin/env bash
# Draws the packages' icon: a wave that comes in at all levels and leaves at one. Needs rsvg-convert (librsvg2-bin).
set -euo pipefail
cd "$(dirname "$0")"
awk 'BEGIN {
    print "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 128 128\">"
    print "<rect width=\"128\" height=\"128\" rx=\"24\" fill=\"#14213d\"/>"
    split("10 34 16 84 24 60 44 46 45 46 45", height, " ")
    for (i = 1; i <= 11; i++)
        printf "<rect x=\"%d\" y=\"%.1f\" width=\"5\" height=\"%d\" rx=\"2.5\" fill=\"%s\"/>\n",
               12 + (i - 1) * 10, 64 - height[i] / 2, height[i], i < 7 ? "#8d99ae" : "#fca311"
    print "</svg>"
}' | rsvg-convert -w 128 -h 128 -o icon.png
