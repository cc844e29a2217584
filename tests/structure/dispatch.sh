#!/usr/bin/env bash
# The two builds of the core behind the gates: they share no code, and each gives the bits of the table.
#   dispatch.sh BUILD_FOLDER
set -euo pipefail
cd "$(dirname "$0")/../.."
folder=$1
wrong=0

complain() {
    echo "dispatch: $1" >&2
    wrong=1
}

# A name that both define is one function for the linker, which may then take the AVX2 one for a processor without.
mapfile -t objects < <(find "$folder/native/CMakeFiles/aim_core_objects_v3.dir" -name '*.o')
[ "${#objects[@]}" -gt 0 ] || complain "$folder was not built for run-time dispatch"
foreign=$(nm -o --defined-only "${objects[@]}" | awk '$2 ~ /^[A-Zuvw]$/ && $3 !~ /_v3/ { print $3 }' | sort -u)
[ -z "$foreign" ] || complain "defined for x86-64-v3 under names of other builds: $(xargs <<<"$foreign" | cut -c1-300)"

program=$folder/tests/bit_exactness/aim_bit_exactness
levels=v2
! grep -q '^flags.* avx2' /proc/cpuinfo || levels="v2 v3"
for level in $levels; do
    said=$(AIM_INSTRUCTION_SET=$level "$program" --check tests/bit_exactness/hashes.txt | tail -1) ||
        complain "$level: ${said:-broke off}"
    [[ "$said" == *"x86-64-$level,"* ]] || complain "asked for $level, got: $said"
    echo "dispatch: $said"
done
exit "$wrong"
