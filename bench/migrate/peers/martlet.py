"""martlet itself."""
from pathlib import Path

from migrate.peers.peer import Peer
from support.measurement import Command


def write_flyway_files(folder: Path, migrations: list):
    files = folder / "migrations"
    files.mkdir(parents=True)
    for migration in migrations:
        text = f"{migration.up_sql()}\n-- martlet:down\n{migration.down_sql()}"
        (files / f"V{migration.version}__{migration.name}.sql").write_text(text, encoding="utf-8")


class Martlet(Peer):
    layout = "flyway"

    def __init__(self, program: Path, tx: str, label: str, jobs, largest=None):
        self._program = program
        self._tx = tx
        self.label = label
        self.jobs = jobs
        self.largest = largest

    def write(self, folder, migrations, dialect):
        write_flyway_files(folder, migrations)

    def command(self, job, folder, target):
        url = target.url() if target.dialect == "postgres" else f"sqlite:{target.path}"
        verb = "status" if job == "status" else "up"
        options = ["--tx", self._tx] if job == "apply" else []
        return Command([self._program, verb, "--url", url, "--dir", folder / "migrations", *options], folder)
