"""The product under test: the core's channel strip, through its C interface (native/include/ai_mixer_core.h)."""
import contextlib
import ctypes

import numpy as np

RATE = 48000
GENRES = {"neutral": 0, "speech": 1, "rock": 2, "jazz": 3, "electronic": 4, "classical": 5}
METER_OUTPUT, METER_INPUT = 1, 2
BLOCK_FRAMES = 960


class Config(ctypes.Structure):
    _fields_ = [(name, ctypes.c_uint32) for name in ("struct_size", "sample_rate_hz", "channels", "max_frames", "meters")]


class Loudness(ctypes.Structure):
    _fields_ = [(name, ctypes.c_float) for name in (
        "momentary_lufs", "short_term_lufs", "integrated_lufs", "range_lu", "momentary_max_lufs", "short_term_max_lufs",
        "true_peak_dbtp", "sample_peak_dbfs", "rms_dbfs", "current_peak_dbfs", "current_rms_dbfs")]


class Reduction(ctypes.Structure):
    _fields_ = [(name, ctypes.c_float) for name in ("now_db", "average_db", "maximum_db")]


class Metrics(ctypes.Structure):
    _fields_ = [
        ("frames", ctypes.c_uint64), ("non_finite_samples", ctypes.c_uint64), ("limiter_clamped_samples", ctypes.c_uint64),
        ("output", Loudness), ("input", Loudness),
        ("gate", Reduction), ("compressor", Reduction), ("limiter", Reduction), ("de_esser", Reduction),
        ("leveler_gain_db", ctypes.c_float), ("target_lufs", ctypes.c_float),
        ("leveler_hold", ctypes.c_int32), ("genre", ctypes.c_int32)]


class Core:
    def __init__(self, path):
        self.library = ctypes.CDLL(path)
        self.library.aim_version_string.restype = ctypes.c_char_p
        for name in ("aim_strip_create", "aim_strip_process_interleaved", "aim_strip_set_parameter", "aim_strip_set_genre",
                     "aim_strip_get_metrics", "aim_strip_latency_frames", "aim_strip_get_parameter",
                     "aim_strip_snapshot_size", "aim_strip_save", "aim_strip_restore"):
            getattr(self.library, name).restype = ctypes.c_int32

    def version(self):
        return self.library.aim_version_string().decode()

    def check(self, status, what):
        if status != 0:
            raise RuntimeError(f"{what}: status {status}")

    def parameter_id(self, key):
        number = ctypes.c_int32()
        self.check(self.library.aim_parameter_find(key.encode(), ctypes.byref(number)), key)
        return number.value

    @contextlib.contextmanager
    def strip(self, channels, max_frames=BLOCK_FRAMES):
        config = Config()
        self.check(self.library.aim_strip_config_init(ctypes.byref(config)), "config")
        config.sample_rate_hz, config.channels, config.meters = RATE, channels, METER_OUTPUT | METER_INPUT
        config.max_frames = max_frames
        strip = ctypes.c_void_p()
        self.check(self.library.aim_strip_create(ctypes.byref(config), ctypes.byref(strip)), "create")
        try:
            yield strip
        finally:
            self.library.aim_strip_destroy(strip)

    def set_genre(self, strip, genre):
        self.check(self.library.aim_strip_set_genre(strip, GENRES[genre]), "genre")

    def process(self, strip, source, destination, frames):
        """Addresses of interleaved samples, which may be the same."""
        self.check(self.library.aim_strip_process_interleaved(
            strip, ctypes.c_void_p(source), ctypes.c_void_p(destination), frames), "process")

    def metrics(self, strip):
        now = Metrics()
        self.check(self.library.aim_strip_get_metrics(strip, ctypes.byref(now)), "metrics")
        return now

    def saved(self, strip):
        size = ctypes.c_uint64()
        self.check(self.library.aim_strip_snapshot_size(strip, ctypes.byref(size)), "snapshot size")
        snapshot = ctypes.create_string_buffer(size.value)
        self.check(self.library.aim_strip_save(strip, snapshot, size), "save")
        return snapshot

    def restore(self, strip, snapshot):
        self.check(self.library.aim_strip_restore(strip, snapshot, ctypes.c_uint64(len(snapshot))), "restore")

    def run(self, samples, genre, overrides=None, watch_seconds=None):
        """Renders `samples` (frames x channels) with a genre's profile, as a live stream in blocks of 20 ms. The latency is
        removed and the tail drained: the result is as long as the input and lies on top of it. Returns it with the last
        metrics; with `watch_seconds` also the metrics every so often."""
        samples = np.ascontiguousarray(samples, np.float32)
        frames, channels = samples.shape
        with self.strip(channels) as strip:
            self.set_genre(strip, genre)
            for key, value in (overrides or {}).items():
                self.check(self.library.aim_strip_set_parameter(
                    strip, ctypes.c_int32(self.parameter_id(key)), ctypes.c_float(value)), key)
            latency = ctypes.c_uint32()
            self.check(self.library.aim_strip_latency_frames(strip, ctypes.byref(latency)), "latency")
            total = frames + latency.value
            audio = np.zeros((-(-total // BLOCK_FRAMES) * BLOCK_FRAMES, channels), np.float32)
            audio[:frames] = samples
            watched, every = [], None if watch_seconds is None else max(1, round(watch_seconds * RATE / BLOCK_FRAMES))
            for block, at in enumerate(range(0, len(audio), BLOCK_FRAMES)):
                where = audio.ctypes.data + at * channels * 4
                self.process(strip, where, where, BLOCK_FRAMES)
                if every is not None and block % every == every - 1:
                    watched.append(self.metrics(strip))
            metrics = self.metrics(strip)
        out = audio[latency.value:latency.value + frames].copy()
        return (out, metrics) if watch_seconds is None else (out, metrics, watched)

    def target(self, genre, channels):
        """Loudness target of a genre's profile."""
        keys = ("leveler.target_lufs", "leveler.mono_offset_db")
        values = [self.profile_value(genre, key) for key in keys]
        return values[0] + (values[1] if channels == 1 else 0.0)

    def profile_value(self, genre, key):
        with self.strip(2) as strip:
            self.set_genre(strip, genre)
            value = ctypes.c_float()
            self.check(self.library.aim_strip_get_parameter(
                strip, ctypes.c_int32(self.parameter_id(key)), ctypes.byref(value)), key)
            return value.value
