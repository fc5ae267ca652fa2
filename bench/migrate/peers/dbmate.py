"""dbmate, the native binary inside its npm package (the package's own wrapper adds the start of Node)."""
import subprocess
from pathlib import Path

from migrate.peers.peer import Peer
from support.measurement import Command

VERSION = "2.36.0"


def install_dbmate(folder: Path) -> Path:
    """The path of the program, fetched with npm when it is not there yet."""
    found = sorted(folder.glob("node_modules/@dbmate/linux-*/bin/dbmate"))
    if not found:
        folder.mkdir(parents=True, exist_ok=True)
        subprocess.run(["npm", "install", "--silent", "--no-save", "--no-audit", "--no-fund", "--prefix", folder,
                        f"dbmate@{VERSION}"], check=True)
        found = sorted(folder.glob("node_modules/@dbmate/linux-*/bin/dbmate"))
    return found[0]


class Dbmate(Peer):
    label = f"dbmate {VERSION}, native binary"
    layout = "dbmate"

    def __init__(self, program: Path):
        self._program = program

    def write(self, folder, migrations, dialect):
        files = folder / "migrations"
        files.mkdir(parents=True)
        for migration in migrations:
            text = f"-- migrate:up\n{migration.up_sql()}\n-- migrate:down\n{migration.down_sql()}"
            (files / f"{migration.version}_{migration.name}.sql").write_text(text, encoding="utf-8")

    def command(self, job, folder, target):
        url = target.url() if target.dialect == "postgres" else f"sqlite:{target.path}"
        # `migrate` is `up` without the extra connection that creates a missing database: the same work as the others'.
        verb = "status" if job == "status" else "up" if target.dialect == "sqlite" and job == "apply" else "migrate"
        return Command([self._program, "--url", url, "--migrations-dir", folder / "migrations", "--no-dump-schema", verb],
                       folder)
