"""What martlet is to reach, and whether it did."""
import tomllib
from dataclasses import dataclass
from pathlib import Path

from migrate.contestants import LIMIT, MARTLET


@dataclass
class Goal:
    id: str         # key in reasons.toml
    text: str
    measured: float
    bound: float
    unit: str       # "×", " MB" or " ms"

    @property
    def met(self) -> bool:
        return self.measured <= self.bound


def goals(contests: list, version_sample) -> list:
    found = []
    for contest in contests:
        if contest.count == 1000:
            found += _at_one_thousand(contest)
    found += _growth(contests)
    if version_sample:
        found.append(Goal("version", "`version`, time", version_sample.milliseconds, 10, " ms"))
    return found


def load_reasons() -> dict:
    return tomllib.loads((Path(__file__).parent / "reasons.toml").read_text(encoding="utf-8"))


def _at_one_thousand(contest) -> list:
    found = []

    def ratio(goal_id, text, job, other, bound):
        ours, theirs = contest.median(MARTLET, job), contest.median(other, job)
        if ours and theirs:
            found.append(Goal(f"{goal_id}-{contest.dialect}", f"{contest.dialect}: {text}",
                              ours.milliseconds / theirs.milliseconds, bound, "×"))

    dbmate = next((label for label, _ in contest.samples if label.startswith("dbmate")), "")
    ratio("apply", "apply 1,000, of the limit", "apply", LIMIT, 1.05)
    ratio("nothing", "nothing to do at 1,000, of dbmate", "nothing", dbmate, 0.7)
    ratio("status", "`status` at 1,000, of dbmate", "status", dbmate, 0.7)
    for job, text in (("nothing", "nothing to do"), ("status", "`status`")):
        if ours := contest.median(MARTLET, job):
            found.append(Goal(f"memory-{job}-{contest.dialect}", f"{contest.dialect}: {text} at 1,000, peak memory",
                              ours.megabytes, 15, " MB"))
    return found


def _growth(contests: list) -> list:
    found = []
    for small in contests:
        large = next((c for c in contests if c.dialect == small.dialect and c.count == 10 * small.count), None)
        if large and small.median(MARTLET, "nothing") and large.median(MARTLET, "nothing"):
            growth = large.median(MARTLET, "nothing").milliseconds / small.median(MARTLET, "nothing").milliseconds
            found.append(Goal(f"growth-{small.dialect}", f"{small.dialect}: nothing to do at {large.count:,}, of that at"
                              f" {small.count:,}", growth, 8, "×"))
    return found
