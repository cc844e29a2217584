// Strips side by side. One alone is a group of one: the way of the samples is written once.
//
// In a group the stages that wait for their own last result, sample after sample, go in lockstep: a stream in each lane.
// Those whose work lies side by side in time already stay with their stream.
#include <algorithm>

#include "engine/channel_strip.h"

namespace aim {

uint32_t ChannelStrip::lockstep_key() const {
    return (spec_.channels << 16) + (compressor_.lockstep_key() << 6) + equalizer_.lockstep_key();
}

void ChannelStrip::process_together(Stream* streams, uint32_t count, uint32_t frames) {
    for (uint32_t i = 0; i < count; ++i) {
        streams[i].strip->begin(frames);
        streams[i].lockstep_key = streams[i].strip->lockstep_key();
    }
    std::sort(streams, streams + count,
              [](const Stream& a, const Stream& b) { return a.lockstep_key < b.lockstep_key; });
    for (uint32_t i = 0; i < count;) {
        uint32_t group = 1;
        while (group < StreamLanes::kLanes && i + group < count &&
               streams[i + group].lockstep_key == streams[i].lockstep_key) {
            ++group;
        }
        process_group(streams + i, group, frames);
        i += group;
    }
}

void ChannelStrip::process_group(const Stream* streams, uint32_t count, uint32_t frames) {
    ChannelStrip* strips[StreamLanes::kLanes];
    for (uint32_t s = 0; s < count; ++s) strips[s] = streams[s].strip;
    for (uint32_t done = 0; done < frames;) {
        const uint32_t taken = frames - done < kChunkFrames ? frames - done : kChunkFrames;
        Chunk chunks[StreamLanes::kLanes];
        uint32_t common = UINT32_MAX;
        for (uint32_t s = 0; s < count; ++s) {
            chunks[s] = strips[s]->take_in(streams[s], done, taken);
            const uint32_t whole = chunks[s].whole / kQuantumFrames;
            common = whole < common ? whole : common;
        }
        run(strips, count, 0, common);
        for (uint32_t s = 0; s < count; ++s) {
            // Streams that joined at different frames may have one quantum more than others.
            run(strips + s, 1, common, chunks[s].whole / kQuantumFrames - common);
            strips[s]->give_out(streams[s], done, chunks[s]);
        }
        done += taken;
    }
    for (uint32_t s = 0; s < count; ++s) strips[s]->end(frames);
}

void ChannelStrip::run(ChannelStrip* const* strips, uint32_t count, uint32_t first_quantum, uint32_t quanta) {
    if (quanta == 0) return;
    for (uint32_t s = 0; s < count; ++s) strips[s]->guard(strips[s]->piece(first_quantum, quanta));
    for (uint32_t q = 0; q < quanta;) {
        uint32_t length = quanta - q;
        for (uint32_t s = 0; s < count; ++s) {
            const uint32_t left = strips[s]->quanta_until_stop();
            length = left < length ? left : length;
        }
        bool decided[StreamLanes::kLanes];
        for (uint32_t s = 0; s < count; ++s) decided[s] = strips[s]->hear(strips[s]->piece(first_quantum + q, length));
        run_stages(strips, count, first_quantum + q, length);
        for (uint32_t s = 0; s < count; ++s) strips[s]->step(length, decided[s]);
        q += length;
    }
    for (uint32_t s = 0; s < count; ++s) strips[s]->finish(strips[s]->piece(first_quantum, quanta));
}

void ChannelStrip::run_stages(ChannelStrip* const* strips, uint32_t count, uint32_t first_quantum, uint32_t quanta) {
    for (uint32_t s = 0; s < count; ++s) strips[s]->run_first_stages(strips[s]->piece(first_quantum, quanta));
    if (count == 1) {
        const Piece piece = strips[0]->piece(first_quantum, quanta);
        strips[0]->compressor_.process(piece.channels, quanta);
        strips[0]->equalizer_.process(piece.channels, quanta);
    } else {
        run_lockstep(strips, count, first_quantum, quanta);
    }
    for (uint32_t s = 0; s < count; ++s) strips[s]->run_last_stages(strips[s]->piece(first_quantum, quanta));
}

void ChannelStrip::run_lockstep(ChannelStrip* const* strips, uint32_t count, uint32_t first_quantum, uint32_t quanta) {
    LockstepRun<StreamLanes> run(count, strips[0]->spec_.channels, quanta);
    Compressor* compressors[StreamLanes::kLanes];
    Equalizer* equalizers[StreamLanes::kLanes];
    for (uint32_t s = 0; s < count; ++s) {
        run.set_samples(s, strips[s]->piece(first_quantum, quanta).channels);
        compressors[s] = &strips[s]->compressor_;
        equalizers[s] = &strips[s]->equalizer_;
    }
    Compressor::process_lockstep(compressors, run);
    Equalizer::process_lockstep(equalizers, run);
    run.to_samples();
}

}  // namespace aim
