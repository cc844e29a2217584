"""The pictures of docs/profiles.md, in the style of the command line's plots, whose style sheet they use."""
import html
import re
from pathlib import Path

import numpy as np

import instruments as look
from core import RATE

STYLE_SOURCE = "src/AiMixer.Cli/Plots/PlotStyle.cs"
WIDTH = 960
LEFT, RIGHT = 84, 24


def number(value):
    return f"{value:g}".replace("-", "\u2212")


class Axis:
    def __init__(self, low, high, start, end, title, ticks, logarithmic=False, label=number):
        self.low, self.high, self.start, self.end = low, high, start, end
        self.title, self.ticks, self.logarithmic, self.label = title, ticks, logarithmic, label

    def at(self, value):
        if self.logarithmic:
            share = np.log(np.asarray(value) / self.low) / np.log(self.high / self.low)
        else:
            share = (np.asarray(value) - self.low) / (self.high - self.low)
        return self.start + share * (self.end - self.start)


def frequency_axis(start, end, low=20, high=20000):
    ticks = [t for t in (20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000) if low <= t <= high]
    return Axis(low, high, start, end, "frequency (Hz)", ticks, True, lambda t: f"{t / 1000:g}k" if t >= 1000 else f"{t:g}")


def linear_axis(low, high, step, start, end, title):
    return Axis(low, high, start, end, title, list(np.arange(np.ceil(low / step) * step, high + step / 2, step)))


class Picture:
    def __init__(self, title, description, height, root):
        self.title, self.description, self.height, self.parts, self.clips = title, description, height, [], 0
        source = (Path(root) / STYLE_SOURCE).read_text(encoding="utf-8")
        self.css = re.search(r'Css = """\n(.*?)\n\s*""";', source, re.S).group(1)
        self.text("title", 24, 36, title)
        self.text("note", 24, 58, description)

    def text(self, look_of, x, y, text, anchor="start"):
        self.parts.append(f'<text class="{look_of}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{html.escape(text)}</text>')

    def line(self, look_of, x1, y1, x2, y2):
        self.parts.append(f'<line class="{look_of}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>')

    def curve(self, look_of, x_axis, y_axis, xs, ys):
        spots = "L".join(f"{x:.1f} {y:.1f}" for x, y in zip(x_axis.at(xs), y_axis.at(ys)))
        self.parts.append(f'<path class="{look_of}" clip-path="url(#clip{self.clips})" d="M{spots}"/>')

    def panel(self, x_axis, y_axis, heading, legend=""):
        left, right, top, bottom = x_axis.start, x_axis.end, y_axis.end, y_axis.start
        self.clips += 1
        self.parts.append(f'<clipPath id="clip{self.clips}"><rect x="{left:.1f}" y="{top:.1f}" width="{right - left:.1f}" '
                          f'height="{bottom - top:.1f}"/></clipPath>')
        self.text("heading", left, top - 12, heading)
        self.text("tick", right, top - 12, legend, "end")
        for tick in x_axis.ticks:
            x = float(x_axis.at(tick))
            self.line("grid", x, top, x, bottom)
            self.line("axis", x, bottom, x, bottom + 4)
            self.text("tick", x, bottom + 18, x_axis.label(tick), "middle")
        for tick in y_axis.ticks:
            y = float(y_axis.at(tick))
            self.line("grid", left, y, right, y)
            self.text("tick", left - 8, y + 4, y_axis.label(tick), "end")
        middle = (top + bottom) / 2
        self.parts.append(f'<text class="tick" transform="translate({left - 52:.1f} {middle:.1f}) rotate(-90)" '
                          f'text-anchor="middle">{html.escape(y_axis.title)}</text>')
        self.text("tick", (left + right) / 2, bottom + 36, x_axis.title, "middle")
        self.parts.append(f'<rect class="frame" x="{left:.1f}" y="{top:.1f}" width="{right - left:.1f}" height="{bottom - top:.1f}"/>')

    def write(self, path):
        Path(path).write_text(
            f'<?xml version="1.0" encoding="UTF-8"?>\n<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {self.height}" '
            f'width="{WIDTH}" height="{self.height}" role="img">\n<title>{html.escape(self.title)}</title>\n'
            f'<desc>{html.escape(self.description)}</desc>\n<style>\n{self.css}\n</style>\n'
            f'<rect class="paper" width="100%" height="100%"/>\n' + "\n".join(self.parts) + "\n</svg>\n", encoding="utf-8")


def sixths(signal, low=20.0, high=20000.0):
    """Level of bands of a sixth of an octave."""
    hertz, power = look.mean_spectrum(signal)
    centres = low * 2.0 ** (np.arange(int(6 * np.log2(high / low)) + 1) / 6)
    edges = np.searchsorted(hertz, np.concatenate([centres * 2 ** (-1 / 12), centres[-1:] * 2 ** (1 / 12)]))
    levels = []
    for i, centre in enumerate(centres):
        if edges[i + 1] > edges[i]:
            levels.append(float(look.db_power(power[edges[i]:edges[i + 1]].sum())))
        else:  # narrower than a bin
            width = centre * (2 ** (1 / 12) - 2 ** (-1 / 12)) / hertz[1]
            levels.append(float(look.db_power(np.interp(centre, hertz, power) * width)))
    return centres, np.array(levels)


def spectra(files, picked, path, root):
    """One panel per genre: average spectrum of a whole file before and after, at the same loudness."""
    rows = -(-len(picked) // 2)
    picture = Picture("What each profile does to the spectrum", "Whole files, level of bands of 1/6 octave, before (grey) and after (blue), at equal loudness",
                      90 + rows * 280, root)
    half = (WIDTH - LEFT - RIGHT - 84) / 2
    for index, (genre, piece) in enumerate(picked.items()):
        left, top = LEFT + (index % 2) * (half + 84), 100 + (index // 2) * 280
        out, _ = files.mix(piece.samples, genre)
        x_axis = frequency_axis(left, left + half)
        curves = []
        for samples in (piece.samples, out):
            hertz, levels = sixths(look.mid(samples))
            curves.append(levels - look.Levels(samples, False).lufs)
        high = np.ceil(max(c.max() for c in curves) / 10) * 10
        y_axis = linear_axis(high - 50, high, 10, top + 190, top, "dB re loudness")
        picture.panel(x_axis, y_axis, f"{genre}: {piece.name}")
        for look_of, levels in zip(("before-line", "after-line"), curves):
            picture.curve(look_of, x_axis, y_axis, hertz, levels)
    picture.write(path)


def speech_leveler(core, pieces, target, path, root):
    """Voices of different levels, one after the other."""
    gains = (-14, 4, -6, -10, 0)
    parts = [10 ** (gain / 20) * piece.samples[:30 * RATE] for gain, piece in zip(gains, pieces)]
    before = np.concatenate(parts).astype(np.float32)
    after, _ = core.run(before, "speech")
    picture = Picture("The leveler on speech", "Short-term loudness of voices at levels up to 18 dB apart, live, before (grey) and after (blue)", 400, root)
    x_axis = linear_axis(0, len(before) / RATE, 15, LEFT, WIDTH - RIGHT, "time (s)")
    y_axis = linear_axis(-42, -10, 4, 340, 100, "short-term loudness (LUFS)")
    picture.panel(x_axis, y_axis, "Loudness of the last 3 s", f"dashed: target, {number(target)} LUFS")
    picture.line("target-mark", x_axis.start, float(y_axis.at(target)), x_axis.end, float(y_axis.at(target)))
    for look_of, samples in (("before-line", before), ("after-line", after)):
        times, values = look.short_term(samples)
        picture.curve(look_of, x_axis, y_axis, times[4:], values[4:])
    picture.write(path)


def sibilant_burst(core, piece, path, root):
    """The band of the sibilants around the strongest one, with and without the de-esser."""
    runs = [("before-line", core.run(piece.samples, "speech", {"de_esser.enabled": 0})[0]), ("after-line", core.run(piece.samples, "speech")[0])]
    window, hop = round(0.012 * RATE), round(0.002 * RATE)

    def level(samples):
        spectrum = np.fft.rfft(samples[:, 0])
        hertz = np.arange(len(spectrum)) * RATE / len(samples)
        spectrum[~look.band(hertz, 5500, 10000)] = 0
        power = np.convolve(np.fft.irfft(spectrum, len(samples)) ** 2, np.ones(window) / window, "same")[::hop]
        return look.db_power(power)

    curves = [(look_of, level(samples)) for look_of, samples in runs]
    settled = round(10 * RATE / hop)
    centre = settled + int(np.argmax(curves[0][1][settled:-500]))
    rows = np.arange(centre - 350, centre + 350)
    times = (rows - rows[0]) * hop / RATE
    picture = Picture("A sibilant and the de-esser", f"{piece.name}: level of 5.5 to 10 kHz, profile without (grey) and with (blue) its de-esser", 400, root)
    x_axis = linear_axis(0, 1.4, 0.2, LEFT, WIDTH - RIGHT, "time (s)")
    x_axis.label = lambda t: f"{t:.1f}"
    high = np.ceil(max(c[rows].max() for _, c in curves) / 10) * 10
    y_axis = linear_axis(high - 50, high, 10, 340, 100, "level (dBFS)")
    picture.panel(x_axis, y_axis, "RMS of 12 ms, 5.5 to 10 kHz")
    for look_of, values in curves:
        picture.curve(look_of, x_axis, y_axis, times, values[rows])
    picture.write(path)


def natural_dynamics(files, picked, path, root):
    """Loudness over time of what should keep its dynamics, as a file."""
    picture = Picture("Loudness over time, where dynamics should stay", "Short-term loudness of whole files before (grey) and after (blue), less the integrated loudness of each", 90 + 300 * len(picked), root)
    for index, (genre, piece) in enumerate(picked.items()):
        top = 100 + index * 300
        out, _ = files.mix(piece.samples, genre)
        ends = len(piece.samples) / RATE
        x_axis = linear_axis(0, ends, 15 if ends < 150 else 30, LEFT, WIDTH - RIGHT, "time (s)")
        y_axis = linear_axis(-20, 10, 5, top + 210, top, "re integrated loudness (LU)")
        ranges = [look.Levels(s, False) for s in (piece.samples, out)]
        picture.panel(x_axis, y_axis, f"{genre}: {piece.name}", f"loudness range {ranges[0].range_lu:.1f} LU before, {ranges[1].range_lu:.1f} LU after")
        for look_of, samples, levels in (("before-line", piece.samples, ranges[0]), ("after-line", out, ranges[1])):
            times, values = look.short_term(samples)
            picture.curve(look_of, x_axis, y_axis, times[5:], values[5:] - levels.lufs)
    picture.write(path)


def stereo(core, piece, path, root):
    """Side over mid across frequency: narrow below, wide above."""
    out, _ = core.run(piece.samples, "electronic")
    picture = Picture("Tight low end, stereo width", f"{piece.name}: side relative to mid, bands of 1/6 octave, before (grey) and after (blue)", 400, root)
    x_axis = frequency_axis(LEFT, WIDTH - RIGHT)
    y_axis = linear_axis(-40, 10, 10, 340, 100, "side over mid (dB)")
    picture.panel(x_axis, y_axis, "Stereo", "mono below 120 Hz, width 1.25 above 200 Hz")
    for look_of, samples in (("before-line", piece.samples), ("after-line", out)):
        hertz, sides = sixths(look.side(samples))
        picture.curve(look_of, x_axis, y_axis, hertz, np.maximum(sides - sixths(look.mid(samples))[1], -60))
    picture.write(path)


def all_of(files, core, library, folder, root):
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    voices, rock, jazz, electronic, classical = (getattr(library, g)() for g in ("speech", "rock", "jazz", "electronic", "classical"))
    recorded = [voice for voice in voices if voice.recorded]
    by_name = {piece.name: piece for piece in classical}
    spectra(files, {"speech": recorded[0], "rock": rock[1], "jazz": jazz[0], "electronic": electronic[0],
                   "classical": by_name["Breaking the Chains"]}, folder / "profile-spectra.svg", root)
    speech_leveler(core, recorded, core.target("speech", 1), folder / "profile-speech-leveler.svg", root)
    sibilant_burst(core, recorded[0], folder / "profile-sibilant.svg", root)
    natural_dynamics(files, {"jazz": jazz[0], "classical": by_name["Journey's End"]}, folder / "profile-dynamics.svg", root)
    stereo(core, electronic[0], folder / "profile-stereo.svg", root)
