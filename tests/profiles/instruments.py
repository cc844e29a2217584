"""What measures: nothing here shares code with the product. Loudness, range and true peak are libebur128's."""
import ctypes
import ctypes.util

import numpy as np

from core import RATE

FFT = 2048
HOP = 480
TINY = 1e-30


class _State(ctypes.Structure):
    _fields_ = [("mode", ctypes.c_int), ("channels", ctypes.c_uint), ("samplerate", ctypes.c_ulong), ("d", ctypes.c_void_p)]


_MODE_M, _MODE_S, _MODE_I, _MODE_LRA, _MODE_PEAK, _MODE_TRUE_PEAK = 1, 3, 5, 11, 17, 49


def _library():
    library = ctypes.CDLL(ctypes.util.find_library("ebur128") or "libebur128.so.1")
    library.ebur128_init.restype = ctypes.POINTER(_State)
    library.ebur128_init.argtypes = [ctypes.c_uint, ctypes.c_ulong, ctypes.c_int]
    library.ebur128_add_frames_float.argtypes = [ctypes.POINTER(_State), ctypes.c_void_p, ctypes.c_size_t]
    for name in ("loudness_global", "loudness_range", "loudness_shortterm", "loudness_momentary"):
        getattr(library, "ebur128_" + name).argtypes = [ctypes.POINTER(_State), ctypes.POINTER(ctypes.c_double)]
    library.ebur128_true_peak.argtypes = [ctypes.POINTER(_State), ctypes.c_uint, ctypes.POINTER(ctypes.c_double)]
    return library


_ebur128 = _library()


def _read(function, state):
    value = ctypes.c_double()
    function(state, ctypes.byref(value))
    return value.value


class Levels:
    """Integrated loudness (LUFS), range (LU) and true peak (dBTP) of a programme, frames x channels."""

    def __init__(self, samples, true_peak=True):
        samples = np.ascontiguousarray(samples, np.float32)
        mode = _MODE_I | _MODE_LRA | (_MODE_TRUE_PEAK if true_peak else 0)
        state = _ebur128.ebur128_init(samples.shape[1], RATE, mode)
        _ebur128.ebur128_add_frames_float(state, samples.ctypes.data, len(samples))
        self.lufs = _read(_ebur128.ebur128_loudness_global, state)
        self.range_lu = _read(_ebur128.ebur128_loudness_range, state)
        self.true_peak = -200.0
        if true_peak:
            for channel in range(samples.shape[1]):
                value = ctypes.c_double()
                _ebur128.ebur128_true_peak(state, channel, ctypes.byref(value))
                self.true_peak = max(self.true_peak, db_amplitude(value.value))
        _ebur128.ebur128_destroy(ctypes.byref(state))


def short_term(samples, step_seconds=0.5):
    """Loudness of the last 3 s, every so often: (seconds, LUFS)."""
    samples = np.ascontiguousarray(samples, np.float32)
    state = _ebur128.ebur128_init(samples.shape[1], RATE, _MODE_S)
    step, times, values = round(step_seconds * RATE), [], []
    for at in range(0, len(samples) - step + 1, step):
        block = samples[at:at + step]
        _ebur128.ebur128_add_frames_float(state, block.ctypes.data, step)
        times.append((at + step) / RATE)
        values.append(max(_read(_ebur128.ebur128_loudness_shortterm, state), -70.0))
    _ebur128.ebur128_destroy(ctypes.byref(state))
    return np.array(times), np.array(values)


def db_power(x):
    return 10.0 * np.log10(np.maximum(x, TINY))


def db_amplitude(x):
    return 2.0 * db_power(np.abs(x))


def frequencies():
    return np.arange(FFT // 2 + 1) * RATE / FFT


def power_frames(signal):
    """Power spectra of one channel: frames of FFT samples under a Hann window, every HOP samples."""
    window = np.hanning(FFT + 1)[:-1]
    count = max(0, 1 + (len(signal) - FFT) // HOP)
    spectra = np.empty((count, FFT // 2 + 1), np.float32)
    for at in range(0, count, 512):
        rows = np.arange(at, min(at + 512, count))
        frames = signal[rows[:, None] * HOP + np.arange(FFT)] * window
        spectra[rows] = np.abs(np.fft.rfft(frames, axis=1)) ** 2 / (window.sum() ** 2 / 4)
    return spectra


def mean_spectrum(signal):
    """Mean power spectrum, for programmes too long to keep every frame."""
    window = np.hanning(8193)[:-1]
    total, count = np.zeros(4097), 0
    for at in range(0, len(signal) - 8192 + 1, 4096):
        total += np.abs(np.fft.rfft(signal[at:at + 8192] * window)) ** 2
        count += 1
    return np.arange(4097) * RATE / 8192, total / max(count, 1) / (window ** 2).sum() / 8192 * 2


def band(hertz, low, high):
    return (hertz >= low) & (hertz < high)


def band_db(signal, low, high):
    hertz, power = mean_spectrum(signal)
    return float(db_power(power[band(hertz, low, high)].sum()))


def crest_db(samples, seconds=0.4, within_db=30.0):
    """Mean peak-to-RMS ratio of windows, over those within 30 dB of the loudest: all channels together."""
    length = round(seconds * RATE)
    windows = samples[:len(samples) // length * length].reshape(-1, length * samples.shape[1]).astype(np.float64)
    rms = np.sqrt((windows ** 2).mean(axis=1))
    keep = rms > rms.max() * 10 ** (-within_db / 20)
    return float((db_amplitude(np.abs(windows).max(axis=1)) - db_amplitude(rms))[keep].mean())


def level_spread_db(samples, seconds=0.4, within_db=30.0):
    """Standard deviation of the levels of windows, dB: what a compressor makes smaller."""
    length = round(seconds * RATE)
    windows = samples[:len(samples) // length * length].reshape(-1, length * samples.shape[1]).astype(np.float64)
    level = db_power((windows ** 2).mean(axis=1))
    return float(level[level > level.max() - within_db].std())


def harmonics_dbc(signal, hertz, count=5):
    """Levels of the harmonics of a steady tone relative to it; `signal` holds whole periods."""
    n = np.arange(len(signal))
    window = np.hanning(len(signal) + 1)[:-1]
    level = [abs(np.sum(signal * window * np.exp(-2j * np.pi * hertz * k * n / RATE))) for k in range(1, count + 1)]
    return [float(db_amplitude(l / level[0])) for l in level[1:]]


def mid(samples):
    return 0.5 * (samples[:, 0].astype(np.float64) + samples[:, -1])


def side(samples):
    return 0.5 * (samples[:, 0].astype(np.float64) - samples[:, -1])


def _windows(samples, seconds):
    length = round(seconds * RATE)
    windows = samples[:len(samples) // length * length].reshape(-1, length, 2).astype(np.float64)
    return windows[..., 0], windows[..., 1]


def correlations(samples, seconds=3.0):
    """Correlation of left and right, window by window."""
    left, right = _windows(samples, seconds)
    power = (left ** 2).sum(axis=1) * (right ** 2).sum(axis=1)
    return (left * right).sum(axis=1) / np.maximum(np.sqrt(power), TINY)


def audible_windows(samples, seconds=3.0, within_db=40.0):
    """Which of these windows are within 40 dB of the loudest."""
    left, right = _windows(samples, seconds)
    power = (left ** 2).sum(axis=1) + (right ** 2).sum(axis=1)
    return power > power.max() * 10 ** (-within_db / 10)


def null_db(output, reference, window_seconds=None, skip_seconds=0.0):
    """What is left of the output after the reference, scaled to fit, is taken away: dB relative to the output. One gain
    for everything, or one for every window; gains by least squares."""
    at = round(skip_seconds * RATE)
    output, reference = output[at:].astype(np.float64), reference[at:].astype(np.float64)
    length = len(output) if window_seconds is None else round(window_seconds * RATE)
    left = total = 0.0
    for start in range(0, len(output) - length + 1, length):
        y, x = output[start:start + length], reference[start:start + length]
        gain = (x * y).sum() / max((x * x).sum(), TINY)
        left += ((y - gain * x) ** 2).sum()
        total += (y * y).sum()
    return float(db_power(left / max(total, TINY)))


def balance_db(samples):
    """Power of the left channel over that of the right, dB; 0 for mono."""
    power = (samples.astype(np.float64) ** 2).mean(axis=0)
    return float(db_power(power[0]) - db_power(power[-1]))
