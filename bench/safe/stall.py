"""How long an application waits at most while a statement runs, the obvious way in psql and martlet's."""
import multiprocessing
import statistics
import time
from dataclasses import dataclass, field

import psycopg2

from safe.place import Place
from support.goals import Goal
from support.results import table

# The table of safe/place.py, and what the statements need beside it.
BUYERS = "CREATE TABLE buyers (id int PRIMARY KEY); INSERT INTO buyers SELECT g FROM generate_series(0, 100000) g; ANALYZE"
PREPARE = "ALTER TABLE orders ALTER COLUMN note DROP NOT NULL"

STATEMENTS = {
    "SET NOT NULL": "ALTER TABLE orders ALTER COLUMN note SET NOT NULL;",
    "ADD FOREIGN KEY": "ALTER TABLE orders ADD CONSTRAINT orders_buyer FOREIGN KEY (customer) REFERENCES buyers (id);",
    "CREATE INDEX": "CREATE INDEX orders_state ON orders (state, total);",
    "ADD UNIQUE": "ALTER TABLE orders ADD CONSTRAINT orders_unique UNIQUE (id, customer);",
}
LOCK_WAIT_MS = 100  # martlet's default
WRITE = "UPDATE orders SET total = total + 1 WHERE id = %s"
READ = "SELECT total FROM orders WHERE id = %s"


def client(url: str, statement: str, rows: int, seed: int, started, stop, longest):
    """One session of the application: a statement by key, again and again; notes how long the slowest took."""
    connection = psycopg2.connect(url)
    connection.autocommit = True
    cursor = connection.cursor()
    key = seed
    cursor.execute(statement, (key,))
    started.release()
    while not stop.is_set():
        key = (key * 48271) % 2147483647
        begin = time.perf_counter()
        cursor.execute(statement, (1 + key % rows,))
        longest.value = max(longest.value, (time.perf_counter() - begin) * 1000)
        time.sleep(0.002)


class Application:
    """`with Application(url, rows) as application:` two writers and two readers; `longest_ms()` afterwards."""

    def __init__(self, url: str, rows: int):
        self._stop = multiprocessing.Event()
        self._started = multiprocessing.Semaphore(0)
        self._longest = [multiprocessing.Value("d", 0.0) for _ in range(4)]
        self._clients = [multiprocessing.Process(target=client, args=(url, (WRITE, READ)[i % 2], rows, i + 7, self._started,
                                                                      self._stop, self._longest[i])) for i in range(4)]

    def __enter__(self):
        for each in self._clients:
            each.start()
        for _ in self._clients:
            self._started.acquire()
        return self

    def __exit__(self, *_):
        self._stop.set()
        for each in self._clients:
            each.join()

    def longest_ms(self) -> float:
        return max(each.value for each in self._longest)


@dataclass
class Reader:
    """A report that has read the table and keeps its transaction open for so long."""
    url: str
    seconds: float
    process: multiprocessing.Process = field(init=False, default=None)

    def _hold(self, ready):
        connection = psycopg2.connect(self.url)
        cursor = connection.cursor()
        cursor.execute("SELECT count(*) FROM orders WHERE id < 1000")
        ready.set()
        time.sleep(self.seconds)
        connection.rollback()

    def __enter__(self):
        if self.seconds > 0:
            ready = multiprocessing.Event()
            self.process = multiprocessing.Process(target=self._hold, args=(ready,))
            self.process.start()
            ready.wait()
        return self

    def __exit__(self, *_):
        if self.process:
            self.process.join()


def stall(place: Place, statement: str, by_martlet: bool, rows: int, reader_seconds: float) -> float:
    database = place.fresh(f"orders_{rows}")
    place.cluster.query(database, BUYERS)
    place.cluster.query(database, PREPARE)
    url = f"host={place.cluster.folder} dbname={database} user=postgres"
    with Reader(url, reader_seconds), Application(url, rows) as application:
        if by_martlet:
            place.up(database, statement + "\n")
        else:
            place.psql(database, statement + "\n")
    return application.longest_ms()


def run(place: Place, arguments):
    rows = arguments.rows
    place.make_template(f"orders_{rows}", rows)
    lines, goals = [], []
    for name, statement in STATEMENTS.items():
        naive, safe = [], []
        for _ in range(arguments.rounds):
            naive.append(stall(place, statement, False, rows, 0))
            safe.append(stall(place, statement, True, rows, 0))
        lines.append([name, "", f"{statistics.median(naive):,.0f}", f"{statistics.median(safe):,.0f}"])
        goals.append(goal(name, statistics.median(safe)))
    name = "SET NOT NULL"
    seconds = arguments.reader_seconds
    naive = stall(place, STATEMENTS[name], False, rows, seconds)
    safe = stall(place, STATEMENTS[name], True, rows, seconds)
    lines.append([name, f"{seconds:g} s", f"{naive:,.0f}", f"{safe:,.0f}"])
    goals.append(goal(f"{name} behind a reader of {seconds:g} s", safe))
    text = (f"### Longest wait of an application (2 writers, 2 readers by key) on a table of {rows:,}, ms\n\n"
            + table(["statement", "a reader is in the way for", "in psql", "martlet"], lines))
    return text, goals


def goal(name: str, measured: float) -> Goal:
    return Goal(f"{name}: longest wait of the application", measured, "≤", LOCK_WAIT_MS + 50, " ms")
