#!/usr/bin/env python3
"""Turns the measurements of run.sh into the kept tables.

tables.py MEASUREMENTS.tsv COMPILE_COMMANDS.json OUTPUT.md
Goals are those of the project; each applies to every signal.
"""

import datetime
import json
import platform
import re
import statistics
import subprocess
import sys

PRESUMED_GHZ = 3.6  # the clock that the goals were set for
STAGES = ("NoiseGate", "Compressor", "Equalizer", "Limiter")
HEADER = "| what | ours | peer | ratio | goal | reached? |\n|---|---:|---:|---:|---:|---|"


def read(path):
    values = {}
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            key, value = line.rstrip("\n").split("\t")
            values.setdefault(key, []).append(float(value))
    return values


class Report:
    def __init__(self, values):
        self.values = values
        self.lines = []
        self.missed = []
        # Profiles that cost more than twice the chain.
        self.dear = []

    def median(self, key):
        found = self.values.get(key)
        return statistics.median(found) if found else None

    def say(self, *lines):
        self.lines += lines

    def title(self, text, *remarks):
        self.say("", f"## {text}", "", *remarks, *([""] if remarks else []), HEADER)

    def row(self, what, ours, peers=(), goal=None, unit="ns"):
        """One row. Ours is a figure or the key of one, peers are pairs of name and key; the unmeasured is left out."""
        best = min(self.values.get(ours, [0])) if isinstance(ours, str) else None
        ours = self.median(ours) if isinstance(ours, str) else ours
        if ours is None:
            return
        peers = [(name, self.median(key)) for name, key in peers]
        peers = [(name, figure) for name, figure in peers if figure]
        ratios = ", ".join(f"{figure / ours:.1f}" for _, figure in peers)
        named = ", ".join(f"{name} {figure:.3g}" for name, figure in peers)
        reached = "" if goal is None else "yes" if ours <= goal else "no"
        if reached == "no":
            self.missed.append((what, ours, best, goal, unit))
        goal_text = "" if goal is None else f"{goal:g} or less"
        self.say(f"| {what} | {ours:.3g} | {named} | {ratios} | {goal_text} | {reached} |")


def first_line(*command):
    try:
        said = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    except OSError:
        return ""
    return said.splitlines()[0].strip() if said else ""


def processor():
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as lines:
            text = lines.read()
    except OSError:
        return platform.processor()
    fields = dict(re.findall(r"^([a-z ]+?)\s*: (.*)$", text, re.MULTILINE))
    name = fields.get("model name", platform.machine())
    where = f"family {fields['cpu family']} model {fields['model']}" if "cpu family" in fields else ""
    virtual = "virtual machine" if "hypervisor" in fields.get("flags", "") else "bare machine"
    cores = len(re.findall(r"^processor", text, re.MULTILINE))
    return f"{name} ({where}), {cores} cores, {virtual}"


def core_flags(path):
    """What shapes the core's machine code, from the build itself."""
    with open(path, encoding="utf-8") as file:
        commands = [c for c in json.load(file) if "/native/src/" in c["file"] and "aim_core_objects" in c["command"]]
    words = commands[0]["command"].split()
    return " ".join(w for w in words if re.match(r"-(O|m|std=|fno|ff)", w))


def spread(report):
    """How much longer than the best round the worst took, over the rows of our chain."""
    rounds = [x for key, x in report.values.items() if re.fullmatch("chain/.*_peak/ns_per_frame", key)]
    return statistics.median(max(x) / min(x) - 1 for x in rounds)


def machine(report, flags):
    load = report.values["load"]
    clock = report.values["machine/clock_ghz"]
    ffmpeg = " ".join(first_line("ffmpeg", "-version").split()[:3])
    sox = first_line("sox", "--version").replace("sox:", "").strip()
    report.say(
        "# Speed of the native core",
        "",
        f"Written by `benchmarks/run.sh`: {len(load)} rounds, every program once per round, medians of CPU time. "
        "Read the ratios; the absolute figures belong to the machine.",
        "",
        "| | |",
        "|---|---|",
        f"| processor | {processor()} |",
        f"| clock, by additions that wait for each other | {statistics.median(clock):.2f} GHz "
        f"({min(clock):.2f} to {max(clock):.2f}) |",
        f"| compiler | {first_line('g++', '--version')}: `{flags}` |",
        f"| peers | {ffmpeg}, {sox or 'no sox'}, libebur128, FFTW (single), aubio; as the distribution builds them |",
        f"| date | {datetime.date.today().isoformat()} |",
        f"| load before each round | {', '.join(f'{x:.1f}' for x in load)} |",
        "",
        "CPU time leaves out what other programs run, but not that they empty the caches and share the cores' units. "
        f"From its best to its worst round our chain took {100 * spread(report):.0f} % longer (median of its rows).",
    )


def chain(report):
    report.title(
        "Whole chain, ns per frame",
        "Gate, compressor, equaliser with three bands at work, 6 dB into the limiter; blocks of 960 frames, no meters. "
        "Peers have the same thresholds, times and gains; their time is that of the chain less that of the same "
        "command without it, conversions between their filters included. ffmpeg: `agate`, `acompressor`, `bass`, "
        "`equalizer`, `treble`, `alimiter`: no hysteresis, and samples only; for true peaks its limiter runs at "
        "192 kHz. sox: two `compand`, `bass`, `equalizer`, `treble`: no hysteresis or hold, no guaranteed ceiling, "
        "no true peak, one pair of time constants for gate and compressor.",
    )
    for channels, name, goal, goal_true_peak in ((1, "mono", 12, None), (2, "stereo", 14, 25)):
        for signal in ("music", "silence", "noise"):
            key = f"chain/{signal}/{channels}"
            report.row(f"{name}, sample peak, {signal}", f"{key}/sample_peak/ns_per_frame",
                       [("ffmpeg", f"{key}/ffmpeg"), ("sox", f"{key}/sox")], goal)
        for signal in ("music", "silence", "noise"):
            key = f"chain/{signal}/{channels}"
            report.row(f"{name}, true peak, {signal}", f"{key}/true_peak/ns_per_frame",
                       [("ffmpeg", f"{key}/ffmpeg_true_peak")], goal_true_peak)


def frames(report):
    report.title(
        "One block of 20 ms, share of its deadline in %",
        "True peak and output meters on, music. Wall time holds whatever the machine did meanwhile; CPU time is the "
        "core's own.",
    )
    for channels, name in ((1, "mono"), (2, "stereo")):
        for clock, label in (("cpu", "CPU"), ("wall", "wall")):
            for quantile in ("p50", "p99", "max"):
                report.row(f"{name}, {label} time, {quantile}",
                           f"frames/{channels}/{clock}_{quantile}_percent")
        heap = max(report.values[f"frames/{channels}/heap_calls"])
        said = "not counted here" if heap < 0 else f"{heap:.0f}"
        report.say(f"| {name}, heap calls while processing | {said} | | | 0 | {'yes' if heap == 0 else 'no'} |")


def streams(report):
    report.title(
        "Many streams on one core",
        "256 strips, so their states come back from the outer caches: one by one they take turns with every block, in "
        "lockstep all go in one call of `aim_batch_process_interleaved`.",
    )
    for channels, name in ((1, "mono"), (2, "stereo")):
        for kind, label in (("sample_peak", "sample peak, no meters"), ("true_peak_metered", "true peak, metered")):
            for way, said in (("", "one by one"), ("_together", "in lockstep")):
                key = f"streams/{channels}/{kind}{way}"
                goal = 5 if channels == 1 and kind == "sample_peak" and way else None
                report.row(f"{name}, {label}, {said}, ns per frame of one stream", f"{key}_ns_per_frame", goal=goal)
                count = report.median(f"{key}_streams")
                report.say(f"| {name}, {label}, {said}, streams in real time | {count:.0f} | | | | |")
        for few in (8, 64):
            report.row(f"{name}, sample peak, no meters, {few} in lockstep, ns per frame of one stream",
                       f"streams/{channels}/sample_peak_together_{few}_ns_per_frame")


def profiles(report):
    report.say(
        "", "## What the profiles add, stereo, ns per frame", "",
        "Music. A stage costs what a strip with it alone takes more than one that does nothing; the profiles as they "
        "ship, with true peak. The saturator at the 2 dB of the profiles works at twice the sample rate, at 12 dB at "
        "four times. Each ratio is to the chain above with true peak and with the same meters.", "",
        "| what | without meters | ratio | with output meters | ratio | goal | reached? |",
        "|---|---:|---:|---:|---:|---:|---|",
    )

    def at(name):
        return report.median(f"profiles/{name}_ns_per_frame")

    chains = at("chain"), at("chain_metered")
    say = report.say
    say(f"| chain, true peak | {chains[0]:.3g} | 1 | {chains[1]:.3g} | 1 | | |")
    for stage in ("high_pass", "leveler", "de_esser", "saturator", "saturator_driven", "stereo_width"):
        added = at(stage) - at("off")
        name = stage.replace("_", " ").replace("de esser", "de-esser").replace(" driven", ", 12 dB")
        say(f"| + {name} | {added:.3g} | + {added / chains[0]:.2f} | | | | |")
    for genre in ("speech", "rock", "jazz", "electronic", "classical"):
        plain, metered = at(genre), at(f"{genre}_metered")
        ratios = plain / chains[0], metered / chains[1]
        verdict = "yes" if max(ratios) <= 2.0 else "no"
        if max(ratios) > 2.0:
            report.dear.append(genre)
        say(f"| {genre} | {plain:.3g} | {ratios[0]:.2f} | {metered:.3g} | {ratios[1]:.2f} | 2 or less | {verdict} |")


def meters(report):
    report.title(
        "Loudness meter, stereo, ns per frame",
        "Ours always measures M, S, I, range, sample peak, RMS and true peak; without true peak means less its "
        "true-peak part, timed alone. libebur128: M, S, I with histogram.",
    )
    median = report.median
    part = median("meters/true_peak_part")
    plain, read_often = median("meters/meter"), median("meters/meter_read")
    report.row("M, S, I", plain - part, [("libebur128", "meters/ebur128")], 5)
    report.row("M, S, I, read every 20 ms", read_often - part, [("libebur128", "meters/ebur128_read")], 5)
    report.row("with true peak", "meters/meter", [("libebur128", "meters/ebur128_true_peak")], 7)
    report.row("with true peak, read every 20 ms", "meters/meter_read",
               [("libebur128", "meters/ebur128_true_peak_read")], 7)


def analysis(report):
    report.title(
        "Analysis, us",
        "MFCC: 1024 points, 26 bands, 13 coefficients, a frame every 480 samples of music, window included.",
    )
    report.row("real FFT, 1024 points", "analysis/fft_us", [("FFTW", "analysis/fftw_us")], 1.0, "us")
    report.row("MFCC frame", "analysis/mfcc_us", [("aubio", "analysis/aubio_mfcc_us")], 2.5, "us")


def causes(report):
    median = report.median
    clock = median("machine/clock_ghz")
    report.say("", "## Where the time goes", "")
    if median("instructions/music/2/sample_peak/all"):
        report.say(
            "Instructions per frame, counted by callgrind:",
            "",
            "| chain | all | gate | compressor | equaliser | limiter | the rest | per cycle |",
            "|---|---:|---:|---:|---:|---:|---:|---:|",
        )
        for channels, name in ((1, "mono"), (2, "stereo")):
            for kind in ("sample_peak", "true_peak"):
                for signal in ("music", "silence", "noise"):
                    key = f"{signal}/{channels}/{kind}"
                    whole = median(f"instructions/{key}/all")
                    stages = [median(f"instructions/{key}/{stage}") or 0.0 for stage in STAGES]
                    cycles = clock * median(f"chain/{key}/ns_per_frame")
                    cells = " | ".join(f"{x:.0f}" for x in [whole, *stages, whole - sum(stages)])
                    label = f"{name}, {kind.replace('_', ' ')}, {signal}"
                    report.say(f"| {label} | {cells} | {whole / cycles:.1f} |")
        report.say("")

    if report.dear:
        report.say(
            f"More than twice the chain: {', '.join(report.dear)}. [What the profiles cost](profiles.md) tells why.", ""
        )
    v2, ours = median("chain/music/2/v2/ns_per_frame"), median("chain/music/2/sample_peak/ns_per_frame")
    if v2:
        report.say(f"The build for x86-64-v2, which processors without AVX2 get, takes {v2:.3g} ns for the stereo chain "
                   f"against {ours:.3g}.", "")
    if not report.missed:
        report.say("Every goal in ns or us is reached.")
        return
    slower = PRESUMED_GHZ / clock
    said = []
    for what, ours, best, goal, unit in report.missed:
        at_presumed = ours / slower
        verdict = "within the goal" if at_presumed <= goal else "still missed"
        best_round = f" (best round {best:.3g})" if best else ""
        said.append(f"- {what}: {ours:.3g} {unit}{best_round}, goal {goal:g}; "
                    f"scaled to {PRESUMED_GHZ} GHz {at_presumed:.3g}, {verdict}")
    report.say("Missed:", "", *said, "")
    text = (
        f"The goals presume {PRESUMED_GHZ} GHz; this machine was measured at {clock:.2f}, which alone makes every "
        f"figure {slower:.2f} times larger. "
    )
    instructions = median("instructions/music/2/sample_peak/all")
    if instructions:
        per_cycle = instructions / (clock * ours)
        lesson = "fewer instructions, not fewer stalls" if per_cycle > 3 else "as much in stalls as in instructions"
        text += (
            f"The stereo chain retires {instructions:.0f} instructions per frame at {per_cycle:.1f} per cycle: what is "
            f"left to gain is {lesson}. "
        )
        shut, open_ = (median(f"instructions/{signal}/2/sample_peak/NoiseGate") for signal in ("silence", "music"))
        if shut > 1.2 * open_:
            text += f"In silence the gate alone takes {shut:.0f} of them, in music {open_:.0f}. "
    report.say(text)


def main():
    measurements, commands, output = sys.argv[1:]
    report = Report(read(measurements))
    machine(report, core_flags(commands))
    for part in (chain, profiles, frames, streams, meters, analysis, causes):
        part(report)
    with open(output, "w", encoding="utf-8") as file:
        file.write("\n".join(report.lines) + "\n")


if __name__ == "__main__":
    main()
