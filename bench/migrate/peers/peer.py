"""What the benchmark asks of a contestant."""
from pathlib import Path

from migrate.target import Target
from support.measurement import Command

JOBS = ("apply", "nothing", "status")


class Peer:
    """A way of migrating: a program with its options. Several peers may share one folder of files."""

    label = ""         # the row's name in the table
    layout = ""        # name of the folder that write() fills; peers with equal layouts share it
    jobs = JOBS        # what it is measured on
    dialects = ("postgres", "sqlite")
    apply_rounds = None      # how often it is applied, where that takes too long for the usual number
    largest = None           # how many migrations at most, where more take too long

    def write(self, folder: Path, migrations: list, dialect: str):
        """Writes the project's files."""
        raise NotImplementedError

    def command(self, job: str, folder: Path, target: Target) -> Command:
        """How `job` is done on `target` with the files in `folder`."""
        raise NotImplementedError
