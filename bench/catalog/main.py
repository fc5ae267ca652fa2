"""./dev bench catalog: reading a database's whole catalog, against pg_dump -s and against plain queries."""
import argparse
import datetime
import random
import shutil
import signal
import sys
import tempfile
from pathlib import Path

BENCH = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(BENCH))

from catalog.report import render
from catalog.workload import make_schema
from support.cluster import BINARIES, Cluster
from support.machine import describe_machine
from support.measurement import Command, Measure
from support.results import write_section

# pg_dump locks every table, and so many locks a default server does not have.
SETTINGS = "max_locks_per_transaction = 512"


def parse_arguments():
    parser = argparse.ArgumentParser(prog="./dev bench catalog", description=__doc__)
    parser.add_argument("--sizes", default="2000,10000", help="numbers of tables (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=9, help="each program runs so often (default: %(default)s)")
    parser.add_argument("--output", type=Path, default=BENCH / "RESULTS.md", help="(default: bench/RESULTS.md)")
    return parser.parse_args()


def commands(build: Path, cluster: Cluster, database: str, folder: Path) -> dict:
    return {
        "limit": Command([build / "bench_limit_catalog",
                          f"host={cluster.folder} user=postgres dbname={database}"], folder),
        "martlet": Command([build / "bench_read_catalog",
                            f"postgres://postgres@/{database}?host={cluster.folder}"], folder),
        "pg_dump": Command([BINARIES / "pg_dump", "-s", "-h", cluster.folder, "-U", "postgres", database], folder),
    }


def run_contest(measure: Measure, programs: dict, rounds: int, tables: int) -> dict:
    """Samples by program. Everyone takes turns in an order that changes each round; the first round warms up."""
    samples = {label: [] for label in programs}
    for turn in range(rounds + 1):
        for label in random.sample(sorted(programs), len(programs)):
            sample = measure.run(programs[label])
            if turn > 0:
                samples[label].append(sample)
                print(f"{tables:6} {sample.milliseconds:10.1f} ms {sample.megabytes:6.1f} MB  {label}", file=sys.stderr,
                      flush=True)
    return samples


def make_database(cluster: Cluster, database: str, tables: int):
    cluster.create_database(database)
    for statement in make_schema(tables):
        cluster.query(database, statement)
    found = int(cluster.query(database, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"))
    if found != tables:
        raise SystemExit(f"bench: made {found} tables, not {tables}")
    cluster.query(database, "VACUUM ANALYZE")


def main():
    arguments = parse_arguments()
    # Ending by a signal must also stop the server and remove the files.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    build = BENCH.parent / "build" / "default" / "bench"
    folder = Path(tempfile.mkdtemp(prefix="martlet-bench-files-", dir="/var/tmp"))
    measure = Measure(build / "bench_measure", folder / "output.log")
    contests = {}
    try:
        with Cluster(SETTINGS) as cluster:
            version = cluster.query("postgres", "SHOW server_version")
            for tables in map(int, arguments.sizes.split(",")):
                database = f"tables_{tables}"
                make_database(cluster, database, tables)
                contests[tables] = run_contest(measure, commands(build, cluster, database, folder), arguments.rounds, tables)
    finally:
        shutil.rmtree(folder)
    setting = [
        f"command: `./dev bench catalog {' '.join(sys.argv[1:])}".rstrip() + "`",
        f"{datetime.date.today()}, {describe_machine()}, PostgreSQL {version}, {SETTINGS}",
        "a table: five columns, a key and an index; a foreign key on every third, a CHECK on every fourth, a view on every"
        " twentieth, a trigger on every fiftieth",
        f"whole programs, start to end, on a server of their own; median of {arguments.rounds} runs, taking turns in an"
        " order that changes each round",
        "limit: the plain columns any reader needs, nine COPY queries in one transaction, thrown away as they come",
    ]
    write_section(arguments.output, "catalog", render(contests, setting))
    print(f"wrote {arguments.output}", file=sys.stderr)


if __name__ == "__main__":
    main()
