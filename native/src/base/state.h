// Snapshots: every stage names its state to a visitor, and the same list serves to measure, write and read it.
//
// A stage has `template <class Visitor> void visit_state(Visitor& visitor)` that calls visitor(x) for each plain
// member and visitor.array(pointer, count) for each buffer. What prepare() derives from the Spec is not state; what
// is derived from state is derived again when Visitor::kReads says that the state has just been read.
//
// Equal states are equal bytes: a state's struct has no padding (members named `fill` stand where it would be; a check
// asks the compiler).
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

namespace aim {

class StateSizer {
public:
    static constexpr bool kReads = false;
    template <class T>
    void operator()(T& value) {
        array(&value, 1);
    }
    template <class T>
    void array(T*, size_t count) {
        static_assert(std::is_trivially_copyable_v<T>);
        bytes_ += count * sizeof(T);
    }
    size_t bytes() const { return bytes_; }

private:
    size_t bytes_ = 0;
};

class StateWriter {
public:
    static constexpr bool kReads = false;
    explicit StateWriter(unsigned char* to) : to_(to) {}
    template <class T>
    void operator()(T& value) {
        array(&value, 1);
    }
    template <class T>
    void array(T* values, size_t count) {
        std::memcpy(to_, values, count * sizeof(T));
        to_ += count * sizeof(T);
    }

private:
    unsigned char* to_;
};

class StateReader {
public:
    static constexpr bool kReads = true;
    explicit StateReader(const unsigned char* from) : from_(from) {}
    template <class T>
    void operator()(T& value) {
        array(&value, 1);
    }
    template <class T>
    void array(T* values, size_t count) {
        std::memcpy(values, from_, count * sizeof(T));
        from_ += count * sizeof(T);
    }

private:
    const unsigned char* from_;
};

}  // namespace aim
