// What the headers of libc++ leave to its binary, as far as this program needs it: it links without one. Nothing here throws.
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <new>
#include <string>

template class std::basic_string<char>;

void* operator new(std::size_t bytes) {
    void* memory = std::malloc(bytes);
    if (memory == nullptr) std::abort();
    return memory;
}

void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

std::string std::to_string(int value) {
    char text[24];
    return {text, static_cast<std::size_t>(std::snprintf(text, sizeof text, "%d", value))};
}

std::string std::to_string(unsigned value) {
    char text[24];
    return {text, static_cast<std::size_t>(std::snprintf(text, sizeof text, "%u", value))};
}

// Where a container would have thrown.
void std::__libcpp_verbose_abort(const char* format, ...) {
    va_list arguments;
    va_start(arguments, format);
    std::vfprintf(stderr, format, arguments);
    va_end(arguments);
    std::abort();
}
