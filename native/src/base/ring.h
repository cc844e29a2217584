// A delay line for whole quanta.
//
// Written one aligned quantum at a time, read as any 16 neighbours up to `capacity` minus one quantum back. The first
// quantum is stored twice, so a read never has to wrap. Positions are masked where they are used: a damaged position
// gives wrong audio, never a wild address.
#pragma once

#include "base/arena.h"
#include "base/spec.h"

#include <cstring>

namespace aim {

template <class T>
class QuantumRing {
public:
    // Room for reads that start up to `delay_frames` before the newest quantum.
    void prepare(uint32_t delay_frames, Arena& arena) {
        capacity_ = 2 * kQuantumFrames;
        while (capacity_ < delay_frames + kQuantumFrames) capacity_ *= 2;
        samples_ = arena.take<T>(size());
    }

    void clear() { std::memset(samples_, 0, size() * sizeof(T)); }

    uint32_t capacity_quanta() const { return capacity_ / kQuantumFrames; }

    // `quantum` counts the quanta of the stream.
    void write(uint32_t quantum, const T* samples) {
        const uint32_t at = start(quantum);
        std::memcpy(samples_ + at, samples, kQuantumFrames * sizeof(T));
        if (at == 0) std::memcpy(samples_ + capacity_, samples, kQuantumFrames * sizeof(T));
    }

    // The 16 samples that came `delay_frames` before those of quantum number `quantum`.
    const T* read(uint32_t quantum, uint32_t delay_frames) const {
        return samples_ + ((quantum * kQuantumFrames - delay_frames) & (capacity_ - 1));
    }

    // The same for a run of quanta, no longer than the ring.
    void write_run(uint32_t quantum, const T* samples, uint32_t quanta) {
        const uint32_t at = start(quantum);
        const uint32_t frames = quanta * kQuantumFrames;
        const uint32_t first = frames < capacity_ - at ? frames : capacity_ - at;
        std::memcpy(samples_ + at, samples, first * sizeof(T));
        std::memcpy(samples_, samples + first, (frames - first) * sizeof(T));
        // The run held the first quantum.
        if (at == 0 || first < frames) std::memcpy(samples_ + capacity_, samples_, kQuantumFrames * sizeof(T));
    }

    // What came `delay_frames` before a run of quanta that begins with number `quantum`.
    void read_run(uint32_t quantum, uint32_t delay_frames, T* samples, uint32_t quanta) const {
        const T* from = read(quantum, delay_frames);
        const uint32_t frames = quanta * kQuantumFrames;
        const uint32_t left = (uint32_t)(samples_ + capacity_ - from);
        const uint32_t first = frames < left ? frames : left;
        std::memcpy(samples, from, first * sizeof(T));
        std::memcpy(samples + first, samples_, (frames - first) * sizeof(T));
    }

    template <class Visitor>
    void visit_state(Visitor& visitor) {
        visitor.array(samples_, size());
    }

private:
    uint32_t start(uint32_t quantum) const { return (quantum * kQuantumFrames) & (capacity_ - 1); }
    uint32_t size() const { return capacity_ + kQuantumFrames; }

    T* samples_ = nullptr;
    uint32_t capacity_ = 0;
};

}  // namespace aim
