"""How long a plan takes: many pending migrations against a database of many tables."""
import statistics

from safe.place import Place
from support.goals import Goal
from support.measurement import Command
from support.results import table

TABLES, MIGRATIONS = 2_000, 1_000
ROWS_OF_A_LARGE_TABLE = 5_000_000
SECONDS = 1.5

MAKE = """
DO $$ BEGIN
  FOR i IN 1..{tables} LOOP
    EXECUTE format('CREATE TABLE t%s (id bigint PRIMARY KEY, owner int, total int, state text, note text, made timestamptz)', i);
    EXECUTE format('CREATE INDEX t%s_owner ON t%s (owner)', i, i);
    EXECUTE format('CREATE INDEX t%s_made ON t%s (made)', i, i);
  END LOOP;
END $$;
"""
# As ANALYZE would have found them: every second table is too large for its statements to run directly.
SIZES = """
UPDATE pg_class SET reltuples = CASE WHEN oid::bigint % 2 = 0 THEN {rows} ELSE 1000 END,
                    relpages = CASE WHEN oid::bigint % 2 = 0 THEN {rows} / 50 ELSE 20 END
WHERE relkind = 'r' AND relname ~ '^t[0-9]+$'
"""
# What people write; `{n}` is the migration's number.
KINDS = [
    "ALTER TABLE t{n} ADD COLUMN extra text NOT NULL DEFAULT '';",
    "ALTER TABLE t{n} ALTER COLUMN note SET NOT NULL;",
    "CREATE INDEX t{n}_state ON t{n} (state, total);",
    "ALTER TABLE t{n} ADD CONSTRAINT t{n}_total CHECK (total >= 0);",
    "ALTER TABLE t{n} ADD CONSTRAINT t{n}_parent FOREIGN KEY (owner) REFERENCES t1 (id);",
    "CREATE TABLE n{n} (id bigint PRIMARY KEY, t bigint REFERENCES t{n} (id));\nCREATE INDEX n{n}_t ON n{n} (t);",
    "ALTER TABLE t{n} ADD CONSTRAINT t{n}_unique UNIQUE (id, owner);",
    "UPDATE t{n} SET note = '' WHERE note IS NULL;",
]


def write_project(place: Place):
    folder = place.folder / "planned" / "migrations"
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(1, MIGRATIONS + 1):
        text = KINDS[number % len(KINDS)].format(n=number + 1)
        (folder / f"V{number:04}__change.sql").write_text(text + "\n", encoding="utf-8")
    return folder.parent


def run(place: Place, arguments):
    database = "planned"
    place.cluster.create_database(database)
    place.cluster.query(database, MAKE.format(tables=TABLES))
    place.cluster.query(database, SIZES.format(rows=ROWS_OF_A_LARGE_TABLE))
    project = write_project(place)
    command = Command([place.martlet, "plan", "--json", "--url", place.url(database)], project)
    samples = [place.measure.run(command) for _ in range(max(arguments.rounds, 3))]
    seconds = statistics.median(each.milliseconds for each in samples) / 1000
    megabytes = max(each.megabytes for each in samples)
    text = (f"### `martlet plan`: {MIGRATIONS:,} pending migrations against {TABLES:,} tables\n\n"
            + table(["s", "peak MB"], [[f"{seconds:.2f}", f"{megabytes:.0f}"]]))
    return text, [Goal(f"planning {MIGRATIONS:,} migrations against {TABLES:,} tables", seconds, "≤", SECONDS, " s")]
