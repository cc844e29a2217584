"""The two ways in which users get a mix: whole files through `aimixer mix`, and a live stream through the core."""
import json
import subprocess
import tempfile
import wave
from pathlib import Path

import numpy as np

from core import RATE


class Live:
    """Blocks of 20 ms from a cold start, without any knowledge of what comes."""

    is_file = False

    def __init__(self, core):
        self.core = core

    def mix(self, samples, genre, overrides=None):
        """The mix, and the average reduction of the compressor in dB."""
        out, metrics = self.core.run(samples, genre, overrides)
        return out, metrics.compressor.average_db


class Files:
    """A file of 32-bit floats through the command line, and back."""

    is_file = True

    def __init__(self, command, decode):
        self.command = command
        self.decode = decode

    def mix(self, samples, genre, overrides=None):
        with tempfile.TemporaryDirectory() as folder:
            before, after, report = (Path(folder) / name for name in ("before.wav", "after.wav", "report.json"))
            write_float_wave(before, samples)
            settings = [part for key, value in (overrides or {}).items() for part in ("--set", f"{key}={value}")]
            subprocess.run([self.command, "mix", str(before), "-o", str(after), "--genre", genre, "--bits", "32f", "-q",
                            "--report", str(report), *settings], check=True, stdin=subprocess.DEVNULL)
            reduction = json.loads(report.read_text(encoding="utf-8"))["gainReductionDb"]["compressor"]["average"]
            return self.decode(after, samples.shape[1]), reduction


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
