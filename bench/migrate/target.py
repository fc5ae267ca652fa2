"""The databases that the contestants migrate."""
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from support.cluster import Cluster


@dataclass
class Target:
    """A database of one contestant. `name` is unique within a run."""
    name: str

    dialect = ""

    def recreate(self):
        """An empty database, whatever was there before."""
        raise NotImplementedError

    def remove(self):
        raise NotImplementedError

    def count_tables(self) -> int:
        """How many of the benchmark's tables are there with their index: the proof that the work was done."""
        raise NotImplementedError


@dataclass
class PostgresTarget(Target):
    cluster: Cluster

    dialect = "postgres"

    def url(self, scheme="postgres") -> str:
        return f"{scheme}://postgres@/{self.name}?host={self.cluster.folder}"

    def recreate(self):
        self.remove()
        self.cluster.create_database(self.name)
        self.cluster.query("postgres", "CHECKPOINT")

    def remove(self):
        self.cluster.drop_database(self.name)

    def count_tables(self) -> int:
        return int(self.cluster.query(self.name, "SELECT count(*) FROM pg_class t JOIN pg_index i ON i.indrelid = t.oid"
                                      r" WHERE t.relname ~ '^item_\d+$' AND NOT i.indisprimary"))


@dataclass
class SqliteTarget(Target):
    folder: Path

    dialect = "sqlite"

    @property
    def path(self) -> Path:
        return self.folder / f"{self.name}.db"

    def recreate(self):
        self.remove()

    def remove(self):
        for path in self.folder.glob(f"{self.name}*"):
            path.unlink()

    def count_tables(self) -> int:
        with sqlite3.connect(self.path) as database:
            return database.execute("SELECT count(*) FROM sqlite_schema t JOIN sqlite_schema i ON i.tbl_name = t.name"
                                    " WHERE t.name GLOB 'item_*' AND i.type = 'index' AND i.sql IS NOT NULL"
                                    " AND t.type = 'table'").fetchone()[0]
