"""./dev bench safe: changing a table that an application uses, the obvious way and martlet's."""
import argparse
import datetime
import shutil
import signal
import sys
import tempfile
from pathlib import Path

BENCH = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(BENCH))

from safe import backfill, planning, stall
from safe.place import Place
from support.cluster import Cluster
from support.goals import targets
from support.machine import describe_machine
from support.measurement import Measure
from support.results import write_section

# Each section: `run(place, arguments)` gives (markdown, goals).
SECTIONS = {"backfill": backfill, "stall": stall, "planning": planning}


def parse_arguments():
    parser = argparse.ArgumentParser(prog="./dev bench safe", description=__doc__)
    parser.add_argument("--sections", default=",".join(SECTIONS), help="(default: %(default)s)")
    parser.add_argument("--rows", type=int, default=5_000_000, help="of the table (default: %(default)s)")
    parser.add_argument("--slow-rows", type=int, default=300_000,
                        help="for the algorithms whose time grows with the square of the rows (default: %(default)s)")
    parser.add_argument("--reader-seconds", type=float, default=60,
                        help="how long a reader is in the way of one of the statements (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=3, help="everyone takes turns so often (default: %(default)s)")
    parser.add_argument("--build", default="default", help="the build of martlet that is measured (default: %(default)s)")
    parser.add_argument("--output", type=Path, default=BENCH / "RESULTS.md", help="(default: bench/RESULTS.md)")
    return parser.parse_args()


def main():
    arguments = parse_arguments()
    # Ending by a signal must also stop the server and remove the files.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    build = BENCH.parent / "build" / arguments.build
    folder = Path(tempfile.mkdtemp(prefix="martlet-bench-files-", dir="/var/tmp"))
    texts, goals = [], []
    try:
        with Cluster() as cluster:
            version = cluster.query("postgres", "SHOW server_version")
            measure = Measure(build / "bench" / "bench_measure", folder / "output.log")
            place = Place(cluster, measure, build / "martlet", folder)
            for name in arguments.sections.split(","):
                text, found = SECTIONS[name].run(place, arguments)
                texts.append(text)
                goals += found
    finally:
        shutil.rmtree(folder)
    setting = [
        f"command: `./dev bench safe {' '.join(sys.argv[1:])}".rstrip() + "`",
        f"{datetime.date.today()}, {describe_machine()}",
        f"PostgreSQL {version}: durable defaults (fsync on)",
        f"median of {arguments.rounds} runs; everyone takes turns",
    ]
    head = "## safe: changing a table in use\n\n" + "".join(f"- {line}\n" for line in setting)
    write_section(arguments.output, "safe", "\n".join([head, *texts, targets(goals, BENCH / "safe")]))
    print(f"wrote {arguments.output}: {sum(goal.met for goal in goals)} of {len(goals)} targets met", file=sys.stderr)


if __name__ == "__main__":
    main()
