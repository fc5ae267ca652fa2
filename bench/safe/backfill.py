"""Filling a new column of every row: one UPDATE (the limit), martlet's batches, and the loops that people write."""
import json
import re
import statistics

from safe.place import Place
from support.goals import Goal
from support.results import table

COLUMN = "ALTER TABLE orders ADD COLUMN cents bigint"
FILL = "UPDATE orders SET cents = total * 100::bigint WHERE cents IS NULL"
LIMIT, ONE, TWO = "one UPDATE", "martlet, one worker", "martlet, two workers"
IN_SERVER = "batches inside the server"
BATCH = 10_000

# What batches can reach at all: no client, no journal, no look at what comes next; only a commit every 5,000 rows.
SERVER_LOOP = """
SET synchronous_commit = off;
SET enable_seqscan = off;
SET enable_bitmapscan = off;
DO $$
BEGIN
  FOR before_first IN 0..{rows} - 1 BY 5000 LOOP
    UPDATE orders SET cents = total * 100::bigint WHERE id > before_first AND id <= before_first + 5000 AND cents IS NULL;
    COMMIT;
  END LOOP;
END $$;
"""

# A template that a requirement document gives, without its pause.
DO_LOOP = """
DO $$
DECLARE
  processed INTEGER := 0;
BEGIN
  LOOP
    UPDATE orders SET cents = total * 100::bigint WHERE cents IS NULL
      AND id IN (SELECT id FROM orders WHERE cents IS NULL LIMIT 1000);
    GET DIAGNOSTICS processed = ROW_COUNT;
    EXIT WHEN processed < 1000;
  END LOOP;
END $$;
"""


def offset_loop(rows: int) -> str:
    """As another document reads the rows: a page after the other, each found by counting from the first."""
    return "".join(f"UPDATE orders SET cents = total * 100::bigint WHERE id IN (SELECT id FROM orders ORDER BY id"
                   f" LIMIT {BATCH} OFFSET {offset});\n" for offset in range(0, rows, BATCH))


class Contestant:
    def __init__(self, label: str, work, rows: int):
        self.label, self.work, self.rows = label, work, rows
        self.seconds, self.megabytes, self.longest = [], [], []


def batched(workers: int):
    def work(place: Place, database: str):
        sample = place.up(database, f"-- martlet:batch\n{FILL};\n", MARTLET_BATCH_WORKERS=str(workers))
        notices = " ".join(json.loads(place.measure.output()).get("notices", []))
        return sample, float(re.search(r"longest (\d+) ms", notices).group(1))
    return work


def scripted(script: str):
    return lambda place, database: (place.psql(database, script), None)


def run(place: Place, arguments):
    rows, slow = arguments.rows, min(arguments.rows, arguments.slow_rows)
    contestants = [
        Contestant(LIMIT, scripted(FILL + ";\n"), rows),
        Contestant(IN_SERVER, scripted(SERVER_LOOP.format(rows=rows)), rows),
        Contestant(ONE, batched(1), rows),
        Contestant(TWO, batched(2), rows),
        Contestant("OFFSET/LIMIT loop", scripted(offset_loop(slow)), slow),
        Contestant("DO loop", scripted(DO_LOOP), slow),
    ]
    for count in {rows, slow}:
        place.make_template(f"orders_{count}", count)
    for round_number in range(arguments.rounds):
        turn = round_number % len(contestants)
        for contestant in contestants[turn:] + contestants[:turn]:
            measure(place, contestant)
    return render(contestants, rows), goals(contestants)


def measure(place: Place, contestant: Contestant):
    database = place.fresh(f"orders_{contestant.rows}")
    place.cluster.query(database, COLUMN)
    sample, longest = contestant.work(place, database)
    wrong = place.cluster.query(database, "SELECT count(*) FROM orders WHERE cents IS DISTINCT FROM total * 100::bigint")
    if wrong != "0":
        raise SystemExit(f"bench: {contestant.label} left {wrong} rows wrong")
    contestant.seconds.append(sample.milliseconds / 1000)
    contestant.megabytes.append(sample.megabytes)
    contestant.longest.append(longest if longest is not None else sample.milliseconds)


def rate(contestant: Contestant) -> float:
    return contestant.rows / statistics.median(contestant.seconds)


def render(contestants: list, rows: int) -> str:
    limit = rate(contestants[0])
    lines = [[each.label, f"{each.rows:,}", f"{rate(each):,.0f}", f"{rate(each) / limit:.2f}×",
              f"{statistics.median(each.longest):,.0f}" if each.label in (LIMIT, ONE, TWO, "DO loop") else "",
              f"{max(each.megabytes):.1f}"] for each in contestants]
    return (f"### Backfill: a new column of every row of a table of {rows:,} (bigint key, 6 columns, 2 indexes)\n\n"
            + table(["", "rows", "rows/s", "of one UPDATE", "longest transaction, ms", "peak MB"], lines)
            + "\nInside the server: a DO block that updates 5,000 rows and commits, over and over; what batches can reach.\n"
            + "The two loops get slower with every row, so they are measured on fewer.\n")


def goals(contestants: list) -> list:
    by_label = {each.label: each for each in contestants}
    limit = rate(by_label[LIMIT])
    longest = max(max(by_label[label].longest) for label in (ONE, TWO))
    memory = max(max(by_label[label].megabytes) for label in (ONE, TWO))
    return [
        Goal("backfill with one worker, of one UPDATE's rows/s", rate(by_label[ONE]) / limit, "≥", 0.9, "×"),
        Goal("backfill with two workers, of one UPDATE's rows/s", rate(by_label[TWO]) / limit, "≥", 1.4, "×"),
        Goal("backfill: longest batch", longest, "≤", 100, " ms"),
        Goal("backfill: peak memory", memory, "≤", 32, " MB"),
    ]
