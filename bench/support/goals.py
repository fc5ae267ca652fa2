"""What a benchmark is to reach, and the table that says whether it did."""
from dataclasses import dataclass

from support.results import table


@dataclass
class Goal:
    text: str
    measured: float
    sign: str  # "≤" or "≥"
    bound: float
    unit: str  # "×", " ms", " MB"

    @property
    def met(self) -> bool:
        return self.measured <= self.bound if self.sign == "≤" else self.measured >= self.bound


def goal_table(goals: list) -> str:
    rows = [[goal.text, f"{goal.sign} {goal.bound:g}{goal.unit}", f"{goal.measured:.2f}{goal.unit}",
             "met" if goal.met else "**missed**"] for goal in goals]
    return table(["target", "bound", "measured", ""], rows)
