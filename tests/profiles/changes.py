"""Real recordings while the genre changes: how far the loudness leaves what lies between its two ends."""
from dataclasses import dataclass

import numpy as np

from core import GENRES, RATE

# Heard again and again: whole rounds before, during and after the change hear the same.
ROUND_SECONDS = 6
SETTLING_ROUNDS = 3
LOOKS_PER_SECOND = 10
ALLOWED_LU = 0.5


@dataclass
class Changes:
    name: str
    # LU beyond the louder or below the softer of both ends, by (from, to).
    overshoots: dict

    def worst(self, out_of_neutral):
        return max((lu, f"{a} to {b}") for (a, b), lu in self.overshoots.items() if (a == "neutral") == out_of_neutral)


class Listener:
    """Plays whole rounds through a strip and looks at the momentary loudness every 100 ms."""

    def __init__(self, core, strip, samples):
        self.core, self.strip, self.samples = core, strip, samples
        self.out = np.zeros((RATE // LOOKS_PER_SECOND, samples.shape[1]), np.float32)

    def rounds(self, count):
        block, channels = len(self.out), self.samples.shape[1]
        seen = []
        for look in range(count * ROUND_SECONDS * LOOKS_PER_SECOND):
            at = look * block % len(self.samples)
            self.core.process(self.strip, self.samples.ctypes.data + at * channels * 4, self.out.ctypes.data, block)
            seen.append(self.core.metrics(self.strip).output.momentary_lufs)
        return max(seen), min(seen)


def of_piece(core, piece):
    samples = np.ascontiguousarray(piece.middle(ROUND_SECONDS), np.float32)
    overshoots = {}
    with core.strip(samples.shape[1], RATE // LOOKS_PER_SECOND) as strip:
        listener = Listener(core, strip, samples)
        cold = core.saved(strip)
        for a in GENRES:
            core.restore(strip, cold)
            core.set_genre(strip, a)
            listener.rounds(SETTLING_ROUNDS - 1)
            before = listener.rounds(1)
            settled = core.saved(strip)
            for b in GENRES:
                if a == b:
                    continue
                core.restore(strip, settled)
                core.set_genre(strip, b)
                during, after = listener.rounds(SETTLING_ROUNDS), listener.rounds(1)
                overshoots[a, b] = max(during[0] - max(before[0], after[0]), min(before[1], after[1]) - during[1])
    return Changes(piece.name, overshoots)


def all_of(core, library, report):
    changes = []
    for piece in library.recordings():
        report(f"changing {piece.name}")
        changes.append(of_piece(core, piece))
    return changes
