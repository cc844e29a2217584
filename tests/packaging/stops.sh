#!/usr/bin/env bash
# Packing must stop, with one line that says why, at everything that a user would stumble over. Each of it is provoked
# on a copy of what was packed.
set -euo pipefail
cd "$(dirname "$0")/../.."
work=artifacts/test/packaging
program="dotnet artifacts/packaging/dotnet/bin/AiMixer.Packaging/release/AiMixer.Packaging.dll"
version=$(cat VERSION)
wrong=0
rm -rf "$work"
mkdir -p "$work"

# stops WHAT EXPECTED_TEXT ARGUMENTS...
stops() {
    local what=$1 expected=$2 said
    shift 2
    if said=$($program "$@" 2>&1 >/dev/null); then
        echo "stops: $what was packed" >&2
        wrong=1
    elif [ "$(wc -l <<<"$said")" != 1 ] || [[ "$said" != "packing stops: "*"$expected"* ]]; then
        echo "stops: $what gave: $said" >&2
        wrong=1
    else
        echo "$what: $said"
    fi
}

natives=(natives --natives "$work/native" --manifest "$work/manifest.json")
fresh() {
    rm -rf "$work/native"
    cp -r artifacts/packaging/native "$work/native"
}

# library FLAGS: puts a library with all the exports and what FLAGS and $extra add in the place of that for linux-x64.
library() {
    fresh
    {
        echo "static const char kName[] = \"ai_mixer_core ${says:-$version}\";"
        echo "const char* aim_version_string(void) { return kName; }"
        grep -v '^aim_version_string$' native/exports.txt | sed 's/.*/int &(void) { return 0; }/'
        echo "${extra:-}"
    } >"$work/library.c"
    gcc -shared -fPIC -nostdlib -o "$work/native/linux-x64/libai_mixer_core.so" "$work/library.c" "$@" -lc
}

fresh
$program "${natives[@]}" >/dev/null || wrong=1
library
$program "${natives[@]}" >/dev/null || { echo "stops: the library that the others vary is refused itself" >&2; wrong=1; }

fresh
rm "$work/native/osx-x64/libai_mixer_core.dylib"
stops "a missing platform" "the library for osx-x64 is missing" "${natives[@]}"
fresh
cp "$work/native/linux-x64/libai_mixer_core.so" "$work/native/linux-arm64/"
stops "a library of another processor" "linux-arm64 is elf64-x86-64" "${natives[@]}"
fresh
cp "$work/native/linux-x64/libai_mixer_core.so" "$work/native/linux-musl-x64/"
stops "glibc in place of musl" "linux-musl-x64 needs libc.so.6" "${natives[@]}"
fresh
echo "no library" >"$work/native/win-arm64/ai_mixer_core.dll"
stops "a damaged file" "is no library" "${natives[@]}"
library -Wl,--no-as-needed -lstdc++
stops "a forbidden dependency" "needs libstdc++.so.6" "${natives[@]}"
extra='int pthread_create(void*, void*, void*, void*); int aim_x(void); __attribute__((visibility("hidden"))) int aim_x(void) { return pthread_create(0, 0, 0, 0); } __attribute__((visibility("hidden"), used)) int (*aim_y)(void) = aim_x;' library
stops "a young glibc symbol" "uses a symbol of glibc 2.34" "${natives[@]}"
extra='int aim_unlisted(void) { return 0; }' library
stops "an export too many" "exports aim_unlisted" "${natives[@]}"
sed '$d' native/exports.txt >"$work/fewer.txt"
stops "a list that lacks one" "which the list does not have" "${natives[@]}" --exports "$work/fewer.txt"
fresh
{ cat native/exports.txt && echo aim_promised; } >"$work/more.txt"
stops "an export too few" "does not export aim_promised" "${natives[@]}" --exports "$work/more.txt"
says=9.8.7 library
stops "a library of another version" "version 9.8.7, but $version" "${natives[@]}"

# MSBuild itself, for who packs without ./build.sh.
fresh
rm -r "$work/native/osx-x64" "$work/native/linux-musl-arm64"
if said=$(dotnet pack src/AiMixer --no-build -c Release -v quiet -nologo --tl:off --artifacts-path "$PWD/artifacts/packaging/dotnet" \
    -p:PackedForAllPlatforms=true -p:PackagedNativesFolder="$PWD/$work/native/" -o "$work/incomplete" 2>&1); then
    echo "stops: MSBuild packed without two platforms" >&2
    wrong=1
elif [ "$(grep -c "error" <<<"$said")" != 1 ] || [[ "$said" != *"the native core for linux-musl-arm64, osx-x64, but"* ]]; then
    echo "stops: MSBuild without two platforms gave: $said" >&2
    wrong=1
elif compgen -G "$work/incomplete/*" >/dev/null; then
    echo "stops: MSBuild stopped and left $(ls "$work/incomplete")" >&2
    wrong=1
else
    echo "MSBuild without two platforms: ${said#*: }"
fi

# The packages themselves.
packages=(packages --packages "$work/packages")
rm -rf "$work/packages"
mkdir "$work/packages"
cp artifacts/packages/*nupkg "$work/packages/"
$program "${packages[@]}" >/dev/null || wrong=1
echo 9.8.7 >"$work/VERSION"
cp "$work/packages/AiMixer.$version.nupkg" "$work/packages/AiMixer.9.8.7.nupkg"
stops "a package of another version" "says that it is version $version; VERSION says 9.8.7" "${packages[@]}" --version-file "$work/VERSION"
sed 's/"sha256": "..../"sha256": "0000/' artifacts/packaging/manifest.json >"$work/manifest.json"
stops "a library that was exchanged after the check" "than the one that was checked" "${packages[@]}" --manifest "$work/manifest.json"
rm "$work/packages/AiMixer.Onnx.$version.nupkg"
stops "a package that is missing" "AiMixer.Onnx.$version.nupkg is missing" "${packages[@]}"

exit "$wrong"
