#!/usr/bin/env python3
"""MFCCs by librosa's definition in numpy's double precision, to hold the core against.

compare SIGNAL MFCC     checks a file of coefficients that the product wrote for a file of mono samples
                        (both raw little-endian 32-bit floats; coefficients row by row)
library CORE [SIGNAL..] runs the core's shared library on tones, noise, speech, music and the given files

Speech comes from espeak-ng and music from the clip in samples/media; what is not installed is said and passed over.
Ends with 1 when a coefficient is off by more than the tolerance.
"""

import argparse
import ctypes
import pathlib
import shutil
import subprocess
import sys

import numpy as np

TOLERANCE = 1e-3
DEMO_FOLDER = pathlib.Path(__file__).resolve().parents[2] / "samples" / "media"


class Config(ctypes.Structure):
    """aim_mfcc_config."""

    _fields_ = [(name, ctypes.c_uint32) for name in
                ("struct_size", "sample_rate_hz", "window", "hop", "fft_size", "mel_bands", "coefficients")]
    _fields_ += [(name, ctypes.c_float) for name in ("low_hz", "high_hz", "floor")]


def config_from(options):
    return Config(ctypes.sizeof(Config), options.sample_rate, options.window, options.hop, options.fft_size,
                  options.mel_bands, options.coefficients, options.low_hz, options.high_hz, options.floor)


def mel_filters(config):
    """Slaney's scale and area normalisation: one row per band, one column per bin."""
    step = np.log(6.4) / 27

    def to_mel(hz):
        return np.where(hz < 1000, hz * 3 / 200, 15 + np.log(np.maximum(hz, 1e-9) / 1000) / step)

    def to_hz(mel):
        return np.where(mel < 15, mel * 200 / 3, 1000 * np.exp(step * (mel - 15)))

    low, high = to_mel(np.float64(config.low_hz)), to_mel(np.float64(config.high_hz))
    edges = to_hz(np.linspace(low, high, config.mel_bands + 2))
    bins = np.arange(config.fft_size // 2 + 1) * config.sample_rate_hz / config.fft_size
    width = np.diff(edges)
    rise = (bins[None, :] - edges[:-2, None]) / width[:-1, None]
    fall = (edges[2:, None] - bins[None, :]) / width[1:, None]
    return np.maximum(0, np.minimum(rise, fall)) * (2 / (edges[2:] - edges[:-2]))[:, None]


def reference(signal, config):
    """Rows of coefficients, one per frame."""
    count = 0 if len(signal) < config.window else 1 + (len(signal) - config.window) // config.hop
    if count == 0:
        return np.zeros((0, config.coefficients))
    sound = np.where(np.abs(signal) <= 1000, signal, 0).astype(np.float64)
    index = np.arange(config.window)[None, :] + config.hop * np.arange(count)[:, None]
    hann = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(config.window) / config.window)
    power = np.abs(np.fft.rfft(sound[index] * hann, config.fft_size, axis=1)) ** 2
    level = 10 * np.log10(np.maximum(np.float64(config.floor), power @ mel_filters(config).T))
    band = np.arange(config.mel_bands)
    order = np.arange(config.coefficients)
    basis = np.cos(np.pi * order[:, None] * (2 * band[None, :] + 1) / (2 * config.mel_bands))
    scale = np.sqrt(np.where(order == 0, 1, 2) / config.mel_bands)
    return level @ (basis * scale[:, None]).T


def load_core(path):
    core = ctypes.CDLL(str(pathlib.Path(path).resolve()))
    pointer, count = ctypes.c_void_p, ctypes.c_uint32
    core.aim_mfcc_create.argtypes = [ctypes.POINTER(Config), ctypes.POINTER(pointer)]
    core.aim_mfcc_destroy.argtypes = [pointer]
    core.aim_mfcc_frames_for.argtypes = [pointer, count, ctypes.POINTER(count)]
    core.aim_mfcc_process.argtypes = [pointer, pointer, count, pointer, pointer, pointer, count, ctypes.POINTER(count)]
    return core


def check(status):
    if status != 0:
        sys.exit(f"the core refused the call: status {status}")


def run_core(core, signal, config):
    handle = ctypes.c_void_p()
    check(core.aim_mfcc_create(ctypes.byref(config), ctypes.byref(handle)))
    frames = ctypes.c_uint32()
    check(core.aim_mfcc_frames_for(handle, len(signal), ctypes.byref(frames)))
    signal = np.ascontiguousarray(signal, dtype=np.float32)
    rows = np.zeros((frames.value, config.coefficients), dtype=np.float32)
    check(core.aim_mfcc_process(handle, signal.ctypes.data, len(signal), rows.ctypes.data, None, None, frames.value,
                                ctypes.byref(frames)))
    core.aim_mfcc_destroy(handle)
    return rows


def report(name, signal, rows, config):
    """Prints one line; true when every coefficient is within the tolerance."""
    expected = reference(signal, config)
    if rows.shape != expected.shape:
        print(f"{name:32} {rows.shape[0]} frames instead of {expected.shape[0]}: FAILED")
        return False
    if not len(rows):
        print(f"{name:32} shorter than one window: FAILED")
        return False
    error = np.abs(rows - expected).max()
    good = bool(error <= TOLERANCE)
    print(f"{name:32} {len(rows):6} frames, largest error {error:.2e}: {'ok' if good else 'FAILED'}")
    return good


def samples_from(command):
    return np.frombuffer(subprocess.run(command, check=True, capture_output=True).stdout, dtype="<f4")


def decoded(source, rate):
    return samples_from(["ffmpeg", "-v", "error", "-i", str(source), "-ac", "1", "-ar", str(rate), "-f", "f32le", "-"])


def signals(rate):
    """(name, samples) of everything that can be made here."""
    time = np.arange(rate) / rate
    for hz in (30, 440, 997, 6000, 15000):
        for amplitude in (1.0, 0.1, 1e-4):
            if hz < rate / 2:
                yield f"tone {hz} Hz x {amplitude:g}", (amplitude * np.sin(2 * np.pi * hz * time)).astype(np.float32)
    generator = np.random.default_rng(1)
    yield "white noise", generator.uniform(-1, 1, rate).astype(np.float32)
    yield "brown noise", (np.cumsum(generator.normal(0, 1, rate)) / 1000).astype(np.float32)
    if not shutil.which("ffmpeg"):
        print("no ffmpeg: speech and music are passed over")
        return
    if shutil.which("espeak-ng"):
        text = "The quick brown fox jumps over the lazy dog, and six wizards boil quiet oxen."
        wave = subprocess.run(["espeak-ng", "--stdout", text], check=True, capture_output=True).stdout
        command = ["ffmpeg", "-v", "error", "-i", "-", "-ac", "1", "-ar", str(rate), "-f", "f32le", "-"]
        raw = subprocess.run(command, check=True, capture_output=True, input=wave).stdout
        yield "speech (espeak-ng)", np.frombuffer(raw, dtype="<f4")
    else:
        print("no espeak-ng: speech is passed over")
    clips = sorted(p for p in DEMO_FOLDER.glob("*") if p.suffix in (".flac", ".ogg", ".wav"))
    if not clips:
        print("no clip in samples/media: music is passed over")
    for clip in clips:
        yield f"music ({clip.name})", decoded(clip, rate)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sample-rate", type=int, default=48000)
    parser.add_argument("--window", type=int, default=960)
    parser.add_argument("--hop", type=int, default=480)
    parser.add_argument("--fft-size", type=int, default=1024)
    parser.add_argument("--mel-bands", type=int, default=40)
    parser.add_argument("--coefficients", type=int, default=13)
    parser.add_argument("--low-hz", type=float, default=20)
    parser.add_argument("--high-hz", type=float, default=20000)
    parser.add_argument("--floor", type=float, default=1e-10)
    verbs = parser.add_subparsers(dest="verb", required=True)
    compare = verbs.add_parser("compare")
    compare.add_argument("signal")
    compare.add_argument("mfcc")
    library = verbs.add_parser("library")
    library.add_argument("core")
    library.add_argument("signals", nargs="*")
    options = parser.parse_args()
    config = config_from(options)

    if options.verb == "compare":
        rows = np.fromfile(options.mfcc, dtype="<f4")
        if len(rows) % config.coefficients:
            sys.exit(f"{options.mfcc} does not hold whole rows of {config.coefficients} coefficients")
        results = [report(options.signal, np.fromfile(options.signal, dtype="<f4"),
                          rows.reshape(-1, config.coefficients), config)]
    else:
        core = load_core(options.core)
        results = [report(name, signal, run_core(core, signal, config), config)
                   for name, signal in signals(config.sample_rate_hz)]
        results += [report(name, signal, run_core(core, signal, config), config)
                    for name in options.signals for signal in [np.fromfile(name, dtype="<f4")]]
    sys.exit(0 if all(results) else 1)


if __name__ == "__main__":
    main()
