"""./dev bench backup: taking, proving and restoring backups, beside pg_dump and pg_restore; what watching costs."""
import argparse
import datetime
import shutil
import signal
import statistics
import sys
import tempfile
from pathlib import Path

BENCH = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(BENCH))

from backup import contestants as c
from backup import monitor
from support.cluster import Cluster
from support.goals import Goal, targets
from support.machine import describe_machine
from support.measurement import Measure
from support.results import table, write_section

MEBIBYTE = 1024 * 1024


def parse_arguments():
    parser = argparse.ArgumentParser(prog="./dev bench backup", description=__doc__)
    parser.add_argument("--rows", type=int, default=5_000_000, help="of the table (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=3, help="everyone takes turns so often (default: %(default)s)")
    parser.add_argument("--build", default="default", help="the build of martlet that is measured (default: %(default)s)")
    parser.add_argument("--output", type=Path, default=BENCH / "RESULTS.md", help="(default: bench/RESULTS.md)")
    return parser.parse_args()


def take_turns(place: c.Place, contestants: list, rounds: int):
    for number in range(rounds):
        turn = number % len(contestants)
        for each in contestants[turn:] + contestants[:turn]:
            each.run(place)
            print(f"{each.label:40} {each.seconds[-1]:8.1f} s {each.megabytes[-1]:7.1f} MB", file=sys.stderr)


def median(contestant: c.Contestant) -> float:
    return statistics.median(contestant.seconds)


def rendered(contestants: list) -> str:
    limit = median(contestants[0])
    return table(["", "s", f"of {contestants[0].label}", "peak MB", "file MB"],
                 [[each.label, f"{median(each):.1f}", f"{median(each) / limit:.2f}×", f"{max(each.megabytes):.0f}",
                   f"{each.written / MEBIBYTE:.0f}" if each.written else ""] for each in contestants])


def goals(taken: list, proved: list, restored: list) -> list:
    by = {each.label: each for each in [*taken, *proved, *restored]}
    piped, custom = median(by[c.PIPED]), median(by[c.FORMAT_CUSTOM])
    own = [each for each in [*taken, *restored] if "martlet" in each.label] + proved
    return [
        Goal("backup with content sums, of pg_dump \\| zstd -1", median(by[c.OWN]) / piped, "≤", 2.0, "×"),
        Goal("backup without them, of pg_dump \\| zstd -1", median(by[c.OWN_WITHOUT]) / piped, "≤", 1.1, "×"),
        Goal("backup without them, pg_dump -Fc takes longer by", custom / median(by[c.OWN_WITHOUT]), "≥", 3.0, "×"),
        Goal("peak memory of all of martlet's", max(max(each.megabytes) for each in own), "≤", 64, " MB"),
    ]


def measure_all(place: c.Place, arguments) -> tuple:
    place.make_source(arguments.rows)
    megabytes = int(place.cluster.query(c.SOURCE, f"SELECT pg_database_size('{c.SOURCE}')")) / MEBIBYTE
    taken, proved, restored = c.backups(), c.proofs(), c.restores()
    take_turns(place, taken, arguments.rounds)
    if not place.backups():
        taken[-1].run(place)
    take_turns(place, proved, 1)
    take_turns(place, restored, arguments.rounds)
    text = (f"### Taking one of a table of {arguments.rows:,} rows ({megabytes:.0f} MB with its indexes)\n\n{rendered(taken)}\n"
            f"### Proving it (`martlet backups verify`)\n\n{rendered(proved)}\n### Restoring it\n\n{rendered(restored)}\n"
            "martlet restore goes into a new database, compares every sum unless told otherwise, and then swaps names.\n")
    monitored, cost = monitor.run(place, max(arguments.rounds, 3))
    return f"{text}\n{monitored}", [*goals(taken, proved, restored), *cost]


def main():
    arguments = parse_arguments()
    # Ending by a signal must also stop the server and remove the files.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    build = BENCH.parent / "build" / arguments.build
    folder = Path(tempfile.mkdtemp(prefix="martlet-bench-files-", dir="/var/tmp"))
    try:
        with Cluster() as cluster:
            version = cluster.query("postgres", "SHOW server_version")
            measure = Measure(build / "bench" / "bench_measure", folder / "output.log")
            text, found = measure_all(c.Place(cluster, measure, build / "martlet", folder), arguments)
    finally:
        shutil.rmtree(folder)
    setting = [
        f"command: `./dev bench backup {' '.join(sys.argv[1:])}".rstrip() + "`",
        f"{datetime.date.today()}, {describe_machine()}",
        f"PostgreSQL {version}: durable defaults (fsync on)",
        f"median of {arguments.rounds} runs (proofs: one); everyone takes turns",
    ]
    head = "## backup: taking, proving, restoring\n\n" + "".join(f"- {line}\n" for line in setting)
    write_section(arguments.output, "backup", "\n".join([head, text, targets(found, BENCH / "backup")]))
    print(f"wrote {arguments.output}: {sum(goal.met for goal in found)} of {len(found)} targets met", file=sys.stderr)


if __name__ == "__main__":
    main()
