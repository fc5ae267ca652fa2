"""What martlet is to reach, and whether it did."""
from migrate.contestants import LIMIT, MARTLET
from support.goals import Goal


def goals(contests: list, version_sample) -> list:
    found = []
    for contest in contests:
        if contest.count == 1000:
            found += _at_one_thousand(contest)
    found += _growth(contests)
    if version_sample:
        found.append(Goal("`version`, time", version_sample.milliseconds, "≤", 10, " ms", id="version"))
    return found


def _at_one_thousand(contest) -> list:
    found = []

    def ratio(goal_id, text, job, other, bound):
        ours, theirs = contest.median(MARTLET, job), contest.median(other, job)
        if ours and theirs:
            found.append(Goal(f"{contest.dialect}: {text}", ours.milliseconds / theirs.milliseconds, "≤", bound, "×",
                              id=f"{goal_id}-{contest.dialect}"))

    dbmate = next((label for label, _ in contest.samples if label.startswith("dbmate")), "")
    ratio("apply", "apply 1,000, of the limit", "apply", LIMIT, 1.05)
    ratio("nothing", "nothing to do at 1,000, of dbmate", "nothing", dbmate, 0.7)
    ratio("status", "`status` at 1,000, of dbmate", "status", dbmate, 0.7)
    for job, text in (("nothing", "nothing to do"), ("status", "`status`")):
        if ours := contest.median(MARTLET, job):
            found.append(Goal(f"{contest.dialect}: {text} at 1,000, peak memory", ours.megabytes, "≤", 15, " MB",
                              id=f"memory-{job}-{contest.dialect}"))
    return found


def _growth(contests: list) -> list:
    found = []
    for small in contests:
        large = next((c for c in contests if c.dialect == small.dialect and c.count == 10 * small.count), None)
        if large and small.median(MARTLET, "nothing") and large.median(MARTLET, "nothing"):
            growth = large.median(MARTLET, "nothing").milliseconds / small.median(MARTLET, "nothing").milliseconds
            found.append(Goal(f"{small.dialect}: nothing to do at {large.count:,}, of that at {small.count:,}", growth, "≤",
                              8, "×", id=f"growth-{small.dialect}"))
    return found
