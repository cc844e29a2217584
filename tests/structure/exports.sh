#!/usr/bin/env bash
# The shared library against its promises: it exports what native/exports.txt lists, which is what the header declares;
# it needs the C library only, and no symbol of it that is younger than glibc 2.28.
#   exports.sh LIBRARY
set -euo pipefail
cd "$(dirname "$0")/../.."
library=$1
header=native/include/ai_mixer_core.h
list=native/exports.txt
oldest_glibc=2.28
wrong=0

complain() {
    echo "exports: $1" >&2
    wrong=1
}

listed=$(LC_ALL=C sort "$list")
declared=$(sed -n 's/^AIM_API .*[ *]\(aim_[a-z0-9_]*\)(.*/\1/p' "$header" | LC_ALL=C sort)
exported=$(nm -D --defined-only "$library" | awk '{ print $3 }' | sed 's/@.*//' | LC_ALL=C sort)

[ "$(grep -c '^AIM_API ' "$header")" = "$(wc -l <<<"$declared")" ] || complain "a declaration in $header was not understood"
[ "$listed" = "$declared" ] ||
    complain "$list and $header differ: $(comm -3 <(echo "$listed") <(echo "$declared") | xargs)"
[ "$listed" = "$exported" ] ||
    complain "$list and the library differ: $(comm -3 <(echo "$listed") <(echo "$exported") | xargs)"

needed=$(readelf -d "$library" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' | grep -v '^libc\.so\|^ld-linux' || true)
[ -z "$needed" ] || complain "the library needs more than libc: $needed"

newest=$(readelf -W --version-info "$library" | grep -o 'GLIBC_[0-9.]*' | sed 's/GLIBC_//' | sort -V | tail -1)
if [ -n "$newest" ] && [ "$(printf '%s\n' "$newest" "$oldest_glibc" | sort -V | tail -1)" != "$oldest_glibc" ]; then
    complain "the library needs glibc $newest; $oldest_glibc is the newest allowed"
fi

[ "$wrong" = 0 ] && echo "exports: $(wc -l <<<"$exported") symbols, libc only, glibc $newest"
exit "$wrong"
