// The gates: every exported function is one jump to the build of the core that fits the processor.
//
// The whole core is compiled twice, for x86-64-v2 and for x86-64-v3 (AVX2); both give the same bits, the second is
// faster. Which one is used is settled when the library is loaded and never changes, so a handle stays with the build
// that made it. The environment variable AIM_INSTRUCTION_SET=v2 asks for the first one: for tests and measurements.
#include <cpuid.h>

#include <cstdint>
#include <cstdlib>
#include <cstring>

// The assembler needs the linker's names.
#if defined(__APPLE__)
#define AIM_SYMBOL(name) "_" #name
#else
#define AIM_SYMBOL(name) #name
#endif
#if defined(_WIN32)
#define AIM_EXPORT_FROM_DLL(name) ".section .drectve,\"yn\"\n.ascii \" -export:" #name "\"\n.text\n"
#else
#define AIM_EXPORT_FROM_DLL(name) ""
#endif
#if defined(__ELF__)
#define AIM_SYMBOL_TYPE(name) ".type " #name ", @function\n"
#else
#define AIM_SYMBOL_TYPE(name) ""
#endif

using Function = void (*)();

// exports.inc holds AIM_GATE(name) for each line of exports.txt. A jump leaves the arguments where they are, so a gate
// need not know them.
#define AIM_GATE(name) \
    extern "C" void name##_v2(); \
    extern "C" void name##_v3(); \
    extern "C" { \
    __attribute__((visibility("hidden"), used)) Function name##_gate = name##_v2; \
    } \
    asm(".text\n" AIM_EXPORT_FROM_DLL(name) ".globl " AIM_SYMBOL(name) "\n" AIM_SYMBOL_TYPE( \
        name) ".p2align 4\n" AIM_SYMBOL(name) ":\n    jmpq *" AIM_SYMBOL(name##_gate) "(%rip)\n");
#include "exports.inc"
#undef AIM_GATE

namespace {

// Everything that x86-64-v3 allows a compiler to use, and an operating system that keeps the wide registers.
bool processor_has_v3() {
    uint32_t a, b, c, d;
    if (__get_cpuid(1, &a, &b, &c, &d) == 0) return false;
    const uint32_t first = bit_FMA | bit_MOVBE | bit_OSXSAVE | bit_AVX | bit_F16C;
    if ((c & first) != first) return false;
    uint32_t kept, high;
    asm volatile("xgetbv" : "=a"(kept), "=d"(high) : "c"(0));
    const uint32_t sse_and_avx = 6;
    if ((kept & sse_and_avx) != sse_and_avx) return false;
    if (__get_cpuid_count(7, 0, &a, &b, &c, &d) == 0) return false;
    const uint32_t second = bit_AVX2 | bit_BMI | bit_BMI2;
    if ((b & second) != second) return false;
    if (__get_cpuid(0x80000001, &a, &b, &c, &d) == 0) return false;
    return (c & bit_LZCNT) != 0;
}

__attribute__((constructor)) void open_gates() {
    const char* asked = std::getenv("AIM_INSTRUCTION_SET");
    const bool asked_for_v2 = asked != nullptr && std::strcmp(asked, "v2") == 0;
    if (asked_for_v2 || !processor_has_v3()) return;
#define AIM_GATE(name) name##_gate = name##_v3;
#include "exports.inc"
#undef AIM_GATE
}

}  // namespace
