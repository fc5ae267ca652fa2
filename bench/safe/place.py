"""Where the contestants work: a server, a table that each gets a fresh copy of, and programs whose cost is measured."""
from dataclasses import dataclass
from pathlib import Path

from support.cluster import BINARIES, Cluster
from support.measurement import Command, Measure, Sample
from support.orders import TABLE


@dataclass
class Place:
    cluster: Cluster
    measure: Measure
    martlet: Path
    folder: Path

    def make_template(self, name: str, rows: int):
        """A database with the table, as it is long after it was filled; made once, for whoever asks."""
        if self.cluster.query("postgres", f"SELECT 1 FROM pg_database WHERE datname = '{name}'"):
            return
        self.cluster.create_database(name)
        for statement in TABLE.format(rows=rows).split(";")[:-1]:
            self.cluster.query(name, statement)
        self.cluster.query(name, "VACUUM (ANALYZE, FREEZE) orders")

    def fresh(self, template: str) -> str:
        """A copy of it, called `work`."""
        self.cluster.drop_database("work")
        self.cluster.query("postgres", f"CREATE DATABASE work TEMPLATE {template}")
        self.cluster.query("postgres", "CHECKPOINT")
        return "work"

    def url(self, database: str) -> str:
        return f"postgres://postgres@/{database}?host={self.cluster.folder}"

    def psql(self, database: str, script: str) -> Sample:
        """Runs a script, statement by statement."""
        file = self.folder / "script.sql"
        file.write_text(script, encoding="utf-8")
        return self.measure.run(Command([BINARIES / "psql", "-Xq", "-v", "ON_ERROR_STOP=1", "-h", self.cluster.folder,
                                         "-U", "postgres", "-d", database, "-f", file], self.folder))

    def up(self, database: str, migration: str, **environment) -> Sample:
        """Runs one migration; what martlet said as JSON is `measure.output()`."""
        project = self.folder / "project" / "migrations"
        project.mkdir(parents=True, exist_ok=True)
        (project / "V001__change.sql").write_text(migration, encoding="utf-8")
        return self.measure.run(Command([self.martlet, "up", "--json", "--yes", "--url", self.url(database)],
                                        project.parent, environment))
