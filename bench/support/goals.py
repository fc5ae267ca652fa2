"""What a benchmark is to reach, whether it did, and why not."""
import tomllib
from dataclasses import dataclass
from pathlib import Path

from support.results import table


@dataclass
class Goal:
    text: str
    measured: float
    sign: str  # "≤" or "≥"
    bound: float
    unit: str     # "×", " ms", " MB"
    id: str = ""  # key in reasons.toml; without one it is the text

    @property
    def met(self) -> bool:
        return self.measured <= self.bound if self.sign == "≤" else self.measured >= self.bound


def targets(goals: list, folder: Path) -> str:
    """The table of the targets; below it, for those that are missed, what reasons.toml in the benchmark's folder says."""
    rows = [[goal.text, f"{goal.sign} {goal.bound:g}{goal.unit}", f"{goal.measured:.2f}{goal.unit}",
             "met" if goal.met else "**missed**"] for goal in goals]
    parts = ["### Targets\n", table(["target", "bound", "measured", ""], rows)]
    missed = [goal for goal in goals if not goal.met]
    if missed:
        reasons = _load_reasons(folder / "reasons.toml")
        parts += ["Why those are not met:\n", "".join(
            f"- {goal.text}: {reasons.get(goal.id or goal.text, 'not explained yet')}\n" for goal in missed)]
    return "\n".join(parts)


def _load_reasons(path: Path) -> dict:
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
