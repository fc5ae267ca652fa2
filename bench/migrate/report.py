"""The section of bench/RESULTS.md."""
from pathlib import Path

from migrate.contestants import LIMIT
from support.goals import targets
from support.results import table

DATABASES = {"postgres": "PostgreSQL", "sqlite": "SQLite"}


def render(contests: list, version_sample, found_goals: list, setting: list) -> str:
    parts = ["## migrate: applying migrations, nothing to do, status\n", "".join(f"- {line}\n" for line in setting)]
    for contest in contests:
        parts.append(f"### {DATABASES[contest.dialect]}, {contest.count:,} migrations\n")
        parts.append(_contest_table(contest))
    if version_sample:
        parts.append(f"`martlet version`: {version_sample.milliseconds:.1f} ms, {version_sample.megabytes:.1f} MB.\n")
    parts.append(targets(found_goals, Path(__file__).parent))
    return "\n".join(parts)


def _contest_table(contest) -> str:
    dbmate = next((label for label, _ in contest.samples if label.startswith("dbmate")), "")
    header = ["", "apply ms", "of limit", "nothing to do ms", "of limit", "of dbmate", "status ms", "of limit",
              "of dbmate", "peak MB: apply", "nothing", "status"]
    rows = []
    for label in dict.fromkeys(label for label, _ in contest.samples):
        rows.append((_rank(contest, label), [label, *_time(contest, label, "apply", [LIMIT]),
                     *_time(contest, label, "nothing", [LIMIT, dbmate]), *_time(contest, label, "status", [LIMIT, dbmate]),
                     *[_memory(contest, label, job) for job in ("apply", "nothing", "status")]]))
    return table(header, [row for _, row in sorted(rows, key=lambda pair: pair[0])])


def _rank(contest, label: str) -> int:
    return next(number for number, peer in enumerate(contest.peers) if peer.label == label)


def _time(contest, label: str, job: str, others: list) -> list:
    own = contest.median(label, job)
    if own is None:
        return [""] * (1 + len(others))
    cells = [f"{own.milliseconds:,.0f}" if own.milliseconds >= 100 else f"{own.milliseconds:.1f}"]
    for other in others:
        reference = contest.median(other, job)
        cells.append(f"{own.milliseconds / reference.milliseconds:.2f}×" if reference else "")
    return cells


def _memory(contest, label: str, job: str) -> str:
    own = contest.median(label, job)
    return f"{own.megabytes:.1f}" if own else ""
