#!/usr/bin/env python3
"""Writes the demo's music, our own, as a standard MIDI file (format 1).

    demo_score.py OUT.mid

Eight bars of 4/4 at 100 beats per minute over Am F C G: a bare piano, then bass, drums, guitar and a flute on top,
then the piano alone again. The levels are uneven on purpose, so that a mixer has something to do.
"""
import random
import struct
import sys

TICKS_PER_BEAT = 480
BEATS_PER_MINUTE = 100
BAR = 4 * TICKS_PER_BEAT

PIANO, GUITAR, BASS, FLUTE = 0, 25, 33, 73
DRUMS = 9  # the tenth channel of General MIDI
KICK, SNARE, CLOSED_HAT, OPEN_HAT, CRASH = 36, 38, 42, 46, 49

CHORDS = [("Am", 57, (0, 3, 7)), ("F", 53, (0, 4, 7)), ("C", 60, (0, 4, 7)), ("G", 55, (0, 4, 7))]
MELODY = [  # (bar, beat, length in beats, key)
    (2, 0.0, 1.0, 76), (2, 1.0, 0.5, 74), (2, 1.5, 0.5, 72), (2, 2.0, 2.0, 74),
    (3, 0.0, 1.5, 72), (3, 1.5, 0.5, 69), (3, 2.0, 2.0, 72),
    (4, 0.0, 1.0, 79), (4, 1.0, 1.0, 76), (4, 2.0, 0.5, 74), (4, 2.5, 1.5, 76),
    (5, 0.0, 1.0, 74), (5, 1.0, 1.0, 71), (5, 2.0, 2.0, 74),
]


class Track:
    def __init__(self, channel, program=None):
        self.channel = channel
        self.events = []
        if program is not None:
            self.events.append((0, bytes([0xC0 | channel, program])))

    def control(self, controller, value):
        self.events.append((0, bytes([0xB0 | self.channel, controller, value])))

    def note(self, bar, beat, beats, key, velocity):
        start = bar * BAR + round(beat * TICKS_PER_BEAT)
        end = start + max(1, round(beats * TICKS_PER_BEAT) - 10)
        self.events.append((start, bytes([0x90 | self.channel, key, velocity])))
        self.events.append((end, bytes([0x80 | self.channel, key, 0])))

    def encode(self):
        out, now = bytearray(), 0
        # Ends before starts at the same tick, so that a repeated key sounds again.
        for tick, message in sorted(self.events, key=lambda e: (e[0], e[1][0] & 0xF0)):
            out += variable_length(tick - now) + message
            now = tick
        return chunk(bytes(out))


def variable_length(value):
    groups = [value & 0x7F]
    while value := value >> 7:
        groups.append(0x80 | (value & 0x7F))
    return bytes(reversed(groups))


def chunk(events):
    body = events + b"\x00\xff\x2f\x00"
    return b"MTrk" + struct.pack(">I", len(body)) + body


def compose():
    rng = random.Random(7)
    human = lambda velocity: max(1, min(127, velocity + rng.randint(-6, 6)))

    piano, guitar, bass = Track(0, PIANO), Track(1, GUITAR), Track(2, BASS)
    flute, drums = Track(3, FLUTE), Track(DRUMS)
    guitar.control(10, 96)
    piano.control(10, 44)
    flute.control(10, 70)

    for bar in range(8):
        name, root, intervals = CHORDS[bar % 4]
        loud = 2 <= bar < 6
        for step in range(8):  # broken chords in quavers
            key = root + intervals[(0, 2, 1, 2, 0, 1, 2, 1)[step]] + (12 if step % 4 == 2 else 0)
            piano.note(bar, step / 2, 0.9, key, human(70 if loud else 38))
        if not loud:
            continue
        for step in range(8):
            bass.note(bar, step / 2, 0.45, root - 24 + (12 if step in (3, 6) else 0), human(108 if step % 2 == 0 else 88))
            drums.note(bar, step / 2, 0.2, OPEN_HAT if step == 7 else CLOSED_HAT, human(84 if step % 2 == 0 else 60))
        for beat in (0.0, 1.75, 2.0):
            drums.note(bar, beat, 0.3, KICK, human(118))
        for beat in (1.0, 3.0):
            drums.note(bar, beat, 0.3, SNARE, human(116))
        for beat in (0.5, 1.5, 2.5, 3.5):
            for interval in intervals:
                guitar.note(bar, beat, 0.3, root + interval, human(82))
    drums.note(2, 0.0, 2.0, CRASH, 120)
    drums.note(4, 0.0, 2.0, CRASH, 112)
    for step in range(6):  # a fill into the quiet end
        drums.note(5, 2.5 + step / 4, 0.2, SNARE, 90 + 6 * step)
    for bar, beat, beats, key in MELODY:
        flute.note(bar, beat, beats, key, human(100))
    for key in (45, 57, 60, 64):
        piano.note(8, 0.0, 3.0, key, 40)
    return [piano, guitar, bass, flute, drums]


def main():
    tracks = compose()
    tempo = round(60_000_000 / BEATS_PER_MINUTE)
    head = b"MThd" + struct.pack(">IHHH", 6, 1, len(tracks) + 1, TICKS_PER_BEAT)
    first = chunk(b"\x00\xff\x51\x03" + tempo.to_bytes(3, "big"))
    with open(sys.argv[1], "wb") as out:
        out.write(head + first + b"".join(track.encode() for track in tracks))


if __name__ == "__main__":
    main()
