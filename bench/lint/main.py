"""./dev bench lint: judging many files and one long one; against squawk and against parsing alone."""
import argparse
import datetime
import shutil
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

BENCH = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(BENCH))

from lint.squawk import VERSION, install_squawk
from lint.workload import STATEMENTS_A_FILE, make_statements, write_files
from support.goals import Goal, targets
from support.machine import describe_machine
from support.measurement import Command, Measure, median
from support.results import table, write_section

MARTLET, SQUAWK, PARSER = "martlet lint", f"squawk {VERSION}, native binary", "parse + unpack"


@dataclass
class Job:
    id: str  # "many" files or "one"
    name: str
    folder: Path
    paths: list
    samples: dict = field(default_factory=dict)  # (contestant, cores) → samples

    def median(self, contestant: str, cores: int):
        found = self.samples.get((contestant, cores))
        return median(found) if found else None


def parse_arguments():
    parser = argparse.ArgumentParser(prog="./dev bench lint", description=__doc__)
    parser.add_argument("--statements", type=int, default=20_000, help="(default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=15, help="everyone does every job so often (default: %(default)s)")
    parser.add_argument("--output", type=Path, default=BENCH / "RESULTS.md", help="(default: bench/RESULTS.md)")
    return parser.parse_args()


def on_cores(cores: int, arguments: list) -> list:
    return ["taskset", "-c", "0" if cores == 1 else "0,1", *arguments]


def commands(build: Path, squawk: Path, job: Job) -> dict:
    # Both say everything in one line each: what is compared is judging, not formatting.
    return {
        MARTLET: [build / "martlet", "lint", "--no-database", "--format", "gcc", "--dir", job.folder],
        SQUAWK: [squawk, "--reporter", "gcc", *job.paths],
        PARSER: [build / "bench" / "bench_parse_unpack", *job.paths],
    }


def run_job(job: Job, measure: Measure, build: Path, squawk: Path, rounds: int):
    turns = [(name, cores) for name in (MARTLET, SQUAWK, PARSER) for cores in (1, 2)]
    for number in range(rounds):
        for name, cores in turns[number % len(turns):] + turns[:number % len(turns)]:
            arguments = on_cores(cores, commands(build, squawk, job)[name])
            # 4 and 1: hazards were found.
            sample = measure.run(Command(arguments, job.folder.parent), codes=(0, 1, 4))
            job.samples.setdefault((name, cores), []).append(sample)


def goals(jobs: list) -> list:
    found = []
    for job in jobs:
        for cores in (1, 2):
            own = job.median(MARTLET, cores)
            core_words = "one core" if cores == 1 else "two cores"
            for other, short, bound in ((SQUAWK, "squawk", 0.6), (PARSER, "parser", 1.5)):
                ratio = own.milliseconds / job.median(other, cores).milliseconds
                found.append(Goal(f"{job.name}, {core_words}: time, of {other}", ratio, "≤", bound, "×",
                                  id=f"{job.id}-{cores}-{short}"))
        found.append(Goal(f"{job.name}: peak memory", job.median(MARTLET, 2).megabytes, "≤", 64, " MB",
                          id=f"{job.id}-memory"))
    return found


def job_table(job: Job) -> str:
    rows = []
    for name in (MARTLET, SQUAWK, PARSER):
        for cores in (1, 2):
            own = job.median(name, cores)
            ratios = [f"{own.milliseconds / job.median(other, cores).milliseconds:.2f}×" for other in (SQUAWK, PARSER)]
            rows.append([name, str(cores), f"{own.milliseconds:,.0f}", *ratios, f"{own.megabytes:.0f}"])
    return table(["", "cores", "ms", "of squawk", "of parse + unpack", "peak MB"], rows)


def render(jobs: list, found: list, setting: list) -> str:
    parts = ["## lint: judging migrations without a database\n", "".join(f"- {line}\n" for line in setting)]
    for job in jobs:
        parts += [f"### {job.name}\n", job_table(job)]
    parts.append(targets(found, BENCH / "lint"))
    return "\n".join(parts)


def main():
    arguments = parse_arguments()
    build = BENCH.parent / "build" / "default"
    squawk = install_squawk(BENCH.parent / "build" / "bench-tools")
    folder = Path(tempfile.mkdtemp(prefix="martlet-bench-lint-", dir="/var/tmp"))
    try:
        statements = make_statements(arguments.statements)
        jobs = []
        many = f"{arguments.statements // STATEMENTS_A_FILE:,} files × {STATEMENTS_A_FILE} statements"
        one = f"one file of {arguments.statements:,} statements"
        for job_id, name, a_file in (("many", many, STATEMENTS_A_FILE), ("one", one, len(statements))):
            files = folder / job_id / "migrations"
            jobs.append(Job(job_id, name, files, write_files(files, statements, a_file)))
        measure = Measure(build / "bench" / "bench_measure", folder / "output.log")
        for job in jobs:
            run_job(job, measure, build, squawk, arguments.rounds)
    finally:
        shutil.rmtree(folder)
    setting = [
        f"command: `./dev bench lint {' '.join(sys.argv[1:])}".rstrip() + "`",
        f"{datetime.date.today()}, {describe_machine()}",
        "20 kinds of statements in random order, the same every time; all hazards on; findings printed as gcc does",
        "one core: taskset to one; martlet parses on a second thread, squawk judges several files at once, the parser has one",
        "parse + unpack: libpg_query as it is, without martlet's own way to take its trees (src/sql/unpacked.h)",
        f"median of {arguments.rounds} runs; everyone takes turns in an order that changes each round",
    ]
    found = goals(jobs)
    write_section(arguments.output, "lint", render(jobs, found, setting))
    print(f"wrote {arguments.output}: {sum(goal.met for goal in found)} of {len(found)} targets met", file=sys.stderr)


if __name__ == "__main__":
    main()
