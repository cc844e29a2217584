"""What is measured with: recordings from Debian packages, espeak-ng's voices, a jazz quartet of our own, synthetic signals.

Nothing is shipped with the project; what is not installed is left out and said to be missing. Packages:
asterisk-core-sounds-{en,es,fr,it,ru}-g722, fretsonfire-songs-sectoid, singularity-music, warzone2100-music,
wesnoth-1.16-music; programs: ffmpeg, espeak-ng, fluidsynth with fluid-soundfont-gm."""
import csv
import hashlib
import os
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

import jazz_score
from core import RATE

SOUNDFONT = "/usr/share/sounds/sf2/FluidR3_GM.sf2"
VOICES = {"en_US_f_Allison": "Allison, English", "es_MX_f_Allison": "Allison, Spanish", "fr_CA_f_June": "June, French",
          "it_IT_m_Carlo": "Carlo, Italian", "ru_RU_f_IvrvoiceRU": "IvrvoiceRU, Russian"}
SYNTHETIC_VOICES = {"en-us": "espeak-ng, English", "en-us+f3": "espeak-ng, English, female", "de": "espeak-ng, German"}
TEXT = {"en": "She sells sixty-six seashells, and Sister Susie sits sewing shirts for soldiers. This system speaks softly at "
              "first, then says something stronger; a voice moves on, more or less, over many moments. Six thick thistle "
              "sticks stay in the zoo. A lone wanderer may roam along a low, warm river all morning, alone and unheard. ",
        "de": "Sechsundsechzig Zischlaute sausen zwischen sonnigen Seen, sagt Susanne. Am Abend gehen alle nach Hause und "
              "reden noch lange über den Morgen. Zehn zahme Ziegen ziehen zehn Zentner Zucker zum Zoo. "}
PAUSE_SECONDS = 0.35


@dataclass
class Piece:
    name: str
    genre: str
    samples: np.ndarray  # frames x channels
    source: str
    recorded: bool = True
    author: str = ""

    @property
    def seconds(self):
        return len(self.samples) / RATE

    def middle(self, seconds):
        """So much from the middle, or all there is: openings are often silence."""
        length = seconds * RATE
        start = max(0, (len(self.samples) - length) // 2)
        return self.samples[start:start + length]


class Library:
    def __init__(self, roots, cache, excerpts=None):
        self.roots = [Path(root) for root in roots]
        self.cache = Path(cache)
        self.cache.mkdir(parents=True, exist_ok=True)
        self.excerpts_folder = Path(excerpts) if excerpts else None
        self.missing = []

    # ------------------------------------------------------------------------------------------------- files

    def find(self, relative, holding="*"):
        """The first root that has it; a folder must hold what is looked for."""
        there = (root / relative for root in self.roots)
        return next((path for path in there if path.is_file() or any(path.glob(holding))), None)

    def decode(self, path, channels=2, start=0, seconds=None, options=()):
        """48 kHz, as floats, through ffmpeg."""
        key = hashlib.sha1(repr((str(path), channels, start, seconds, options)).encode()).hexdigest()
        kept = self.cache / f"{key}.npy"
        if kept.exists():
            return np.load(kept)
        samples = self.decode_now(path, channels, start, seconds, options)
        np.save(kept, samples)
        return samples

    @staticmethod
    def decode_now(path, channels, start=0, seconds=None, options=()):
        command = ["ffmpeg", "-nostdin", "-v", "error", *options, "-ss", str(start), "-i", str(path)]
        command += ["-t", str(seconds)] if seconds else []
        command += ["-f", "f32le", "-ac", str(channels), "-ar", str(RATE), "-"]
        raw = subprocess.run(command, check=True, capture_output=True).stdout
        return np.frombuffer(raw, np.float32).reshape(-1, channels)

    def music(self, genre, relative, name, author, package, start=0, seconds=None):
        path = self.find(relative)
        if path is None:
            self.missing.append(f"{name} ({package})")
            return None
        return Piece(name, genre, self.decode(path, 2, start, seconds), package, True, author)

    # ------------------------------------------------------------------------------------------------- speech

    def prompts(self, voice, seconds=120):
        """Prompts of one voice, joined with pauses."""
        folder = self.find(f"share/asterisk/sounds/{voice}", "*.g722")
        files = sorted(folder.glob("*.g722")) if folder else []
        if not files:
            self.missing.append(f"voice {voice} (asterisk-core-sounds-*-g722)")
            return None
        kept = self.cache / f"{voice}-{seconds}.npy"
        if not kept.exists():
            parts, frames = [], 0
            for file in files:
                if file.stat().st_size < 8000 * 1.5:  # 64 kbit/s: shorter than 1.5 s
                    continue
                parts += [self.decode(file, 1, options=("-f", "g722")), np.zeros((round(PAUSE_SECONDS * RATE), 1), np.float32)]
                frames += len(parts[-2]) + len(parts[-1])
                if frames >= seconds * RATE:
                    break
            np.save(kept, np.concatenate(parts)[:seconds * RATE])
        return Piece(VOICES[voice], "speech", np.load(kept), f"prompts, asterisk-core-sounds-{voice[:2]}-g722", True, VOICES[voice])

    def synthetic_voice(self, voice):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "voice.wav"
            subprocess.run(["espeak-ng", "-v", voice, "-s", "150", "-w", str(path), TEXT[voice[:2]] * 2], check=True)
            spoken = self.decode_now(path, 1)
            return Piece(SYNTHETIC_VOICES[voice], "speech", spoken, "espeak-ng", False, "espeak-ng")

    def speech(self):
        recorded = [piece for voice in VOICES if (piece := self.prompts(voice))]
        return recorded + [self.synthetic_voice(voice) for voice in SYNTHETIC_VOICES]

    # -------------------------------------------------------------------------------------------------- music

    def rock(self):
        """Songs of Frets on Fire come as guitar and everything else."""
        pieces = []
        for name in ("Escape from chaosland", "Feelings", "Metal madness", "War of freedom"):
            folder = self.find(f"share/games/fretsonfire/data/songs/sectoid/{name}")
            if folder is None:
                self.missing.append(f"{name} (fretsonfire-songs-sectoid)")
                continue
            parts = [self.decode(folder / part) for part in ("song.ogg", "guitar.ogg")]
            frames = min(len(part) for part in parts)
            # Half of the sum: two full-scale stems must not clip.
            pieces.append(Piece(name, "rock", 0.5 * (parts[0][:frames] + parts[1][:frames]), "fretsonfire-songs-sectoid",
                                True, "Sectoid"))
        return pieces

    def jazz(self):
        if not Path(SOUNDFONT).exists():
            self.missing.append("quartet (fluid-soundfont-gm)")
            return []
        with tempfile.TemporaryDirectory() as folder:
            score, wave = Path(folder) / "quartet.mid", Path(folder) / "quartet.wav"
            jazz_score.write(score)
            subprocess.run(["fluidsynth", "-ni", "-q", "-r", str(RATE), "-g", "0.9", "-F", str(wave), SOUNDFONT, str(score)],
                           check=True, capture_output=True)
            return [Piece("Quartet (our own, rendered)", "jazz", self.decode_now(wave, 2), "FluidSynth", False, "rendered")]

    def electronic(self):
        titles = ("Advanced Simulacra", "Awakening", "By-Product", "Coherence", "Deprecation", "Enemy Unknown", "Media Threat",
                  "Inevitable")
        pieces = [self.music("electronic", f"share/games/singularity/music/{title}.ogg", title, "Max McCracken",
                             "singularity-music") for title in titles]
        warzone = (("original_soundtrack/track1", "Warzone 2100, track 1"), ("original_soundtrack/track2", "Warzone 2100, track 2"),
                   ("original_soundtrack/track3", "Warzone 2100, track 3"))
        pieces += [self.music("electronic", f"share/games/warzone2100/music/albums/{file}.opus", title, "Martin Severn",
                              "warzone2100-music", 0, 240) for file, title in warzone]
        return [piece for piece in pieces if piece]

    def classical(self):
        titles = (("battle", "Battle Music", "Aleksi Aubry-Carlson"), ("breaking_the_chains", "Breaking the Chains", "Mattias Westlund"),
                  ("casualties_of_war", "Casualties of War", "Tyler Johnson"), ("elvish-theme", "Elvish Theme", "Doug Kaufman"),
                  ("knolls", "The Knolls of Doldesh", "Timothy Pinkham"), ("love_theme", "Love Theme", "Ryan Reilly"),
                  ("loyalists", "Loyalists", "Joseph G. Toscano"), ("northerners", "Northerners", "Stephen Rozanc"),
                  ("nunc_dimittis", "Nunc Dimittis", "Jeremy Nicoll"), ("the_deep_path", "The Deep Path", "Gianmarco Leone"),
                  ("sad", "Sad", "Tyler Johnson"), ("journeys_end", "Journey's End", "Mattias Westlund"),
                  ("wanderer", "Still Another Wanderer", "Timothy Pinkham"), ("weight_of_revenge", "Weight of Revenge", "Doug Kaufman"))
        pieces = [self.music("classical", f"share/games/wesnoth/1.16/data/core/music/{file}.ogg", title, author,
                             "wesnoth-1.16-music") for file, title, author in titles]
        return [piece for piece in pieces if piece]

    def recordings(self):
        """Real recordings of every genre that has some, of ten seconds or more."""
        pieces = self.speech() + self.rock() + self.electronic() + self.classical()
        return [piece for piece in pieces if piece.recorded and piece.seconds >= 10]

    def excerpts(self, genre, longest=30):
        """Recordings of a labelled collection of excerpts of 30 s, mono, where there is one: MANIFEST.tsv names file, class,
        group, kind and source. One of each source."""
        if self.excerpts_folder is None:
            return []
        pieces, seen = [], set()
        with open(self.excerpts_folder / "MANIFEST.tsv", newline="", encoding="utf-8") as file:
            for row in csv.DictReader(file, delimiter="\t"):
                fresh = row["class"] == genre and row["kind"] == "recording" and row["source"] not in seen
                if fresh and float(row["seconds"]) >= longest - 1:
                    seen.add(row["source"])
                    title = os.path.splitext(row["source"].rsplit("/", 1)[-1])[0]
                    pieces.append(Piece(title, genre, self.decode(self.excerpts_folder / row["file"], 1), "excerpt", True,
                                        row["group"]))
        return pieces


# -------------------------------------------------------------------------------------------- synthetic signals

def tone(hertz, dbfs, seconds, channels=2):
    n = np.arange(round(seconds * RATE))
    wave = 10 ** (dbfs / 20) * np.sin(2 * np.pi * hertz * n / RATE)
    return np.repeat(wave[:, None], channels, 1).astype(np.float32)


def noise(dbfs, seconds, channels=2, seed=1):
    rng = np.random.default_rng(seed)
    return (10 ** (dbfs / 20) * rng.standard_normal((round(seconds * RATE), channels))).astype(np.float32)


def impulse(seconds=1.0, channels=2, amplitude=0.1, left_only=False):
    samples = np.zeros((round(seconds * RATE), channels), np.float32)
    samples[0, :1 if left_only else channels] = amplitude
    return samples


def drums(seconds=40, seed=5):
    """An uncompressed kit: kick, snare and hat with natural decays and uneven strokes, over a bed of guitar-like noise."""
    rng = np.random.default_rng(seed)
    samples = np.zeros((round(seconds * RATE), 2))
    t = np.arange(round(0.5 * RATE)) / RATE
    kick = np.sin(2 * np.pi * (48 * t + 6 * (1 - np.exp(-t / 0.02)))) * np.exp(-t / 0.12)
    snare = (0.5 * rng.standard_normal(len(t)) + 0.6 * np.sin(2 * np.pi * 190 * t)) * np.exp(-t / 0.07)
    hat = np.diff(rng.standard_normal(len(t) + 1)) * np.exp(-t / 0.025) * 0.25
    for step in range(int(seconds * 4)):
        at = round(step * 0.25 * RATE)
        room = min(len(t), len(samples) - at)
        hits = [(hat, 0.35)] + ([(kick, 0.9)] if step % 4 in (0, 3) else []) + ([(snare, 0.8)] if step % 4 == 2 else [])
        for sound, gain in hits:
            samples[at:at + room] += (gain * rng.uniform(0.5, 1.0) * sound[:room])[:, None]
    n = np.arange(len(samples)) / RATE
    strings = sum(np.sin(2 * np.pi * 110 * k * n + k * k) / k for k in range(1, 24)) * (0.6 + 0.4 * np.sin(2 * np.pi * 0.25 * n))
    samples += 0.05 * strings[:, None]
    return (0.5 * samples).astype(np.float32)


def wide(seconds=20, correlation=0.0, dbfs=-22, seed=9):
    """Pink-like noise whose channels have this correlation."""
    rng = np.random.default_rng(seed)
    count = round(seconds * RATE)
    spectrum = np.fft.rfft(rng.standard_normal((count, 2)), axis=0)
    hertz = np.maximum(np.arange(len(spectrum)) * RATE / count, 20.0)
    shaped = np.fft.irfft(spectrum / np.sqrt(hertz)[:, None], count, axis=0)
    shaped /= shaped.std(axis=0)
    common, apart = np.sqrt((1 + correlation) / 2), np.sqrt((1 - correlation) / 2)
    left, right = common * shaped[:, 0] + apart * shaped[:, 1], common * shaped[:, 0] - apart * shaped[:, 1]
    return (10 ** (dbfs / 20) * np.stack([left, right], 1)).astype(np.float32)
