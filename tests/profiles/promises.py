"""What each profile promises, measured on the product's output. Every function yields Figures. `way` is one of the two
ways in which users get a mix (ways.py)."""
from dataclasses import dataclass, field

import numpy as np

import instruments as look
import material
from core import RATE

BARE = {f"{stage}.enabled": 0 for stage in ("leveler", "gate", "de_esser", "compressor", "saturator", "stereo", "limiter")}
THIRDS = 1000.0 * 2.0 ** (np.arange(-9, 7) / 3.0)  # 125 Hz to 4 kHz


@dataclass
class Figure:
    genre: str
    promise: str
    measure: str
    limit: str
    unit: str
    keeps: object  # value -> bool
    values: list = field(default_factory=list)  # (name of the piece, value)
    worst: object = max  # the value furthest from what was promised
    informs: bool = False  # told, not promised

    def add(self, name, value):
        self.values.append((name, float(value)))

    @property
    def kept(self):
        return all(self.keeps(value) for _, value in self.values)

    @property
    def numbers(self):
        return [value for _, value in self.values]


def all_of(way, core, library, report):
    """Every promise of every genre; `report` is told what is being worked on."""
    figures = []
    for genre, pieces, measure in (("speech", library.speech(), speech), ("rock", library.rock(), rock),
                                   ("jazz", library.jazz() + library.excerpts("jazz"), jazz),
                                   ("electronic", library.electronic(), electronic),
                                   ("classical", library.classical(), classical)):
        report(f"{genre}, {'files' if way.is_file else 'live'}: {len(pieces)} pieces")
        figures += measure(way, core, pieces)
    return figures


# --------------------------------------------------------------------------------------------------- speech

def sibilant_frames(power):
    """Frames that sound, with more than half of their power above 4 kHz."""
    hertz = look.frequencies()
    total = power.sum(axis=1)
    high = power[:, look.band(hertz, 4000, 12000)].sum(axis=1)
    return (total > np.percentile(total, 95) * 1e-4) & (high > 0.5 * total)


def vowel_frames(power):
    """Loud frames with less than a hundredth of their power above 4 kHz."""
    hertz = look.frequencies()
    total = power.sum(axis=1)
    high = power[:, look.band(hertz, 4000, 20000)].sum(axis=1)
    return (total > np.percentile(total, 95) * 1e-2) & (high < 0.01 * total)


def linear_response(core, genre, channels):
    """What high-pass and equaliser do, from an impulse with everything else off."""
    pulse = material.impulse(1.0, channels)
    response, _ = core.run(pulse, genre, BARE)
    return np.abs(np.fft.rfft(response[:, 0], RATE)) ** 2 / 0.01  # one bin per hertz


def vowel_changes_db(before, after, response):
    """Per vowel frame and third of an octave, dB: output over input times the equaliser's curve, less the frame's mean."""
    hertz = look.frequencies()
    vowels = vowel_frames(before)
    shaped = before[vowels] * response[np.minimum(np.round(hertz).astype(int), len(response) - 1)]
    changes, heard = [], []
    for centre in THIRDS:
        bins = look.band(hertz, centre * 2 ** (-1 / 6), centre * 2 ** (1 / 6))
        ins, outs = shaped[:, bins].sum(axis=1), after[vowels][:, bins].sum(axis=1)
        changes.append(look.db_power(outs) - look.db_power(ins))
        heard.append(ins > shaped.sum(axis=1) * 1e-4)  # within 40 dB of the frame
    changes, heard = np.array(changes), np.array(heard)
    changes -= (changes * heard).sum(axis=0) / np.maximum(heard.sum(axis=0), 1)
    return np.array([c[h].mean() if h.sum() > 20 else 0.0 for c, h in zip(changes, heard)])


def speech(way, core, pieces):
    hiss = Figure("speech", "de-essing", "5.5-10 kHz in sibilant frames, relative to the loudness, change", "below 0", "dB",
                  lambda v: v < 0)
    worked = Figure("speech", "de-essing", "the same against the chain without the de-esser", "-1 or less", "dB", lambda v: v <= -1)
    clear = Figure("speech", "clarity", "2-5 kHz relative to the whole, change", "above 0", "dB", lambda v: v > 0, worst=min)
    vowel = Figure("speech", "vowels untouched", "vowel frames, 125 Hz-4 kHz in thirds, against the equaliser's own curve, worst third",
                   "within 1", "dB", lambda v: v < 1)
    for piece in pieces:
        out, _ = way.mix(piece.samples, "speech")
        plain, _ = way.mix(piece.samples, "speech", {"de_esser.enabled": 0})
        signals = [piece.samples, out, plain]
        loudness = [look.Levels(s, False).lufs for s in signals]
        frames = [look.power_frames(s[:, 0]) for s in signals]
        hertz, sibilants = look.frequencies(), sibilant_frames(frames[0])
        bins = look.band(hertz, 5500, 10000)
        levels = [float(look.db_power(f[sibilants][:, bins].sum(axis=1).mean())) - l for f, l in zip(frames, loudness)]
        hiss.add(piece.name, levels[1] - levels[0])
        worked.add(piece.name, levels[1] - levels[2])
        share = [float(look.db_power(f[:, look.band(hertz, 2000, 5000)].sum()) - look.db_power(f.sum())) for f in frames]
        clear.add(piece.name, share[1] - share[0])
        response = linear_response(core, "speech", piece.samples.shape[1])
        vowel.add(piece.name, np.abs(vowel_changes_db(frames[0], frames[1], response)).max())
    return [hiss, worked, clear, vowel]


# ----------------------------------------------------------------------------------------------------- rock

def rock(way, core, pieces):
    crest = Figure("rock", "punch", "crest factor, peak over RMS in 400 ms, mean, change", "-0.5 or more", "dB", lambda v: v >= -0.5,
                   worst=min)
    spread = Figure("rock", "compression", "standard deviation of the levels of 400 ms, change", "below 0", "dB", lambda v: v < 0)
    kit_spread = Figure("rock", "compression", "the same on the drum kit, whose kick the equaliser lifts above the rest", "", "dB",
                        lambda v: True, informs=True)
    evened = Figure("rock", "compression", "the same against the chain without the compressor", "below 0", "dB", lambda v: v < 0)
    work = Figure("rock", "compression", "average reduction of the compressor", "1 to 6", "dB", lambda v: 1 <= v <= 6)
    presence = Figure("rock", "presence", "2-4 kHz relative to the whole, change", "above 0", "dB", lambda v: v > 0, worst=min)
    kit_presence = Figure("rock", "presence", "the same on the drum kit, most of which is its kick", "", "dB", lambda v: True,
                          worst=min, informs=True)
    kit = material.Piece("Drum kit (synthetic)", "rock", material.drums(), "synthetic", False)
    for piece in [*pieces, kit]:
        out, reduction = way.mix(piece.samples, "rock")
        crest.add(piece.name, look.crest_db(out) - look.crest_db(piece.samples))
        spread_db = look.level_spread_db(out)
        (kit_spread if piece is kit else spread).add(piece.name, spread_db - look.level_spread_db(piece.samples))
        uncompressed, _ = way.mix(piece.samples, "rock", {"compressor.enabled": 0})
        evened.add(piece.name, spread_db - look.level_spread_db(uncompressed))
        work.add(piece.name, reduction)
        shares = [look.band_db(look.mid(s), 2000, 4000) - look.band_db(look.mid(s), 20, 20000) for s in (piece.samples, out)]
        (kit_presence if piece is kit else presence).add(piece.name, shares[1] - shares[0])
    return [crest, spread, kit_spread, evened, work, presence, kit_presence]


# ----------------------------------------------------------------------------------------------------- jazz

SMALL_RANGE_LU = 4.0  # below it a change of half a unit is a tenth


def jazz(way, core, pieces):
    second = Figure("jazz", "warmth", "second harmonic of 200 Hz at -12 dBFS, leveler off", "-60 or more", "dBc", lambda v: v >= -60,
                    worst=min)
    third = Figure("jazz", "warmth", "third harmonic under the second, the same tone", "above 0", "dB", lambda v: v > 0, worst=min)
    kept = Figure("jazz", "natural dynamics", "loudness range kept", "80 or more", "%", lambda v: v >= 80, worst=min)
    out, _ = way.mix(material.tone(200, -12, 8), "jazz", {"leveler.enabled": 0})
    harmonics = look.harmonics_dbc(out[-4 * RATE:, 0].astype(np.float64), 200)
    second.add("200 Hz tone", harmonics[0])
    third.add("200 Hz tone", harmonics[0] - harmonics[1])
    for piece in pieces:
        before = look.Levels(piece.samples, False).range_lu
        if before >= SMALL_RANGE_LU:
            out, _ = way.mix(piece.samples, "jazz")
            kept.add(piece.name, 100 * look.Levels(out, False).range_lu / before)
    return [second, third, kept]


# ------------------------------------------------------------------------------------------------ electronic

def electronic(way, core, pieces):
    up = Figure("electronic", "stereo width", "side relative to mid, 200 Hz-20 kHz, change", "above 0", "dB", lambda v: v > 0, worst=min)
    share = Figure("electronic", "stereo width", "the same against the chain without the stereo stage", "above 0", "dB",
                   lambda v: v > 0, worst=min)
    down = Figure("electronic", "tight low end", "side relative to mid, 20-120 Hz, change", "below 0", "dB", lambda v: v < 0)
    fold = Figure("electronic", "mono fold-down safe",
                  "correlation of 3 s, less 0.2, or less that without the stereo stage where it is lower, worst window",
                  "-0.005 or more", "", lambda v: v >= -0.005, worst=min)
    loss = Figure("electronic", "mono fold-down safe", "loudness of the fold-down relative to stereo, change", "-1 or more", "LU",
                  lambda v: v >= -1, worst=min)
    same = Figure("electronic", "mono fold-down safe", "fold-down with width against without, null", "-90 or less", "dB", lambda v: v <= -90)
    synthetic = [material.Piece(f"Noise, correlation {c:g}", "electronic", material.wide(20, c), "synthetic", False)
                 for c in (0.9, 0.5, 0.25, 0.0, -0.3)]
    for piece in [*pieces, *synthetic]:
        out, _ = way.mix(piece.samples, "electronic")
        plain, _ = way.mix(piece.samples, "electronic", {"stereo.enabled": 0})
        ratio = {}
        for name, low, high in (("up", 200, 20000), ("down", 20, 120)):
            ratio[name] = [look.band_db(look.side(s), low, high) - look.band_db(look.mid(s), low, high)
                           for s in (piece.samples, out, plain)]
        # The guard forbids more width where the correlation is at its bound already.
        guarded = np.median(look.correlations(piece.samples)[look.audible_windows(piece.samples)]) < 0.35
        if not guarded and ratio["up"][0] > -60:
            up.add(piece.name, ratio["up"][1] - ratio["up"][0])
            share.add(piece.name, ratio["up"][1] - ratio["up"][2])
        if ratio["down"][0] > -60:
            down.add(piece.name, ratio["down"][1] - ratio["down"][0])
        heard = look.audible_windows(plain)
        fold.add(piece.name, (look.correlations(out)[heard] - np.minimum(0.2, look.correlations(plain)[heard])).min())
        relative = [look.Levels(look.mid(s)[:, None], False).lufs - look.Levels(s, False).lufs for s in (piece.samples, out)]
        loss.add(piece.name, relative[1] - relative[0])
    for piece in pieces[:3]:
        short = piece.samples[:60 * RATE]
        # What follows the output, or depends on the peaks of both channels, would answer to the width.
        quiet = {"leveler.enabled": 0, "limiter.enabled": 0}
        wide_out, _ = way.mix(short, "electronic", quiet)
        plain, _ = way.mix(short, "electronic", {**quiet, "stereo.width": 1.0, "stereo.mono_below_hz": 0})
        same.add(piece.name, look.null_db(look.mid(wide_out)[:, None], look.mid(plain)[:, None]))
    return [up, share, down, fold, loss, same]


# ------------------------------------------------------------------------------------------------- classical

def classical(way, core, pieces):
    kept = Figure("classical", "natural", "loudness range kept", "95 or more", "%", lambda v: v >= 95, worst=min)
    gains = "one gain for all" if way.is_file else "one gain for every 3 s, from the tenth second on"
    null = Figure("classical", "minimal processing", f"null against the input, {gains}", "-30 or less", "dB", lambda v: v <= -30)
    for piece in pieces:
        out, _ = way.mix(piece.samples, "classical")
        kept.add(piece.name, 100 * look.Levels(out, False).range_lu / look.Levels(piece.samples, False).range_lu)
        null.add(piece.name, look.null_db(out, piece.samples, *(() if way.is_file else (3.0, 10.0))))
    return [kept, null]


# ------------------------------------------------------------------------------------------------ live loudness

@dataclass
class Live:
    genre: str
    pieces: int
    seconds: float
    before: float
    after: float
    target: float
    lowest_target: float
    limiter: float

    @property
    def error(self):
        return self.after - self.target

    @property
    def kept(self):
        return abs(self.error) <= 0.5


def programme(pieces, seconds=600):
    """Pieces one after the other, again from the first where they do not last, until the time is full."""
    parts, frames, at = [], 0, 0
    while frames < seconds * RATE:
        parts.append(pieces[at % len(pieces)].samples)
        frames += len(parts[-1])
        at += 1
    return np.concatenate(parts)[:seconds * RATE]


def live(core, library):
    for genre in ("speech", "rock", "jazz", "electronic", "classical"):
        pieces = [p for p in getattr(library, genre)() if p.recorded or genre == "jazz"]
        if not pieces:
            continue
        whole = programme(pieces)
        out, metrics, watched = core.run(whole, genre, watch_seconds=1.0)
        yield Live(genre, len(pieces), len(whole) / RATE, look.Levels(whole, False).lufs, look.Levels(out, False).lufs,
                   core.target(genre, whole.shape[1]), min(m.target_lufs for m in watched), metrics.limiter.average_db)
