"""The limit: the programs bench_limit_postgres and bench_limit_sqlite."""
from pathlib import Path

from migrate.peers.martlet import write_flyway_files
from migrate.peers.peer import Peer
from support.measurement import Command


class Limit(Peer):
    layout = "flyway"
    largest = 1000

    def __init__(self, programs: Path, mode: str, label: str, jobs, dialects=Peer.dialects, apply_rounds=None):
        self._programs = programs
        self._mode = mode
        self.label = label
        self.jobs = jobs
        self.dialects = dialects
        self.apply_rounds = apply_rounds

    def write(self, folder, migrations, dialect):
        write_flyway_files(folder, migrations)

    def command(self, job, folder, target):
        if target.dialect == "postgres":
            database = f"host={target.cluster.folder} user=postgres dbname={target.name}"
        else:
            database = target.path
        mode = self._mode if job == "apply" else job
        return Command([self._programs / f"bench_limit_{target.dialect}", mode, folder / "migrations", database], folder)
