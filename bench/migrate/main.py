"""./dev bench migrate: applying migrations, finding nothing to do, showing the state; against other tools and the limit."""
import argparse
import datetime
import shutil
import signal
import sqlite3
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

BENCH = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(BENCH))

from migrate.contest import Contest
from migrate.contestants import contestants
from migrate.goals import goals
from migrate.report import render
from migrate.target import PostgresTarget, SqliteTarget
from support.cluster import Cluster
from support.machine import describe_machine
from support.measurement import Command, Measure, median
from support.results import write_section

VERSION_ROUNDS = 21


def parse_arguments():
    parser = argparse.ArgumentParser(prog="./dev bench migrate", description=__doc__)
    parser.add_argument("--sizes", default="1000,10000", help="numbers of migrations (default: %(default)s)")
    parser.add_argument("--databases", default="postgres,sqlite", help="which ones (default: %(default)s)")
    parser.add_argument("--apply-rounds", type=int, default=2,
                        help="applied so often at up to 1,000; once above that (default: %(default)s)")
    parser.add_argument("--quick-rounds", type=int, default=9,
                        help="the other jobs are done so often (default: %(default)s)")
    parser.add_argument("--without", default="", help="leave out: limit, psql, dbmate, alembic, sqitch, martlet")
    parser.add_argument("--output", type=Path, default=BENCH / "RESULTS.md", help="(default: bench/RESULTS.md)")
    return parser.parse_args()


def run_contests(arguments, measure: Measure, peers: list, folder: Path, server_versions: dict) -> list:
    contests = []
    with ExitStack() as stack:
        for dialect in arguments.databases.split(","):
            if dialect == "postgres":
                cluster = stack.enter_context(Cluster())
                server_versions["PostgreSQL"] = cluster.query("postgres", "SHOW server_version")
                make_target = lambda name: PostgresTarget(name, cluster)
            else:
                server_versions["SQLite"] = sqlite3.sqlite_version
                make_target = lambda name: SqliteTarget(name, folder)
            for count in map(int, arguments.sizes.split(",")):
                rounds = arguments.apply_rounds if count <= 1000 else 1
                contest = Contest(dialect, count, peers, rounds, arguments.quick_rounds)
                contest.run(measure, folder / f"{dialect}-{count}", make_target)
                contests.append(contest)
    return contests


def measure_version(measure: Measure, program: Path):
    samples = [measure.run(Command([program, "version"], program.parent)) for _ in range(VERSION_ROUNDS)]
    return median(samples)


def main():
    arguments = parse_arguments()
    # Ending by a signal must also stop the server and remove the files.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    build = BENCH.parent / "build" / "default"
    skipped = arguments.without.split(",")
    peers = contestants(build, skipped)
    folder = Path(tempfile.mkdtemp(prefix="martlet-bench-files-", dir="/var/tmp"))
    measure = Measure(build / "bench" / "bench_measure", folder / "output.log")
    versions = {}
    try:
        version_sample = None if "martlet" in skipped else measure_version(measure, build / "martlet")
        contests = run_contests(arguments, measure, peers, folder, versions)
    finally:
        shutil.rmtree(folder)
    setting = [
        f"command: `./dev bench migrate {' '.join(sys.argv[1:])}".rstrip() + "`",
        f"{datetime.date.today()}, {describe_machine()}",
        ", ".join(f"{name} {version}" for name, version in versions.items())
        + ": durable defaults (fsync on; SQLite with its rollback journal and synchronous = FULL)",
        "a migration: CREATE TABLE with 5 columns, CREATE INDEX, and COMMENT on PostgreSQL, each with its down part",
        f"median of {arguments.quick_rounds} runs; apply: of {arguments.apply_rounds}, on a fresh database each"
        " (psql, alembic, sqitch, all in one transaction, and 10,000: once); everyone takes turns in an order that changes each"
        " round",
        "10,000: only those who are done with it in a minute or two",
    ]
    found = goals(contests, version_sample)
    write_section(arguments.output, "migrate", render(contests, version_sample, found, setting))
    print(f"wrote {arguments.output}: {sum(goal.met for goal in found)} of {len(found)} targets met", file=sys.stderr)


if __name__ == "__main__":
    main()
