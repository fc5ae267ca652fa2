"""Programs that back a database up, prove a backup, or restore one."""
from dataclasses import dataclass, field
from pathlib import Path
from typing import Callable

from support.cluster import BINARIES, Cluster
from support.measurement import Command, Measure
from support.orders import TABLE

SOURCE, RESTORED = "source", "restored"


@dataclass
class Place:
    cluster: Cluster
    measure: Measure
    martlet: Path
    folder: Path  # of the files that are written

    def make_source(self, rows: int):
        self.cluster.create_database(SOURCE)
        for statement in TABLE.format(rows=rows).split(";")[:-1]:
            self.cluster.query(SOURCE, statement)
        self.cluster.query(SOURCE, "VACUUM (ANALYZE, FREEZE) orders")

    def server(self, program: str, *arguments) -> list:
        return [BINARIES / program, "-h", self.cluster.folder, "-U", "postgres", *arguments]

    def own(self, database: str, *arguments) -> list:
        url = f"postgres://postgres@/{database}?host={self.cluster.folder}"
        return [self.martlet, *arguments, "--yes", "--url", url]

    def backups(self) -> list:
        return sorted((self.folder / "backups").glob("*.mbk"))


@dataclass
class Contestant:
    label: str
    command: Callable  # place → argument list
    before: Callable = lambda place: None
    after: Callable = lambda place: 0  # place → bytes that were written
    seconds: list = field(default_factory=list)
    megabytes: list = field(default_factory=list)
    written: int = 0

    def run(self, place: Place):
        self.before(place)
        sample = place.measure.run(Command(self.command(place), place.folder))
        self.seconds.append(sample.milliseconds / 1000)
        self.megabytes.append(sample.megabytes)
        self.written = self.after(place)


def size(name: str):
    return lambda place: (place.folder / name).stat().st_size


def remove(*names: str):
    def work(place: Place):
        for name in names:
            (place.folder / name).unlink(missing_ok=True)
    return work


def remove_backups(place: Place):
    for each in place.backups():
        each.unlink()


def newest(place: Place) -> int:
    return place.backups()[-1].stat().st_size


def piped(place: Place) -> list:
    dump = " ".join(str(each) for each in place.server("pg_dump", "-d", SOURCE))
    return ["/bin/sh", "-c", f"{dump} | zstd -1 -q -f -o piped.sql.zst"]


def drop_restored(place: Place):
    place.cluster.drop_database(RESTORED)
    place.cluster.create_database(RESTORED)


FORMAT_CUSTOM, PIPED = "pg_dump -Fc", "pg_dump \\| zstd -1"
OWN, OWN_WITHOUT = "**martlet backup**", "**martlet backup** --no-sums"


def backups() -> list:
    return [
        Contestant(PIPED, piped, after=size("piped.sql.zst")),
        Contestant(FORMAT_CUSTOM, lambda place: place.server("pg_dump", "-Fc", "-d", SOURCE, "-f", "custom.dump"),
                   before=remove("custom.dump"), after=size("custom.dump")),
        Contestant(OWN_WITHOUT, lambda place: place.own(SOURCE, "backup", "--no-sums"), before=remove_backups, after=newest),
        Contestant(OWN, lambda place: place.own(SOURCE, "backup"), before=remove_backups, after=newest),
    ]


def proofs() -> list:
    return [Contestant(f"--level {level}", lambda place, level=level: place.own(SOURCE, "backups", "verify", "latest",
                                                                               "--level", level))
            for level in ("structure", "restore", "content")]


PG_RESTORE, OWN_RESTORE, OWN_UNPROVED = "pg_restore -j2", "**martlet restore** -j2", "**martlet restore** -j2 --verify structure"


def restores() -> list:
    return [
        Contestant(PG_RESTORE, lambda place: place.server("pg_restore", "-j2", "-d", RESTORED, "custom.dump"),
                   before=drop_restored),
        Contestant(OWN_UNPROVED, lambda place: place.own(RESTORED, "restore", place.backups()[-1], "-j2", "--verify", "structure"),
                   before=drop_restored, after=drop_kept),
        Contestant(OWN_RESTORE, lambda place: place.own(RESTORED, "restore", place.backups()[-1], "-j2"),
                   before=drop_restored, after=drop_kept),
    ]


def drop_kept(place: Place) -> int:
    """The database that a restore keeps beside the new one."""
    for name in place.cluster.query("postgres", "SELECT datname FROM pg_database WHERE datname LIKE 'restored\\_before%'").split():
        place.cluster.drop_database(name)
    return 0
