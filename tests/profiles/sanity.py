"""Real recordings through `aimixer mix --genre`: nothing clipped, silent, one-sided or off its target."""
from dataclasses import dataclass

import instruments as look

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


def check(files, piece, target):
    samples = piece.middle(EXCERPT_SECONDS)
    mixed, _ = files.mix(samples, piece.genre)
    return Check(piece.name, piece.author, piece.genre, look.Levels(samples), look.Levels(mixed), target,
                 look.balance_db(samples), look.balance_db(mixed), len(mixed) == len(samples))


def all_of(files, core, library, report):
    checks = []
    for piece in library.recordings():
        report(f"mixing {piece.name}")
        checks.append(check(files, piece, core.target(piece.genre, piece.samples.shape[1])))
    return checks
