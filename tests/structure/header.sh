#!/usr/bin/env bash
# The header compiles without a warning as C99 and as C++17, alone, with every compiler at hand.
set -euo pipefail
cd "$(dirname "$0")/../.."
header=native/include/ai_mixer_core.h
tried=0

for compiler in gcc clang; do
    command -v "$compiler" >/dev/null || continue
    "$compiler" -x c -std=c99 -Wall -Wextra -pedantic -Werror -fsyntax-only "$header"
    "$compiler" -x c++ -std=c++17 -Wall -Wextra -pedantic -Werror -fsyntax-only "$header"
    tried=$((tried + 1))
done

[ "$tried" -gt 0 ] || { echo "header: no compiler found" >&2; exit 1; }
echo "header: C99 and C++17, $tried compilers"
