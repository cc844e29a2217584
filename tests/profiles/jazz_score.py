"""Writes a jazz quartet of our own as a standard MIDI file: no package holds a jazz recording.

Twelve choruses of a twelve-bar blues in F: piano alone, then with bass and brushes, tenor solo growing to a loud chorus,
bass solo, everybody, and out. The arrangement's levels rise and fall, as the loudness range needs something to keep."""
import random
import struct

TICKS = 480
BAR = 4 * TICKS
PIANO, BASS, SAX = (0, 0), (1, 32), (2, 66)
DRUMS, RIDE, HAT, KICK, BRUSH = 9, 51, 44, 36, 38
BLUES = [5, 10, 5, 5, 10, 10, 5, 2, 7, 0, 5, 0]  # roots, as semitones above C
CHORD = (4, 10, 14, 21)  # third, seventh, ninth, thirteenth
# Loudness of each chorus (piano, bass, drums, sax), 0 is silent.
CHORUSES = [(38, 0, 0, 0), (46, 50, 0, 0), (44, 58, 40, 56), (50, 64, 52, 70), (62, 74, 68, 88), (80, 88, 92, 112),
            (0, 80, 24, 0), (34, 66, 30, 0), (64, 70, 56, 0), (70, 80, 78, 96), (84, 92, 100, 118), (40, 52, 28, 48)]


def compose():
    rng = random.Random(11)
    events = [(0, bytes([0xC0 | channel, program])) for channel, program in (PIANO, BASS, SAX)]
    events += [(0, bytes([0xB0 | channel, 10, pan])) for channel, pan in ((0, 36), (1, 64), (2, 84), (9, 72))]

    def note(channel, at, length, key, velocity):
        if velocity > 0:
            velocity = max(1, min(127, velocity + rng.randint(-8, 8)))
            events.append((round(at), bytes([0x90 | channel, key, velocity])))
            events.append((round(at + length), bytes([0x80 | channel, key, 0])))

    for chorus, (piano, bass, drums, sax) in enumerate(CHORUSES):
        for bar, root in enumerate(BLUES):
            start = (chorus * len(BLUES) + bar) * BAR
            for beat in range(4):
                now = start + beat * TICKS
                walk = (0, 4, 7, 9)[beat] if bar % 2 == 0 else (0, 10, 9, 5)[beat]
                note(1, now, TICKS * 0.9, 29 + (root + walk) % 14, bass)
                note(DRUMS, now, 60, RIDE, drums)
                if beat % 2 == 1:
                    note(DRUMS, now, 60, HAT, drums * 3 // 4)
                    note(DRUMS, now + TICKS * 2 / 3, 60, RIDE, drums * 3 // 4)
                    note(DRUMS, now, 60, BRUSH, drums // 2)
                if beat == 0:
                    note(DRUMS, now, 60, KICK, drums * 2 // 3)
                for swing in (0, 2 / 3):
                    if rng.random() < 0.62:
                        scale = (0, 3, 5, 6, 7, 10, 12, 15)
                        note(2, now + swing * TICKS, TICKS * 0.45, 53 + rng.choice(scale) + (5 if chorus % 2 else 0), sax)
            for at in rng.choice(((0, 1.67), (0.67, 2), (1, 2.67), (0, 2.67))):
                for step in CHORD:
                    note(0, start + at * TICKS, TICKS * 0.8, 48 + (root + step) % 24, piano)
    return events


def write(path, beats_per_minute=168):
    body, now = bytearray(b"\x00\xff\x51\x03" + struct.pack(">I", 60000000 // beats_per_minute)[1:]), 0
    for tick, message in sorted(compose(), key=lambda e: (e[0], e[1][0] & 0xF0)):
        delta, groups = tick - now, []
        groups.append(delta & 0x7F)
        while delta := delta >> 7:
            groups.append(0x80 | (delta & 0x7F))
        body += bytes(reversed(groups)) + message
        now = tick
    body += b"\x00\xff\x2f\x00"
    with open(path, "wb") as file:
        file.write(b"MThd" + struct.pack(">IHHH", 6, 0, 1, TICKS) + b"MTrk" + struct.pack(">I", len(body)) + bytes(body))
