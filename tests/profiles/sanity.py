"""Real recordings through `aimixer mix --genre`: nothing clipped, silent, one-sided or off its target."""
import subprocess
import tempfile
import wave
from dataclasses import dataclass
from pathlib import Path

import numpy as np

import instruments as look
from core import RATE

CEILING_DBTP = -1.0
CLIPPED_DB = 0.01
OFF_TARGET_LU = 0.1
ONE_SIDED_DB = 1.0
SILENT_LUFS = -60.0
EXCERPT_SECONDS = 60


@dataclass
class Check:
    name: str
    author: str
    genre: str
    before: look.Levels
    after: look.Levels
    target: float
    balance_before: float
    balance_after: float
    same_length: bool

    @property
    def verdict(self):
        faults = []
        if self.after.true_peak > CEILING_DBTP + CLIPPED_DB:
            faults.append("above its ceiling")
        if self.after.lufs < SILENT_LUFS:
            faults.append("silent")
        # Towards the middle is no fault: bass that was mixed to one side becomes mono.
        if abs(self.balance_after) > abs(self.balance_before) + ONE_SIDED_DB:
            faults.append("one-sided")
        if not abs(self.after.lufs - self.target) <= OFF_TARGET_LU:
            faults.append("off its target")
        if not self.same_length:
            faults.append("of another length")
        return ", ".join(faults) or "good"


def write_float_wave(path, samples):
    """WAV with 32-bit floats: the wave module writes the frame, the format tag is put right afterwards."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(samples.shape[1])
        file.setsampwidth(4)
        file.setframerate(RATE)
        file.writeframes(np.ascontiguousarray(samples, "<f4").tobytes())
    with open(path, "r+b") as file:
        file.seek(20)
        file.write((3).to_bytes(2, "little"))


def excerpt(piece):
    """A minute from the middle: openings are often silence."""
    length = EXCERPT_SECONDS * RATE
    start = max(0, (len(piece.samples) - length) // 2)
    return piece.samples[start:start + length]


def check(command, library, piece, target):
    with tempfile.TemporaryDirectory() as folder:
        before, after = (Path(folder) / name for name in ("before.wav", "after.wav"))
        samples = excerpt(piece)
        write_float_wave(before, samples)
        subprocess.run([command, "mix", str(before), "-o", str(after), "--genre", piece.genre, "--bits", "32f", "-q"],
                       check=True, stdin=subprocess.DEVNULL)
        mixed = library.decode_now(after, samples.shape[1])
        return Check(piece.name, piece.author, piece.genre, look.Levels(samples), look.Levels(mixed), target,
                     look.balance_db(samples), look.balance_db(mixed), len(mixed) == len(samples))


def all_of(command, core, library, report):
    pieces = library.speech() + library.rock() + library.electronic() + library.classical()
    pieces = [piece for piece in pieces if piece.recorded and piece.seconds >= 10]
    checks = []
    for piece in pieces:
        report(f"mixing {piece.name}")
        checks.append(check(command, library, piece, core.target(piece.genre, piece.samples.shape[1])))
    return checks
